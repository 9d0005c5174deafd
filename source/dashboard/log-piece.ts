import {stripControls} from '../process/sanitize.js';
import type {KnownJob} from '../store/registry.js';
import type {Jobs} from './jobs.js';

/** A part of a log as text; `next`: where the one after it begins. Bytes. */
export type LogPiece = {offset: number; next: number; size: number; text: string};

type At = {batch: number; attempt: number; stream: 'stdout' | 'stderr'; offset: number; limit: number};

/** Reads whole characters: a piece begins after one that was cut, and leaves out one that is cut unless nothing follows it. */
export async function logPiece(jobs: Jobs, job: KnownJob, at: At, isOver: boolean): Promise<LogPiece> {
	const {bytes, size} = await jobs.log(job, at);
	const first = at.offset === 0 ? 0 : continuations(bytes);
	const isEnd = at.offset + bytes.length >= size;
	const last = isEnd && isOver ? bytes.length : bytes.length - cutAt(bytes);
	const whole = bytes.subarray(first, Math.max(first, last));
	const offset = at.offset + first;
	return {offset, next: offset + whole.length, size, text: stripControls(new TextDecoder().decode(whole))};
}

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;

/** How many bytes at the beginning belong to a character before. */
function continuations(bytes: Uint8Array): number {
	let count = 0;
	while (count < 3 && isContinuation(bytes[count])) count++;
	return count;
}

/** How many bytes at the end belong to a character that is not whole. */
function cutAt(bytes: Uint8Array): number {
	for (let back = 1; back <= Math.min(3, bytes.length); back++) {
		const byte = bytes[bytes.length - back] ?? 0;
		if (isContinuation(byte)) continue;
		const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
		return length > back ? back : 0;
	}
	return 0;
}
