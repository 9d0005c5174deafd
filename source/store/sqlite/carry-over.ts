import type * as z from 'zod';
import type {Row} from '../journal-rows.js';
import type {JournalContent} from '../read-journal.js';
import type {StoreFailure} from '../store-failure.js';
import {openDatabase} from './database.js';
import {loadSqlite} from './load.js';
import {readStateDb} from './read-state-db.js';
import {busyMs, createStateDb, stateFailure, unreadableState} from './state-db.js';

export {companionsOf} from './state-db.js';

/** Makes a job's database with these facts in it; tells why it could not. */
export const createWith = (file: string, facts: readonly Row[]): Promise<StoreFailure | undefined> =>
	loadSqlite()
		.then(sqlite => createStateDb(sqlite, file, facts))
		.then(
			() => undefined,
			(error: unknown) => stateFailure(error, file),
		);

/** Reads all facts of a job's database, for the owner of the lock: afterwards all of it is in its one file. */
export async function readClosed<E extends Row>(
	file: string,
	schema: z.ZodType<E>,
): Promise<JournalContent<E> | {failure: StoreFailure}> {
	try {
		const unreadable = await unreadableState(file);
		if (unreadable) return {failure: unreadable};
		openDatabase(await loadSqlite(), file, {busyMs, durable: true}).close();
		return await readStateDb(file, schema);
	} catch (error) {
		return {failure: stateFailure(error, file)};
	}
}
