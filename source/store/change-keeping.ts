import {rename, rm} from 'node:fs/promises';
import {dirname} from 'node:path';
import type * as z from 'zod';
import {moveAside} from './aside.js';
import {previousOf} from './checkpoint.js';
import {syncFolder, writeTemp} from './durable-write.js';
import {journalHeader, type Row} from './journal-rows.js';
import {type KeptAs, keptAs} from './kept-as.js';
import {readJournal} from './read-journal.js';
import type {StatePaths} from './state-folder.js';
import {type StoreFailure, stateTwice} from './store-failure.js';

/** State that was carried over from one way of keeping it to the other, and where the old one lies. */
export type Change = {to: KeptAs; facts: number; keptAs: string};

/**
 * Carries a job's facts over to the way it wants to keep them from now on; needs its lock. The new state appears whole or
 * not at all, and only then is the old one moved aside. Where a crash has left both they tell the same, and this goes on;
 * two that differ are refused.
 */
export async function changeKeeping<E extends Row>(
	paths: StatePaths,
	schema: z.ZodType<E>,
	wanted: KeptAs,
): Promise<Change | {failure: StoreFailure}> {
	const sqlite = await import('./sqlite/carry-over.js');
	const read = (from: KeptAs) =>
		from === 'json' ? readJournal(paths.journal, {schema}) : sqlite.readClosed(paths.stateDb, schema);
	const old: KeptAs = wanted === 'json' ? 'sqlite' : 'json';
	const before = await read(old);
	if ('failure' in before) return before;
	if ((await keptAs(paths)).includes(wanted)) {
		const after = await read(wanted);
		if ('failure' in after) return after;
		const isSame = JSON.stringify(before.events) === JSON.stringify(after.events);
		if (!isSame) return {failure: stateTwice(paths.journal, paths.stateDb)};
	} else if (wanted === 'sqlite') {
		const failure = await sqlite.createWith(paths.stateDb, before.events);
		if (failure) return {failure};
	} else {
		await rename(await writeTemp(paths.journal, journalText(before.events)), paths.journal);
		await syncFolder(dirname(paths.journal));
	}
	// Only a shortcut through a journal that no longer counts.
	for (const file of [paths.checkpoint, previousOf(paths.checkpoint)]) await rm(file, {force: true});
	const moved = await moveAside(old === 'json' ? paths.journal : paths.stateDb, 'before');
	if (old === 'sqlite') for (const file of sqlite.companionsOf(paths.stateDb)) await rm(file, {force: true});
	return {to: wanted, facts: before.events.length, keptAs: moved};
}

const journalText = (events: readonly Row[]) =>
	journalHeader + events.map(event => `${JSON.stringify(event)}\n`).join('');
