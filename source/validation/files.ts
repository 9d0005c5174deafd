import {constants, type Stats} from 'node:fs';
import {type FileHandle, lstat, open, opendir, stat} from 'node:fs/promises';
import path from 'node:path';
import {named} from './wording.js';

/** What lies at a path, links followed. `what` and `why` complete "X is …" and "X cannot be read: …". */
export type Sight =
	| {kind: 'file'; size: number; mtimeMs: number}
	| {kind: 'missing'; what: string}
	| {kind: 'folder'}
	| {kind: 'other'; what: string}
	| {kind: 'unreadable'; why: string};

export type Content = {kind: 'text'; text: string; size: number} | {kind: 'large'; size: number};
type NotRead = Exclude<Sight, {kind: 'file'}>;

/** Files up to this size are read whole; larger ones are searched as they stream by. Bytes. */
export const largestText = 32 * 1024 * 1024;
const cacheLimit = 64 * 1024 * 1024;

/** What is at a path. Never throws for what a disk can hold, and never opens anything, so that a pipe cannot hang it. */
export async function look(absolute: string): Promise<Sight> {
	try {
		return sightOf(await stat(absolute));
	} catch (error) {
		const code = codeOf(error);
		if (code !== 'ENOENT' && code !== 'ENOTDIR') return {kind: 'unreadable', why: reason(code, error)};
		const isLink = await lstat(absolute.replace(/[\\/]+$/, '')).then(
			stats => stats.isSymbolicLink(),
			() => false,
		);
		return {kind: 'missing', what: isLink ? 'is a link to a file that does not exist' : 'does not exist'};
	}
}

/**
 * Opens a plain file and hands it to `use`. It is looked at again once open, and opened without waiting, so that a
 * pipe or a device put there in between cannot hang it.
 */
export async function withFile<T>(
	absolute: string,
	use: (handle: FileHandle, seen: Extract<Sight, {kind: 'file'}>) => Promise<T>,
): Promise<T | NotRead> {
	const before = await look(absolute);
	if (before.kind !== 'file') return before;
	try {
		await using handle = await open(absolute, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
		const sight = sightOf(await handle.stat());
		return sight.kind === 'file' ? await use(handle, sight) : sight;
	} catch (error) {
		return {kind: 'unreadable', why: reason(codeOf(error), error)};
	}
}

/** The chunks of an open file, in buffers that are used again: copy what must be kept. */
export async function* chunksOf(handle: FileHandle, chunkBytes = 1024 * 1024): AsyncGenerator<Buffer> {
	const buffer = Buffer.allocUnsafe(chunkBytes);
	for (;;) {
		const {bytesRead} = await handle.read(buffer, 0, buffer.length);
		if (bytesRead === 0) return;
		yield buffer.subarray(0, bytesRead);
	}
}

/** An open file whole, or undefined when it has more than `limit` bytes, whatever its size was said to be. */
export async function readWhole(handle: FileHandle, size: number, limit: number): Promise<Buffer | undefined> {
	if (size > limit) return undefined;
	const parts: Buffer[] = [];
	let total = 0;
	for await (const chunk of chunksOf(handle, Math.min(size + 1, 1024 * 1024))) {
		total += chunk.length;
		if (total > limit) return undefined;
		parts.push(Buffer.from(chunk));
	}
	return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

/** The texts of one check: a file that several rules name is read once, as long as it is not too much to keep. */
export class Texts {
	private readonly kept = new Map<string, Content | NotRead>();
	private characters = 0;

	async read(absolute: string): Promise<Content | NotRead> {
		const known = this.kept.get(absolute);
		if (known) return known;
		const content = await withFile(absolute, async (handle, {size}): Promise<Content> => {
			const bytes = await readWhole(handle, size, largestText);
			return bytes ? {kind: 'text', text: decode(bytes), size: bytes.length} : {kind: 'large', size};
		});
		const length = content.kind === 'text' ? content.text.length : 0;
		if (this.characters + length > cacheLimit) this.forget();
		this.characters += length;
		this.kept.set(absolute, content);
		return content;
	}

	/** After a command has run, files may hold something else. */
	forget(): void {
		this.kept.clear();
		this.characters = 0;
	}
}

/** "X does not exist", "X is a folder, not a file", "X cannot be read: …". */
export function refusal(key: string, sight: NotRead): string {
	switch (sight.kind) {
		case 'missing':
			return `${named(key)} ${sight.what}`;
		case 'folder':
			return `${named(key)} is a folder, not a file`;
		case 'other':
			return `${named(key)} is ${sight.what}, not a file`;
		case 'unreadable':
			return `${named(key)} cannot be read: ${sight.why}`;
		default:
			return sight satisfies never;
	}
}

/** The name of a neighbour that differs from the wanted one in case, punctuation or ending only. */
export async function similarName(absolute: string): Promise<string | undefined> {
	const wanted = path.basename(absolute);
	const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
	const stem = (name: string) => plain(path.parse(name).name);
	let best: string | undefined;
	try {
		let left = 2_000;
		for await (const {name} of await opendir(path.dirname(absolute))) {
			if (left-- === 0) break;
			if (name === wanted) continue;
			if (plain(name) === plain(wanted)) return name;
			if (stem(name) === stem(wanted) && stem(name) !== '') best ??= name;
		}
	} catch {
		return undefined;
	}
	return best;
}

function sightOf(stats: Stats): Sight {
	if (stats.isFile()) return {kind: 'file', size: stats.size, mtimeMs: stats.mtimeMs};
	if (stats.isDirectory()) return {kind: 'folder'};
	if (stats.isFIFO()) return {kind: 'other', what: 'a named pipe'};
	if (stats.isSocket()) return {kind: 'other', what: 'a socket'};
	return {kind: 'other', what: 'a device'};
}

/** Bytes that are no UTF-8 become U+FFFD; a byte order mark is no part of the text. */
function decode(bytes: Buffer): string {
	const text = bytes.toString('utf8');
	return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function codeOf(error: unknown): string {
	if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
	throw error;
}

function reason(code: string, error: unknown): string {
	const known: Record<string, string> = {
		EACCES: 'permission denied',
		EPERM: 'permission denied',
		ELOOP: 'its links lead in a circle',
		ENAMETOOLONG: 'its name is too long',
		EMFILE: 'too many files are open',
		ENFILE: 'too many files are open',
		EIO: 'the disk reports an error',
		ERR_INVALID_ARG_VALUE: 'its name holds a NUL character',
	};
	return known[code] ?? named(error instanceof Error ? error.message : code);
}
