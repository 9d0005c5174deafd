import {open, rename, rm, stat} from 'node:fs/promises';
import {dirname} from 'node:path';
import type {DatabaseSync} from 'node:sqlite';
import {moveAside} from '../aside.js';
import {errorCode} from '../disk-failure.js';
import {makeFolder} from '../make-folder.js';
import {type Kind, migrate, openDatabase, readDatabaseHeader, settle} from '../sqlite/database.js';
import {loadSqlite} from '../sqlite/load.js';
import {companionsOf} from '../sqlite/state-db.js';
import {databaseFailure, troubleOf} from '../sqlite/trouble.js';
import {migrations} from './schema.js';

export const historyKind: Kind = {application: 0x4d5a4849, migrations};

/** Why the history cannot be opened: a newer program has made it, or the disk does not let us. One sentence each. */
export type HistoryProblem = {kind: 'history-newer' | 'history-unwritable' | 'history-busy'; message: string};

export type OpenedHistory = {
	db: DatabaseSync;
	/** Tells the file from one that takes its place. */
	ino: number;
	/** A damaged file that was set aside; the new one is empty. */
	setAside?: string;
};

const newerHistory = (file: string): HistoryProblem => ({
	kind: 'history-newer',
	message: `${file} was written by a newer Mozart, and this one leaves it alone: update Mozart.`,
});

/** Words what SQLite or the system say of the history; anything else is a bug and is thrown again. */
export function historyProblem(error: unknown, file: string): HistoryProblem {
	if (troubleOf(error) === 'busy') {
		const message = `The history (${file}) is held by another program: what it does not know yet is added later, by \`mozart history\` too.`;
		return {kind: 'history-busy', message};
	}
	const {code} = databaseFailure(error, file);
	const message = `The history cannot be kept in ${file} (${code}); nothing else depends on it, and \`mozart history\` makes up for it later.`;
	return {kind: 'history-unwritable', message};
}

/**
 * Opens the history of this user, making it when there is none. A damaged file is set aside, and the journals can tell all
 * again; one that a newer program has made is not touched. `busyMs`: how long the program may stand still for others.
 */
export async function openHistoryDb(file: string, busyMs: number): Promise<OpenedHistory | HistoryProblem> {
	try {
		const header = await readDatabaseHeader(file);
		const isOurs = typeof header === 'object' && [0, historyKind.application].includes(header.application);
		if (isOurs && header.version > migrations.length) return newerHistory(file);
		const setAside = header === 'absent' || isOurs ? undefined : await setHistoryAside(file);
		await makeFolder(dirname(file), 0o700);
		const opened = await openOrSetAside(file, busyMs);
		return 'kind' in opened || setAside === undefined ? opened : {...opened, setAside};
	} catch (error) {
		return historyProblem(error, file);
	}
}

async function openOrSetAside(file: string, busyMs: number): Promise<OpenedHistory | HistoryProblem> {
	const sqlite = await loadSqlite();
	for (let setAside: string | undefined; ; ) {
		await (await open(file, 'a', 0o600)).close();
		const {ino} = await stat(file);
		let db: DatabaseSync | undefined;
		try {
			db = openDatabase(sqlite, file, {busyMs, durable: false});
			if (!migrate(db, historyKind)) {
				db.close();
				return newerHistory(file);
			}
			settle(db);
			return {db, ino, ...(setAside !== undefined && {setAside})};
		} catch (error) {
			db?.close();
			if (troubleOf(error) !== 'damaged' || setAside !== undefined) throw error;
			// Another program may have done it meanwhile.
			setAside = (await stat(file)).ino === ino ? await setHistoryAside(file) : file;
		}
	}
}

/** Moves a history aside in which damage was found; another program may have done it already. Throws system errors. */
export async function setDamagedAside(file: string, {db, ino}: OpenedHistory): Promise<void> {
	db.close();
	if ((await stat(file)).ino === ino) await setHistoryAside(file);
}

/** Moves a damaged history out of the way, with what SQLite keeps beside it; tells where it is now. */
async function setHistoryAside(file: string): Promise<string> {
	const keptAs = await moveAside(file);
	const [log = '', index = ''] = companionsOf(file);
	await rm(index, {force: true});
	await rename(log, `${keptAs}-wal`).catch((error: unknown) => {
		if (errorCode(error) !== 'ENOENT') throw error;
	});
	return keptAs;
}
