import {isUtf8} from 'node:buffer';
import * as z from 'zod';

/** What every fact has: its number (1, 2, 3 … without a gap), when it was recorded (epoch ms) and which one it is. */
export type Row = {seq: number; at: number; type: string};

export const journalFormat = 1;
const headerSchema = z.object({format: z.number().int(), kind: z.literal('mozart-journal')});

/** The journal's first line. */
export const journalHeader = `${JSON.stringify({format: journalFormat, kind: 'mozart-journal'})}\n`;

/** A last line that was not written to its end: a crash in the middle of an append. It was never acted upon. */
export type Torn = {bytes: number; text: string};

/** Where reading stands: the byte and the line (from 1) that come next, and the number of the fact before them. */
export type Place = {offset: number; line: number; seq: number};

/** The facts from one place to the next; `damage` is what stopped the reading before the end of the file. */
export type Rows<E> = {events: E[]; end: Place; torn?: Torn; damage?: string};

const newline = 10;

const firstIssue = (error: z.ZodError) => {
	const issue = error.issues[0];
	return issue ? `${issue.path.join('.') || 'the fact'}: ${issue.message}` : error.message;
};

const nulBytes = (bytes: Buffer) => bytes.reduce((count, byte) => (byte === 0 ? count + 1 : count), 0);

const parseJson = (bytes: Buffer): {value: unknown} | {problem: string} => {
	if (bytes.includes(0)) return {problem: `${nulBytes(bytes)} NUL bytes stand in it, so a block of the file was lost`};
	if (!isUtf8(bytes)) return {problem: 'it is not UTF-8 text'};
	try {
		return {value: JSON.parse(bytes.toString())};
	} catch (error) {
		return {problem: `it is not JSON (${(error as Error).message.slice(0, 200)})`};
	}
};

/** Reads one fact, which must be JSON, fit the schema and have this number; or says what is wrong with it. */
export const readFact = <E extends Row>(
	text: Buffer | string,
	seq: number,
	schema: z.ZodType<E>,
): {event: E} | {problem: string} => {
	const json = parseJson(typeof text === 'string' ? Buffer.from(text) : text);
	if ('problem' in json) return json;
	const row = schema.safeParse(json.value);
	if (!row.success) return {problem: `it is not a fact this Mozart knows (${firstIssue(row.error)})`};
	if (row.data.seq !== seq) return {problem: `it is fact ${row.data.seq}, where fact ${seq} must stand`};
	return {event: row.data};
};

/** Reads the first line: the place of the first fact, a format this program does not know, or what is wrong. */
export const readHeader = (bytes: Buffer): Place | {newer: number} | {problem: string} => {
	const end = bytes.indexOf(newline);
	if (end < 0) {
		return {problem: bytes.length === 0 ? 'the file is empty' : 'the first line, which tells the format, is cut off'};
	}
	const json = parseJson(bytes.subarray(0, end));
	if ('problem' in json) return json;
	const header = headerSchema.safeParse(json.value);
	if (!header.success) return {problem: 'the first line does not tell the format of the journal'};
	if (header.data.format > journalFormat) return {newer: header.data.format};
	return {offset: end + 1, line: 2, seq: 0};
};

/**
 * Reads facts from `start` as far as they are good; `bytes` begins at byte `base` of the file. Each line must be JSON,
 * fit the schema and have the number that follows. Only a last line without its newline may be bad (`torn`).
 */
export const readRows = <E extends Row>(bytes: Buffer, start: Place, schema: z.ZodType<E>, base = 0): Rows<E> => {
	const events: E[] = [];
	let {line, seq} = start;
	let from = start.offset - base;
	const stop = (rest: {torn?: Torn; damage?: string}): Rows<E> => ({
		events,
		end: {offset: from + base, line, seq},
		...rest,
	});
	while (from < bytes.length) {
		const end = bytes.indexOf(newline, from);
		const raw = bytes.subarray(from, end < 0 ? bytes.length : end);
		if (end < 0 && !raw.includes(0)) return stop({torn: {bytes: raw.length, text: raw.toString().slice(0, 200)}});
		const fact = readFact(raw, seq + 1, schema);
		if ('problem' in fact) return stop({damage: fact.problem});
		events.push(fact.event);
		seq++;
		line++;
		from = end + 1;
	}
	return stop({});
};

const seqSchema = z.object({seq: z.number()});

/** Whether the line that ends at byte `offset` is fact `seq`; `bytes` begins at byte `base`. Undefined: `bytes` starts too late. */
export const endsFact = (bytes: Buffer, offset: number, seq: number, base: number): boolean | undefined => {
	const end = offset - base - 1;
	if (end < 0 || bytes[end] !== newline) return false;
	const before = end === 0 ? -1 : bytes.lastIndexOf(newline, end - 1);
	if (before < 0 && base > 0) return undefined;
	const json = parseJson(bytes.subarray(before + 1, end));
	return 'value' in json && seqSchema.safeParse(json.value).data?.seq === seq;
};
