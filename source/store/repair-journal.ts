import {rename} from 'node:fs/promises';
import {dirname} from 'node:path';
import type * as z from 'zod';
import {linkAside, moveAside} from './aside.js';
import {checkpointSeq, previousOf} from './checkpoint.js';
import {diskFailure, errorCode} from './disk-failure.js';
import {syncFolder, writeTemp} from './durable-write.js';
import {journalHeader, type Row, readHeader, readRows} from './journal-rows.js';
import {readBytes} from './read-journal.js';
import {journalMissing, journalNewer, type StoreFailure} from './store-failure.js';

/** What a repair did. Nothing is deleted: `keptAs` names the files that hold what was there before. */
export type Repair = {
	/** Facts 1 to this number are kept. */
	kept: number;
	/** What the journal no longer holds; undefined when it was whole. */
	dropped?: {fromLine: number; lines: number; bytes: number; problem: string};
	keptAs: string[];
	/** All of it in words. */
	message: string;
};

/** The facts that can be kept and why no more. A lost first line costs no facts, since they carry their numbers. */
const keepable = <E extends Row>(bytes: Buffer, schema: z.ZodType<E>) => {
	const header = readHeader(bytes);
	if ('newer' in header) return header;
	if ('offset' in header) return {start: header, rows: readRows(bytes, header, schema), problem: undefined};
	const [first, second] = [
		{offset: 0, line: 1, seq: 0},
		{offset: bytes.indexOf('\n') + 1, line: 2, seq: 0},
	].map(start => ({start, rows: readRows(bytes, start, schema), problem: header.problem}));
	return first!.rows.end.seq > second!.rows.end.seq ? first! : second!;
};

const asideIfThere = async (file: string): Promise<string[]> => {
	try {
		return [await moveAside(file)];
	} catch (error) {
		if (errorCode(error) === 'ENOENT') return [];
		throw error;
	}
};

const lineCount = (bytes: Buffer) => {
	let lines = 0;
	for (let at = bytes.indexOf('\n'); at >= 0; at = bytes.indexOf('\n', at + 1)) lines++;
	return bytes.length > 0 && bytes.at(-1) !== 10 ? lines + 1 : lines;
};

/**
 * Makes a damaged journal usable: the longest good beginning stays, the damaged file is kept whole as
 * `journal.damaged-<n>.jsonl`, and a checkpoint that knows more than the journal goes aside too. Needs the job's lock.
 * A crash at any moment leaves either the damaged journal or the repaired one in place.
 */
export const repairJournal = async <E extends Row>(
	file: string,
	{schema, checkpoint}: {schema: z.ZodType<E>; checkpoint: string},
): Promise<Repair | {failure: StoreFailure}> => {
	try {
		const bytes = await readBytes(file);
		const found = keepable(bytes, schema);
		if ('newer' in found) return {failure: journalNewer(file, found.newer)};
		const {start, rows} = found;
		const kept = rows.end.seq;
		const keptFacts = kept === 0 ? 'No fact could be kept' : `Facts 1 to ${kept} are kept`;
		const problem = rows.damage ?? found.problem;

		if (problem === undefined) {
			if ((await checkpointSeq(checkpoint)) <= kept) {
				return {kept, keptAs: [], message: `Nothing to repair: ${file} holds ${kept} facts, all readable.`};
			}
			const keptAs = [...(await asideIfThere(checkpoint)), ...(await asideIfThere(previousOf(checkpoint)))];
			const message = `The checkpoint knew more than the journal: the job goes back to fact ${kept}, and the checkpoint is kept as ${keptAs.join(', ')}.`;
			return {kept, keptAs, message};
		}

		const checkpoints = [...(await asideIfThere(checkpoint)), ...(await asideIfThere(previousOf(checkpoint)))];
		const damaged = await linkAside(file);
		const good = bytes.subarray(start.offset, rows.end.offset);
		await rename(await writeTemp(file, journalHeader + good.toString()), file);
		await syncFolder(dirname(file));
		const lost = bytes.subarray(rows.end.offset);
		const dropped = {fromLine: rows.end.line, lines: lineCount(lost), bytes: lost.length, problem};
		const keptAs = [damaged, ...checkpoints];
		const what = `${dropped.lines} ${dropped.lines === 1 ? 'line' : 'lines'} (${dropped.bytes} bytes) from line ${dropped.fromLine} on`;
		const message = `${keptFacts}; dropped: ${what} (${problem}). What was there before is kept as ${keptAs.join(', ')}.`;
		return {kept, dropped, keptAs, message};
	} catch (error) {
		return {failure: errorCode(error) === 'ENOENT' ? journalMissing(file) : diskFailure(error, file)};
	}
};
