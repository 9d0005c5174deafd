import type * as z from 'zod';
import type {Row} from './journal-rows.js';
import {keptAs} from './kept-as.js';
import {createEndReader} from './read-end.js';
import {type JournalContent, readJournal} from './read-journal.js';
import type {StatePaths} from './state-folder.js';
import type {StoreFailure} from './store-failure.js';

/** Where a job's facts may be. */
export type FactPlaces = Pick<StatePaths, 'journal' | 'stateDb'>;

/** All facts of a job, however it keeps them, without its lock and for display; another program may be writing them. */
export async function readFacts<E extends Row>(
	paths: FactPlaces,
	schema: z.ZodType<E>,
): Promise<JournalContent<E> | {failure: StoreFailure}> {
	if (!(await keptAs(paths)).includes('sqlite')) return readJournal(paths.journal, {schema});
	return (await import('./sqlite/read-state-db.js')).readStateDb(paths.stateDb, schema);
}

/** How much of a journal is read for its last facts, and how many are read of a database. */
const mostBytes = 256 * 1024;
const mostFacts = 1000;

/** The facts at the end; what cannot be read is left out, and shown by who looks after the state. */
export async function readLastFacts<E extends Row>(paths: FactPlaces, schema: z.ZodType<E>): Promise<E[]> {
	const texts = (await keptAs(paths)).includes('sqlite')
		? await (await import('./sqlite/read-state-db.js')).lastFactTexts(paths.stateDb, mostFacts)
		: await lastLines(paths.journal);
	return texts.flatMap(text => {
		try {
			return [schema.parse(JSON.parse(text))];
		} catch {
			return [];
		}
	});
}

async function lastLines(journal: string): Promise<string[]> {
	const decoder = new TextDecoder();
	let text = '';
	await createEndReader(journal, mostBytes).read(bytes => {
		text += decoder.decode(bytes, {stream: true});
	});
	return text.split('\n');
}
