import {rename, rm} from 'node:fs/promises';
import {dirname} from 'node:path';
import type * as z from 'zod';
import {linkAside} from '../aside.js';
import {errorCode} from '../disk-failure.js';
import {syncFolder} from '../durable-write.js';
import type {Row} from '../journal-rows.js';
import type {Repair} from '../repair-journal.js';
import {journalMissing, type StoreFailure} from '../store-failure.js';
import {loadSqlite} from './load.js';
import {companionsOf, createStateDb, readFactRows, stateFailure, unreadableState, withStateDb} from './state-db.js';

type Kept<E> = {events: E[]; problem: string | undefined};

/** The facts that can be kept, and why no more. */
async function keepable<E extends Row>(file: string, schema: z.ZodType<E>): Promise<Kept<E> | {failure: StoreFailure}> {
	const unreadable = await unreadableState(file);
	if (unreadable?.kind === 'journal-damaged') return {events: [], problem: unreadable.problem};
	if (unreadable) return {failure: unreadable};
	const read = await withStateDb(file, db => readFactRows(db, 0, schema));
	if ('events' in read) return {events: read.events, problem: read.damage};
	return read.failure.kind === 'journal-damaged' ? {events: [], problem: read.failure.problem} : read;
}

/**
 * Makes a damaged database usable: the facts up to the damage stay, and the damaged file is kept whole as
 * `state.damaged-<n>.db`, with its checkpoint, which may know more. Needs the job's lock. After a crash in the middle there
 * is the damaged database, the repaired one, or none, which is refused.
 */
export async function repairStateDb<E extends Row>(
	file: string,
	schema: z.ZodType<E>,
): Promise<Repair | {failure: StoreFailure}> {
	try {
		const found = await keepable(file, schema);
		if ('failure' in found) return found;
		const {events, problem} = found;
		const kept = events.length;
		if (problem === undefined) {
			return {kept, keptAs: [], message: `Nothing to repair: ${file} holds ${kept} facts, all readable.`};
		}
		const fresh = `${file}.repaired`;
		await rm(fresh, {force: true});
		await createStateDb(await loadSqlite(), fresh, events);
		const keptAs = [await linkAside(file)];
		for (const companion of companionsOf(file)) {
			const ending = companion.slice(file.length);
			// Found there by who opens the damaged file to look at it.
			await rename(companion, `${keptAs[0]}${ending}`).catch((error: unknown) => {
				if (errorCode(error) !== 'ENOENT') throw error;
			});
		}
		await rename(fresh, file);
		await syncFolder(dirname(file));
		const keptFacts = kept === 0 ? 'No fact could be kept' : `Facts 1 to ${kept} are kept`;
		const message = `${keptFacts}; dropped: all from fact ${kept + 1} on (${problem}). What was there before is kept as ${keptAs.join(', ')}.`;
		return {kept, keptAs, message};
	} catch (error) {
		return {failure: errorCode(error) === 'ENOENT' ? journalMissing(file) : stateFailure(error, file)};
	}
}
