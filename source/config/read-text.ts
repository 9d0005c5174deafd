import {constants} from 'node:fs';
import {type FileHandle, open, stat} from 'node:fs/promises';
import {errorWords} from './error-words.js';

/** A text file's content, or why it cannot be had: a sentence's end that follows the file's name. */
export type ReadText = {text: string} | {problem: string};

/** Reads a UTF-8 text file of at most `limit` bytes; of a bigger one nothing is kept, and pipes and devices are not waited for. */
export async function readText(file: string, limit: number): Promise<ReadText> {
	try {
		const stats = await stat(file);
		if (stats.isDirectory()) return {problem: 'is a folder: name a file in it'};
		if (!stats.isFile()) return {problem: 'is not an ordinary file'};
		if (stats.size > limit) return {problem: tooBig(limit)};
		const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const bytes = await readUpTo(handle, limit + 1);
			return bytes.length > limit ? {problem: tooBig(limit)} : decode(bytes);
		} finally {
			await handle.close();
		}
	} catch (error) {
		return {problem: wordsFor(error)};
	}
}

async function readUpTo(handle: FileHandle, limit: number): Promise<Buffer> {
	const parts: Buffer[] = [];
	for (let length = 0; length < limit; ) {
		const {buffer, bytesRead} = await handle.read(Buffer.alloc(Math.min(65_536, limit - length)));
		if (bytesRead === 0) break;
		parts.push(buffer.subarray(0, bytesRead));
		length += bytesRead;
	}
	return Buffer.concat(parts);
}

function decode(bytes: Buffer): ReadText {
	if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
		return {problem: 'is UTF-16 text: save it as UTF-8'};
	if (bytes.includes(0)) return {problem: 'is not a text file: it holds zero bytes'};
	try {
		return {text: new TextDecoder('utf-8', {fatal: true}).decode(bytes)};
	} catch {
		return {problem: `is not UTF-8 text: line ${lineOfBadByte(bytes)} holds bytes that mean nothing; save it as UTF-8`};
	}
}

function lineOfBadByte(bytes: Buffer): number {
	let line = 1;
	for (let start = 0; start < bytes.length; line++) {
		const newline = bytes.indexOf(0x0a, start);
		const end = newline === -1 ? bytes.length : newline;
		try {
			new TextDecoder('utf-8', {fatal: true}).decode(bytes.subarray(start, end));
		} catch {
			return line;
		}
		start = end + 1;
	}
	return line;
}

const tooBig = (limit: number) =>
	`is bigger than ${limit / 1_000_000} MB, which is more than a file of its kind ever needs`;

function wordsFor(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	switch (code) {
		case 'ENOENT':
			return 'does not exist';
		case 'ENOTDIR':
			return 'does not exist: a part of its path is a file, not a folder';
		case 'EACCES':
		case 'EPERM':
			return 'may not be read by you';
		case 'ENAMETOOLONG':
			return 'does not exist: its name is too long';
		case 'ELOOP':
			return 'cannot be read: its links lead in a circle';
		default:
			return `cannot be read (${errorWords(error)})`;
	}
}
