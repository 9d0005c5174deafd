import {statSync} from 'node:fs';
import {open, rename, rm} from 'node:fs/promises';
import {dirname} from 'node:path';
import type {DatabaseSync} from 'node:sqlite';
import {pathToFileURL} from 'node:url';
import type * as z from 'zod';
import {parseCheckpoint} from '../checkpoint.js';
import {syncFolder} from '../durable-write.js';
import {type Row, readFact} from '../journal-rows.js';
import {makeFolder} from '../make-folder.js';
import type {JournalContent} from '../read-journal.js';
import {databaseDamaged, journalBehind, journalMissing, journalNewer, type StoreFailure} from '../store-failure.js';
import {type Kind, migrate, openDatabase, readDatabaseHeader, transaction, versionOf} from './database.js';
import {loadSqlite, type Sqlite} from './load.js';
import {databaseFailure, troubleOf} from './trouble.js';

/** A job's own state as one database: the facts that else stand in a journal, and the checkpoint. */
export const stateKind: Kind = {
	application: 0x4d5a5354,
	migrations: [
		`
		CREATE TABLE facts (seq INTEGER PRIMARY KEY, fact TEXT NOT NULL) STRICT;
		-- The text of a checkpoint file, sealed as that is.
		CREATE TABLE checkpoint (one INTEGER PRIMARY KEY CHECK (one = 1), text TEXT NOT NULL) STRICT;
		`,
	],
};

/** How long somebody is waited for who writes into the file from elsewhere, ms. */
export const busyMs = 5000;

/** The files beside a database that belong to it. */
export const companionsOf = (file: string) => [`${file}-wal`, `${file}-shm`];

/**
 * Makes a database with these facts in it. It appears whole or not at all, so that one without its tables is always damage
 * and never a beginning. Throws system errors and those of SQLite.
 */
export async function createStateDb(sqlite: Sqlite, file: string, facts: readonly Row[]): Promise<void> {
	await makeFolder(dirname(file), 0o700);
	const temp = `${file}.${process.pid}-${crypto.randomUUID()}.tmp`;
	try {
		const handle = await open(temp, 'wx', 0o600);
		try {
			const db = openDatabase(sqlite, temp, {busyMs, durable: true});
			try {
				migrate(db, stateKind);
				transaction(db, () => facts.forEach(prepareInsert(db)));
			} finally {
				// The last to close it takes all into the one file.
				db.close();
			}
			await handle.sync();
		} finally {
			await handle.close();
		}
		// What an older database has left there would be taken for a part of this one.
		for (const companion of companionsOf(file)) await rm(companion, {force: true});
		await rename(temp, file);
	} catch (error) {
		for (const left of [temp, ...companionsOf(temp)]) await rm(left, {force: true});
		throw error;
	}
	await syncFolder(dirname(file));
}

/** The way to append a fact. Throws SQLite's errors. */
export function prepareInsert(db: DatabaseSync): (fact: Row) => void {
	const insert = db.prepare('INSERT INTO facts VALUES (?, ?)');
	return fact => void insert.run(fact.seq, JSON.stringify(fact));
}

/** What stands in a database: a checkpoint that can be used, and the facts after it. */
export type StateContent<E extends Row, State> = JournalContent<E> & {
	saved?: {seq: number; offset: number; state: State};
	/** A checkpoint in it that cannot be used, and why. */
	unusable?: {text: string; problem: string};
};

export type StateSchemas<E extends Row, State> = {event: z.ZodType<E>; state: z.ZodType<State>};

/** Reads facts as far as they are good; `damage` is what stopped the reading before the last one. */
export function readFactRows<E extends Row>(
	db: DatabaseSync,
	after: number,
	schema: z.ZodType<E>,
): {events: E[]; seq: number; damage?: string} {
	const events: E[] = [];
	let seq = after;
	try {
		for (const row of db.prepare('SELECT seq, fact FROM facts WHERE seq > ? ORDER BY seq').iterate(after)) {
			const fact = readFact(String(row.fact), seq + 1, schema);
			if ('problem' in fact) return {events, seq, damage: fact.problem};
			events.push(fact.event);
			seq++;
		}
	} catch (error) {
		if (troubleOf(error) !== 'damaged') throw error;
		return {events, seq, damage: (error as Error).message};
	}
	return {events, seq};
}

/** Reads an open database: from its checkpoint on, unless that is of no use. */
export function readContent<E extends Row, State>(
	db: DatabaseSync,
	file: string,
	{event, state}: StateSchemas<E, State>,
): StateContent<E, State> | {failure: StoreFailure} {
	const text = textOfCheckpoint(db);
	const parsed = text === undefined ? undefined : parseCheckpoint(text, state);
	const saved = parsed && 'saved' in parsed ? parsed.saved : undefined;
	if (saved && saved.seq > lastSeq(db)) return {failure: journalBehind(file, lastSeq(db), saved.seq)};
	const read = readFactRows(db, saved?.seq ?? 0, event);
	if (read.damage !== undefined) return {failure: databaseDamaged(file, read.seq + 1, read.damage)};
	return {
		events: read.events,
		end: {offset: 0, seq: read.seq},
		whole: saved === undefined,
		...(saved && {saved}),
		...(text !== undefined && parsed && 'problem' in parsed && {unusable: {text, problem: parsed.problem}}),
	};
}

const textOfCheckpoint = (db: DatabaseSync): string | undefined => {
	const row = db.prepare('SELECT text FROM checkpoint').get();
	return row && String(row.text);
};

const lastSeq = (db: DatabaseSync): number => Number(db.prepare('SELECT max(seq) AS seq FROM facts').get()?.seq ?? 0);

/** Why a file is no state that this program can read; undefined when it may be. Does not change it. Throws system errors. */
export async function unreadableState(file: string): Promise<StoreFailure | undefined> {
	const header = await readDatabaseHeader(file);
	if (header === 'absent') {
		const isThere = await open(file, 'r').then(
			handle => handle.close().then(() => true),
			() => false,
		);
		return isThere ? databaseDamaged(file, 1, 'the file is empty') : journalMissing(file);
	}
	if (header === 'foreign') return databaseDamaged(file, 1, 'it is not a database');
	if (header.application !== stateKind.application) return databaseDamaged(file, 1, 'it is not the state of a job');
	const known = stateKind.migrations.length;
	return header.version > known ? journalNewer(file, header.version, known) : undefined;
}

/** Does `work` with the database open for reading only, and closes it; words what goes wrong. */
export async function withStateDb<T extends object>(
	file: string,
	work: (db: DatabaseSync) => T,
): Promise<T | {failure: StoreFailure}> {
	try {
		const unreadable = await unreadableState(file);
		if (unreadable) return {failure: unreadable};
		const db = openReadOnly(await loadSqlite(), file);
		try {
			const version = versionOf(db);
			const known = stateKind.migrations.length;
			if (version > known) return {failure: journalNewer(file, version, known)};
			return work(db);
		} finally {
			db.close();
		}
	} catch (error) {
		return {failure: stateFailure(error, file)};
	}
}

/** What went wrong with a state's database, in words. What is no trouble of the disk or the file is a bug and thrown again. */
export const stateFailure = (error: unknown, file: string): StoreFailure =>
	troubleOf(error) === 'damaged' ? databaseDamaged(file, 1, (error as Error).message) : databaseFailure(error, file);

function openReadOnly({DatabaseSync}: Sqlite, file: string): DatabaseSync {
	const start = (path: string | URL) => {
		const db = new DatabaseSync(path, {readOnly: true});
		try {
			db.exec(`PRAGMA busy_timeout = ${busyMs}`);
			// All that is read is of one moment.
			db.exec('BEGIN; SELECT 1 FROM sqlite_schema');
			return db;
		} catch (error) {
			db.close();
			throw error;
		}
	};
	try {
		return start(file);
	} catch (error) {
		const [log = ''] = companionsOf(file);
		if (troubleOf(error) !== 'disk' || statSync(log, {throwIfNoEntry: false})?.size) throw error;
		// On a disk that cannot be written SQLite must be told that nobody else writes either.
		const unchanging = new URL(`${pathToFileURL(file).href}?immutable=1`);
		try {
			return start(unchanging);
		} catch {
			throw error;
		}
	}
}
