import {readdir} from 'node:fs/promises';
import type * as z from 'zod';
import type {Aside} from './aside.js';
import {type Checkpoint, openCheckpoint, readCheckpoint} from './checkpoint.js';
import {diskFailure} from './disk-failure.js';
import {type Journal, openJournal} from './journal.js';
import type {Row, Torn} from './journal-rows.js';
import {readJournal} from './read-journal.js';
import type {StatePaths} from './state-folder.js';
import type {StoreFailure} from './store-failure.js';

/** How one job's facts and folded state look on disk. */
export type Schemas<E extends Row, State> = {event: z.ZodType<E>; state: z.ZodType<State>};

/** What a job knows: fold `events` over `state`, or over nothing when there is no state. */
export type Saved<E extends Row, State> = {state?: State; events: E[]};

/** All that the owner of the lock needs to go on. */
export type OpenedSaved<E extends Row, State> = Saved<E, State> & {
	journal: Journal<E>;
	checkpoint: Checkpoint<State>;
	/** To be told: a last fact that a crash cut off, and checkpoints that could not be used. */
	torn?: Torn;
	setAside: Aside[];
};

/** Whether anything but the lock and empty folders is there: then a missing journal is a loss, not a beginning. */
const hasTraces = async ({root, attempts}: StatePaths): Promise<boolean> => {
	const names = await readdir(root);
	if (names.some(name => /^(checkpoint|journal)\b.*(json|jsonl|bak)$/.test(name))) return true;
	return (await readdir(attempts)).length > 0;
};

/** Opens checkpoint and journal together, for the owner of the lock. State is never silently started over. */
export const openSaved = async <E extends Row, State>(
	paths: StatePaths,
	schemas: Schemas<E, State>,
): Promise<OpenedSaved<E, State> | {failure: StoreFailure}> => {
	try {
		const mustExist = await hasTraces(paths);
		const checkpoint = await openCheckpoint(paths.checkpoint, schemas.state);
		const opened = await openJournal(paths.journal, {schema: schemas.event, from: checkpoint.saved, mustExist});
		if ('failure' in opened) return opened;
		const {journal, events, torn, whole} = opened;
		return {
			...(checkpoint.saved && !whole && {state: checkpoint.saved.state}),
			events,
			journal,
			checkpoint,
			...(torn && {torn}),
			setAside: checkpoint.setAside,
		};
	} catch (error) {
		return {failure: diskFailure(error, paths.root)};
	}
};

/** The same for display, without the lock and without changing anything, while another process may be writing. */
export const readSaved = async <E extends Row, State>(
	{checkpoint, journal}: Pick<StatePaths, 'checkpoint' | 'journal'>,
	schemas: Schemas<E, State>,
): Promise<Saved<E, State> | {failure: StoreFailure}> => {
	const saved = await readCheckpoint(checkpoint, schemas.state);
	const read = await readJournal(journal, {schema: schemas.event, from: saved});
	if ('failure' in read) return read;
	return {...(saved && !read.whole && {state: saved.state}), events: read.events};
};
