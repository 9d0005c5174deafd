import {
	closeSync,
	constants,
	fdatasync,
	fsyncSync,
	ftruncateSync,
	openSync,
	type Stats,
	statSync,
	writeSync,
} from 'node:fs';
import {dirname} from 'node:path';
import {promisify} from 'node:util';
import type * as z from 'zod';
import {diskFailure} from './disk-failure.js';
import {removeTemps, writeDurably} from './durable-write.js';
import {journalHeader, type Row} from './journal-rows.js';
import {makeFolder} from './make-folder.js';
import {type JournalContent, type ReadOptions, readJournal} from './read-journal.js';
import {journalAltered, journalVanished, StoreError, type StoreFailure} from './store-failure.js';

/** Append-only facts of one job. Only the owner of the job's lock may hold one. */
export type Journal<E extends Row> = {
	/**
	 * Writes facts, one line each, and resolves when they are on the disk. Their numbers must follow the last one, and
	 * they must fit the schema: anything else is a bug, rejects with another error and writes nothing.
	 * Rejects with a StoreError, after which it takes no more: its end may be torn, and the next opening sees to that.
	 */
	append(events: readonly E[]): Promise<void>;
	/** Bytes that are on the disk: with `seq`, what a checkpoint notes. */
	readonly offset: number;
	/** Number of the last fact that is on the disk, 0 before the first. */
	readonly seq: number;
	/** Waits for the appends under way. Appending later is a bug and rejects. */
	close(): Promise<void>;
};

/** `mustExist`: other state is there, so that a missing journal is a loss and not a beginning. */
export type OpenOptions<E extends Row> = ReadOptions<E> & {mustExist?: boolean};

export type OpenedJournal<E extends Row> = JournalContent<E> & {journal: Journal<E>};

const datasync = promisify(fdatasync);

const sameFile = (a: Stats, b: Stats) => a.ino === b.ino && a.dev === b.dev;

/** The file now at this path; undefined when there is none, or none that can be seen. */
const lookAt = (file: string): Stats | undefined => {
	try {
		return statSync(file, {throwIfNoEntry: false});
	} catch {
		return undefined;
	}
};

const writeAll = (fd: number, bytes: Buffer) => {
	for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
};

const startJournal = <E extends Row>(
	file: string,
	fd: number,
	schema: z.ZodType<E>,
	{end}: JournalContent<E>,
): Journal<E> => {
	const opened = statSync(file);
	let {offset, seq} = end;
	let promised = seq;
	let failed: StoreError | undefined;
	let closed = false;
	let queue: Promise<void> = Promise.resolve();

	const fail = (failure: StoreFailure, options?: ErrorOptions): StoreError => {
		failed = new StoreError(failure, options);
		return failed;
	};

	const write = async (bytes: Buffer, last: number) => {
		if (failed) throw failed;
		try {
			writeAll(fd, bytes);
			await datasync(fd);
		} catch (error) {
			const failure = diskFailure(error, file);
			try {
				ftruncateSync(fd, offset);
			} catch {
				// A torn line stays behind; the next opening drops it.
			}
			throw fail(failure, {cause: error});
		}
		const now = lookAt(file);
		if (!now || !sameFile(now, opened)) throw fail(journalVanished(file));
		if (now.size !== offset + bytes.length) throw fail(journalAltered(file, offset + bytes.length, now.size));
		offset += bytes.length;
		seq = last;
	};

	return {
		async append(events) {
			if (closed) throw new Error(`append to a closed journal: ${file}`);
			if (events.length === 0) return;
			let last = promised;
			let text = '';
			for (const event of events) {
				if (event.seq !== last + 1) throw new Error(`fact ${event.seq} cannot follow fact ${last}`);
				last = event.seq;
				// A fact that could not be read again would make the whole journal unreadable.
				schema.parse(event);
				text += `${JSON.stringify(event)}\n`;
			}
			promised = last;
			const written = queue.then(() => write(Buffer.from(text), last));
			queue = written.catch(() => {});
			await written;
		},
		get offset() {
			return offset;
		},
		get seq() {
			return seq;
		},
		async close() {
			if (closed) return;
			closed = true;
			await queue;
			closeSync(fd);
		},
	};
};

/**
 * Reads the facts and opens the journal for more, creating it (0600, in a 0700 folder) when there is none. A torn last
 * line is cut off and told; any other damage is refused and nothing is changed.
 */
export const openJournal = async <E extends Row>(
	file: string,
	{mustExist = false, ...options}: OpenOptions<E>,
): Promise<OpenedJournal<E> | {failure: StoreFailure}> => {
	try {
		if (!lookAt(file) && !mustExist && options.from === undefined) {
			await makeFolder(dirname(file), 0o700);
			// Appears whole or not at all, so that an empty journal is always damage and never a beginning.
			await writeDurably(file, journalHeader);
		}
		const content = await readJournal(file, options);
		if ('failure' in content) return content;
		await removeTemps(file);
		const fd = openSync(file, constants.O_WRONLY | constants.O_APPEND);
		try {
			if (content.torn) {
				ftruncateSync(fd, content.end.offset);
				fsyncSync(fd);
			}
			return {...content, journal: startJournal(file, fd, options.schema, content)};
		} catch (error) {
			closeSync(fd);
			throw error;
		}
	} catch (error) {
		return {failure: diskFailure(error, file)};
	}
};
