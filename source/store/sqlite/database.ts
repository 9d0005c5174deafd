import {open} from 'node:fs/promises';
import type {DatabaseSync} from 'node:sqlite';
import {errorCode} from '../disk-failure.js';
import type {Sqlite} from './load.js';

/** What is wanted of a database file. */
export type Kind = {
	/** SQLite's `application_id`: tells this kind of file from any other. */
	application: number;
	/** The SQL of each version; a file's `user_version` says how many it has had. */
	migrations: readonly string[];
};

/** What the file's first bytes say; a file that is not there, or has nothing in it yet, is `absent`. */
export type Header = 'absent' | 'foreign' | {version: number; application: number};

const magic = 'SQLite format 3\0';
/** Where the header keeps them, as SQLite's file format lays down. */
const [versionAt, applicationAt, headerBytes] = [60, 68, 100];

/** Looks at a file without SQLite, which would begin to mend and to change what it opens. Throws system errors. */
export async function readDatabaseHeader(file: string): Promise<Header> {
	const handle = await open(file, 'r').catch((error: unknown) => {
		if (errorCode(error) !== 'ENOENT') throw error;
		return undefined;
	});
	if (!handle) return 'absent';
	try {
		const {bytesRead, buffer} = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
		if (bytesRead === 0) return 'absent';
		if (bytesRead < headerBytes || buffer.toString('latin1', 0, magic.length) !== magic) return 'foreign';
		return {version: buffer.readUInt32BE(versionAt), application: buffer.readUInt32BE(applicationAt)};
	} finally {
		await handle.close();
	}
}

export type OpenDatabaseOptions = {
	/** How long somebody else's lock is waited for, ms; the program stands still for so long. */
	busyMs: number;
	/** Whether what was committed must survive a power cut. Where not, a file is made without waiting for the disk: see `settle`. */
	durable: boolean;
};

/** Opens a file for reading and writing, with what every database of Mozart has. Throws SQLite's errors. */
export function openDatabase({DatabaseSync}: Sqlite, file: string, options: OpenDatabaseOptions): DatabaseSync {
	const db = new DatabaseSync(file);
	try {
		db.exec(`PRAGMA busy_timeout = ${options.busyMs}; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF`);
		// A file that holds nothing has nothing to lose; to make it takes six syncs else.
		if (!options.durable) db.exec(`PRAGMA synchronous = ${versionOf(db) === 0 ? 'OFF' : 'NORMAL'}`);
		const mode = turnOnWal(db);
		// Without a write-ahead log a commit is the deletion of a file, which EXTRA makes durable too.
		if (options.durable) db.exec(`PRAGMA synchronous = ${mode === 'wal' ? 'FULL' : 'EXTRA'}`);
		return db;
	} catch (error) {
		db.close();
		throw error;
	}
}

/** From now on a power cut leaves no damage, also in a file that was made without waiting for the disk. */
export const settle = (db: DatabaseSync): void => db.exec('PRAGMA synchronous = NORMAL');

/** Readers and a writer do not hold each other up; on disks that cannot do it (a network) it stays as it is. */
function turnOnWal(db: DatabaseSync): string {
	const {journal_mode: mode} = db.prepare('PRAGMA journal_mode = WAL').get() ?? {};
	return String(mode);
}

/** The number of migrations that an open database has had. */
export const versionOf = (db: DatabaseSync): number => Number(db.prepare('PRAGMA user_version').get()?.user_version);

/** Does all of `work`, or nothing of it; takes the lock for writing at once. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
	db.exec('BEGIN IMMEDIATE');
	try {
		const result = work();
		db.exec('COMMIT');
		return result;
	} catch (error) {
		// A disk that is full has rolled back already.
		try {
			db.exec('ROLLBACK');
		} catch {}
		throw error;
	}
}

/** Brings the tables up to the newest version, for all who have the file open at once; false when the file is newer than that. */
export function migrate(db: DatabaseSync, {migrations, application}: Kind): boolean {
	if (versionOf(db) === migrations.length) return true;
	return transaction(db, () => {
		// Somebody else may have done it meanwhile.
		const version = versionOf(db);
		if (version > migrations.length) return false;
		for (const sql of migrations.slice(version)) db.exec(sql);
		db.exec(`PRAGMA application_id = ${application}; PRAGMA user_version = ${migrations.length}`);
		return true;
	});
}
