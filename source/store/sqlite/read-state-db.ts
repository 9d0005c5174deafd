import type * as z from 'zod';
import type {Row} from '../journal-rows.js';
import type {JournalContent} from '../read-journal.js';
import {databaseDamaged, type StoreFailure} from '../store-failure.js';
import {readContent, readFactRows, type StateContent, type StateSchemas, withStateDb} from './state-db.js';

/** Reads a job's database without its lock: its checkpoint, if it can be used, and the facts after it. */
export const readSavedDb = <E extends Row, State>(
	file: string,
	schemas: StateSchemas<E, State>,
): Promise<StateContent<E, State> | {failure: StoreFailure}> => withStateDb(file, db => readContent(db, file, schemas));

/** Reads all facts of a job's database without its lock. */
export const readStateDb = <E extends Row>(
	file: string,
	schema: z.ZodType<E>,
): Promise<JournalContent<E> | {failure: StoreFailure}> =>
	withStateDb(file, db => {
		const {events, seq, damage} = readFactRows(db, 0, schema);
		if (damage !== undefined) return {failure: databaseDamaged(file, seq + 1, damage)};
		return {events, end: {offset: 0, seq}, whole: true};
	});

/** The facts with the highest numbers, at most so many, as text in their order; none where they cannot be read. */
export async function lastFactTexts(file: string, most: number): Promise<string[]> {
	const read = await withStateDb(file, db => {
		const rows = db.prepare('SELECT fact FROM facts ORDER BY seq DESC LIMIT ?').all(most);
		return {texts: rows.map(({fact}) => String(fact)).reverse()};
	});
	return 'texts' in read ? read.texts : [];
}

/** The text of one fact; undefined where there is none of that number, or it cannot be read. */
export async function factTextAt(file: string, seq: number): Promise<string | undefined> {
	const read = await withStateDb(file, db => ({
		text: db.prepare('SELECT fact FROM facts WHERE seq = ?').get(seq)?.fact,
	}));
	return 'text' in read && typeof read.text === 'string' ? read.text : undefined;
}
