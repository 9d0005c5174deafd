import {type Stats, statSync} from 'node:fs';
import type {DatabaseSync} from 'node:sqlite';
import {type Checkpoint, checkpointText} from '../checkpoint.js';
import {removeTemps} from '../durable-write.js';
import type {Journal} from '../journal.js';
import type {Row} from '../journal-rows.js';
import {databaseAltered, journalNewer, journalVanished, StoreError, type StoreFailure} from '../store-failure.js';
import {migrate, openDatabase, transaction, versionOf} from './database.js';
import {loadSqlite} from './load.js';
import {
	busyMs,
	companionsOf,
	createStateDb,
	prepareInsert,
	readContent,
	type StateContent,
	type StateSchemas,
	stateFailure,
	stateKind,
	unreadableState,
} from './state-db.js';

/** A database that is open for the owner of the job's lock: its journal and its checkpoint. */
export type OpenedStateDb<E extends Row, State> = StateContent<E, State> & {
	journal: Journal<E>;
	checkpoint: Pick<Checkpoint<State>, 'save'>;
};

/**
 * Opens a job's database, making one when there is none and none must be there. SQLite itself takes back what a crash has
 * left half done; any damage is refused and nothing is changed.
 */
export async function openStateDb<E extends Row, State>(
	file: string,
	schemas: StateSchemas<E, State>,
	{mustExist = false}: {mustExist?: boolean} = {},
): Promise<OpenedStateDb<E, State> | {failure: StoreFailure}> {
	try {
		const sqlite = await loadSqlite();
		const unreadable = await unreadableState(file);
		if (unreadable && (unreadable.kind !== 'journal-missing' || mustExist)) return {failure: unreadable};
		if (unreadable) await createStateDb(sqlite, file, []);
		await removeTemps(file);
		const db = openDatabase(sqlite, file, {busyMs, durable: true});
		const refuse = (failure: StoreFailure) => {
			db.close();
			return {failure};
		};
		try {
			if (!migrate(db, stateKind)) return refuse(journalNewer(file, versionOf(db), stateKind.migrations.length));
			const content = readContent(db, file, schemas);
			if ('failure' in content) return refuse(content.failure);
			return {...content, ...startStateDb(db, file, schemas, content.end.seq)};
		} catch (error) {
			return refuse(stateFailure(error, file));
		}
	} catch (error) {
		return {failure: stateFailure(error, file)};
	}
}

type Looks = (Stats | undefined)[];

/** The files at their places now; those that are not there are undefined. */
const lookAt = (files: readonly string[]): Looks => files.map(file => statSync(file, {throwIfNoEntry: false}));

const isSame = (now: Stats | undefined, before: Stats | undefined) =>
	before === undefined || (now?.ino === before.ino && now.dev === before.dev);

function startStateDb<E extends Row, State>(
	db: DatabaseSync,
	file: string,
	{event: schema}: Pick<StateSchemas<E, State>, 'event'>,
	last: number,
): Pick<OpenedStateDb<E, State>, 'journal' | 'checkpoint'> {
	const [log = ''] = companionsOf(file);
	let files = lookAt([file, log]);
	const changes = db.prepare('PRAGMA data_version');
	const changesBySomebodyElse = () => Number(changes.get()?.data_version);
	const insert = prepareInsert(db);
	const changesSeen = changesBySomebodyElse();
	let seq = last;
	let failed: StoreError | undefined;
	let closed = false;

	function fail(failure: StoreFailure, options?: ErrorOptions): StoreError {
		failed = new StoreError(failure, options);
		return failed;
	}

	return {
		journal: {
			async append(events) {
				if (closed) throw new Error(`append to a closed database: ${file}`);
				if (failed) throw failed;
				if (events.length === 0) return;
				for (const [index, event] of events.entries()) {
					const before = seq + index;
					if (event.seq !== before + 1) throw new Error(`fact ${event.seq} cannot follow fact ${before}`);
					// A fact that could not be read again would make the whole state unreadable.
					schema.parse(event);
				}
				try {
					transaction(db, () => {
						if (changesBySomebodyElse() !== changesSeen) throw fail(databaseAltered(file));
						for (const event of events) insert(event);
					});
				} catch (error) {
					throw failed ?? fail(stateFailure(error, file), {cause: error});
				}
				const now = lookAt([file, log]);
				if (!now.every((one, index) => isSame(one, files[index]))) throw fail(journalVanished(file));
				// The log is made with the first write.
				files = now;
				seq += events.length;
			},
			offset: 0,
			get seq() {
				return seq;
			},
			async close() {
				if (closed) return;
				closed = true;
				db.close();
			},
		},
		checkpoint: {
			async save(next) {
				const text = checkpointText(next);
				try {
					transaction(db, () => db.prepare('INSERT OR REPLACE INTO checkpoint VALUES (1, ?)').run(text));
				} catch (error) {
					throw new StoreError(stateFailure(error, file), {cause: error});
				}
			},
		},
	};
}
