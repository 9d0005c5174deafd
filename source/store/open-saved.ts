import {readdir} from 'node:fs/promises';
import type * as z from 'zod';
import {type Aside, moveAside} from './aside.js';
import {type Change, changeKeeping} from './change-keeping.js';
import {type Checkpoint, openCheckpoint, readCheckpoint} from './checkpoint.js';
import {diskFailure} from './disk-failure.js';
import {writeDurably} from './durable-write.js';
import {type Journal, openJournal} from './journal.js';
import type {Row, Torn} from './journal-rows.js';
import {type KeptAs, keptAs} from './kept-as.js';
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
	checkpoint: Pick<Checkpoint<State>, 'save'>;
	/** To be told: a last fact that a crash cut off, checkpoints that could not be used, another way of keeping the state. */
	torn?: Torn;
	setAside: Aside[];
	change?: Change;
};

/** Whether anything but the lock and empty folders is there: then a missing journal is a loss, not a beginning. */
const hasTraces = async ({root, attempts}: StatePaths): Promise<boolean> => {
	const names = await readdir(root);
	if (names.some(name => /^(checkpoint|journal)\b.*(json|jsonl|bak)$|^state\b.*db$/.test(name))) return true;
	return (await readdir(attempts)).length > 0;
};

/**
 * Opens checkpoint and journal together, for the owner of the lock, kept as the job wants it: state that is kept the other
 * way is carried over first. State is never silently started over.
 */
export const openSaved = async <E extends Row, State>(
	paths: StatePaths,
	schemas: Schemas<E, State>,
	wanted: KeptAs = 'json',
): Promise<OpenedSaved<E, State> | {failure: StoreFailure}> => {
	try {
		const mustExist = await hasTraces(paths);
		const found = await keptAs(paths);
		const change = found.some(one => one !== wanted) ? await changeKeeping(paths, schemas.event, wanted) : undefined;
		if (change && 'failure' in change) return change;
		const opened =
			wanted === 'sqlite' ? await openDatabase(paths, schemas, mustExist) : await openFiles(paths, schemas, mustExist);
		return 'failure' in opened || !change ? opened : {...opened, change};
	} catch (error) {
		return {failure: diskFailure(error, paths.root)};
	}
};

async function openFiles<E extends Row, State>(
	paths: StatePaths,
	schemas: Schemas<E, State>,
	mustExist: boolean,
): Promise<OpenedSaved<E, State> | {failure: StoreFailure}> {
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
}

async function openDatabase<E extends Row, State>(
	{stateDb, checkpoint: file}: StatePaths,
	schemas: Schemas<E, State>,
	mustExist: boolean,
): Promise<OpenedSaved<E, State> | {failure: StoreFailure}> {
	const opened = await (await import('./sqlite/open-state-db.js')).openStateDb(stateDb, schemas, {mustExist});
	if ('failure' in opened) return opened;
	const {journal, checkpoint, events, saved, unusable} = opened;
	const setAside: Aside[] = [];
	if (unusable) {
		await writeDurably(file, unusable.text);
		setAside.push({file: stateDb, keptAs: await moveAside(file), problem: `its checkpoint: ${unusable.problem}`});
	}
	return {...(saved && {state: saved.state}), events, journal, checkpoint, setAside};
}

/** The same for display, without the lock and without changing anything, while another process may be writing. */
export const readSaved = async <E extends Row, State>(
	paths: Pick<StatePaths, 'checkpoint' | 'journal' | 'stateDb'>,
	schemas: Schemas<E, State>,
): Promise<Saved<E, State> | {failure: StoreFailure}> => {
	if ((await keptAs(paths)).includes('sqlite')) {
		const read = await (await import('./sqlite/read-state-db.js')).readSavedDb(paths.stateDb, schemas);
		return 'failure' in read ? read : {...(read.saved && {state: read.saved.state}), events: read.events};
	}
	const saved = await readCheckpoint(paths.checkpoint, schemas.state);
	const read = await readJournal(paths.journal, {schema: schemas.event, from: saved});
	if ('failure' in read) return read;
	return {...(saved && !read.whole && {state: saved.state}), events: read.events};
};
