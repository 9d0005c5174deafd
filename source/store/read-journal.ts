import {open} from 'node:fs/promises';
import type * as z from 'zod';
import {diskFailure, errorCode} from './disk-failure.js';
import {endsFact, type Place, type Row, type Rows, readHeader, readRows, type Torn} from './journal-rows.js';
import {journalBehind, journalDamaged, journalMissing, journalNewer, type StoreFailure} from './store-failure.js';

/** A checkpoint's word on how far it covers the journal: the byte after fact `seq`. */
export type From = {offset: number; seq: number};

export type ReadOptions<E extends Row> = {schema: z.ZodType<E>; from?: From | undefined};

/** `whole`: the facts are all there are, from the first one on, even if a place to start from was given. */
export type JournalContent<E extends Row> = {
	events: E[];
	end: {offset: number; seq: number};
	whole: boolean;
	torn?: Torn;
};

/** How much before the place to start from is read first, to see that the fact before it is the right one. */
const lookBack = 64 * 1024;

const headerBytes = 4096;

/** The bytes of a file from one offset on, to another one or to its end, however much it grows meanwhile. */
export const readBytes = async (file: string, from = 0, until = Number.POSITIVE_INFINITY): Promise<Buffer> => {
	const handle = await open(file, 'r');
	try {
		const {size} = await handle.stat();
		const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(size, until) - from));
		let done = 0;
		while (done < bytes.length) {
			const {bytesRead} = await handle.read(bytes, done, bytes.length - done, from + done);
			if (bytesRead === 0) break;
			done += bytesRead;
		}
		return bytes.subarray(0, done);
	} finally {
		await handle.close();
	}
};

/** The facts after a checkpoint, or undefined when the journal there is not what the checkpoint says. */
const readTail = async <E extends Row>(
	file: string,
	from: From,
	schema: z.ZodType<E>,
): Promise<Rows<E> | undefined> => {
	const place: Place = {offset: from.offset, line: 0, seq: from.seq};
	for (let base = Math.max(0, from.offset - lookBack); ; base = 0) {
		const bytes = await readBytes(file, base);
		const fits = endsFact(bytes, from.offset, from.seq, base);
		if (fits === false) return undefined;
		if (fits) {
			const rows = readRows(bytes, place, schema, base);
			return rows.damage === undefined ? rows : undefined;
		}
	}
};

const content = <E extends Row>({events, end, torn}: Rows<E>, whole: boolean): JournalContent<E> => ({
	events,
	end: {offset: end.offset, seq: end.seq},
	whole,
	...(torn && {torn}),
});

/**
 * Reads facts without the lock, for display: all of them, or those after `from`. A torn last line is left where it is,
 * since another process may be just writing it.
 */
export const readJournal = async <E extends Row>(
	file: string,
	{schema, from}: ReadOptions<E>,
): Promise<JournalContent<E> | {failure: StoreFailure}> => {
	try {
		if (from !== undefined && from.seq > 0) {
			const header = readHeader(await readBytes(file, 0, headerBytes));
			const tail = 'offset' in header ? await readTail(file, from, schema) : undefined;
			if (tail) return content(tail, false);
		}
		const bytes = await readBytes(file);
		const start = readHeader(bytes);
		if ('newer' in start) return {failure: journalNewer(file, start.newer)};
		if ('problem' in start) return {failure: journalDamaged(file, 1, start.problem)};
		const rows = readRows(bytes, start, schema);
		if (rows.damage !== undefined) return {failure: journalDamaged(file, rows.end.line, rows.damage)};
		if (from !== undefined && rows.end.seq < from.seq) {
			return {failure: journalBehind(file, rows.end.seq, from.seq)};
		}
		return content(rows, true);
	} catch (error) {
		return {failure: errorCode(error) === 'ENOENT' ? journalMissing(file) : diskFailure(error, file)};
	}
};
