import {createHash, randomUUID} from 'node:crypto';
import {mkdir, rename, rm, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Rule} from '../config/schema.js';
import type {Placeholders} from '../core/placeholders.js';
import type {FileState} from '../core/verdict.js';
import type {Mask} from '../process/mask.js';
import {chunksOf, look, refusal, withFile} from './files.js';
import {locate, type Place} from './place.js';
import {named, sized} from './wording.js';

/** Larger files are not copied, only hashed. Bytes. */
const largestCopy = 1024 * 1024;
/** Still larger ones are told apart by size and time alone. Bytes. */
const largestHashed = 256 * 1024 * 1024;

/**
 * Notes how the files of all `file_modified` rules look, each once, with a copy of the smaller ones in the folder
 * `snapshots`, without secrets, for a later look at what changed. A file that cannot be looked at gets no state, and its rule will say
 * so. A copy that cannot be kept costs the copy only.
 */
export async function takeBaseline(
	rules: readonly Rule[],
	context: {workspace: string; placeholders: Placeholders; snapshots: string; mask?: Mask | undefined},
): Promise<FileState[]> {
	const states = new Map<string, FileState>();
	for (const rule of rules) {
		if (rule.type !== 'file_modified') continue;
		const place = locate(rule.path, context.workspace, context.placeholders);
		if ('problem' in place || states.has(place.key)) continue;
		const state = await stateOf(place, context);
		if (state) states.set(place.key, state);
	}
	return [...states.values()];
}

/** How a watched file stands against its earlier state; content counts, and time only where content cannot be compared. */
export async function compare(
	{absolute, key}: Place,
	before: FileState,
): Promise<{passed: boolean; actual: string; message: string}> {
	const name = named(key);
	const now = await look(absolute);
	if (now.kind !== 'file') {
		const hint = now.kind === 'missing' ? (before.exists ? '; it was there before' : '; expected it to be made') : '';
		const actual = now.kind === 'missing' ? (before.exists ? 'deleted' : 'does not exist') : 'not a readable file';
		return {passed: false, actual, message: `${refusal(key, now)}${hint}`};
	}
	if (!before.exists)
		return {passed: true, actual: `new, ${sized(now.size)}`, message: `${name} was made (${sized(now.size)})`};
	const was = before.size === undefined ? 'another size' : sized(before.size);
	if (now.size !== before.size) {
		return {
			passed: true,
			actual: `${was} before, ${sized(now.size)} now`,
			message: `${name} changed (${was} before, ${sized(now.size)} now)`,
		};
	}
	const touched = now.mtimeMs !== before.mtimeMs;
	if (before.hash === undefined) {
		const message = touched
			? `${name} was written again (${sized(now.size)})`
			: `${name} is unchanged; expected it to be changed`;
		return {passed: touched, actual: touched ? 'a newer time' : 'unchanged', message};
	}
	const hash = await withFile(absolute, async (handle, {size}) => ({
		kind: 'hash' as const,
		...(await fingerprint(handle, size)),
	}));
	if (hash.kind !== 'hash') return {passed: false, actual: 'not a readable file', message: refusal(key, hash)};
	if (hash.hash !== before.hash)
		return {passed: true, actual: `other content, ${sized(now.size)}`, message: `${name} changed (${sized(now.size)})`};
	return touched
		? {
				passed: false,
				actual: 'touched, the content is the same',
				message: `${name} was touched, but its content is the same; expected it to be changed`,
			}
		: {
				passed: false,
				actual: 'unchanged',
				message: `${name} is unchanged (${sized(now.size)}); expected it to be changed`,
			};
}

async function stateOf(
	{absolute, key}: Place,
	{snapshots, mask}: {snapshots: string; mask?: Mask | undefined},
): Promise<FileState | undefined> {
	const state = await withFile(absolute, async (handle, {size, mtimeMs}) => {
		const exact = {kind: 'state' as const, path: key, exists: true, size, mtimeMs};
		if (size > largestHashed) return exact;
		const {hash, bytes} = await fingerprint(handle, size);
		return {
			...exact,
			hash,
			copied: bytes !== undefined && (await keepCopy(snapshots, hash, mask?.bytes(bytes) ?? bytes)),
		};
	});
	if (state.kind === 'state') {
		const {kind: _, ...rest} = state;
		return rest;
	}
	return state.kind === 'missing' ? {path: key, exists: false} : undefined;
}

/** SHA-256 of an open file, and its bytes when it is small: both of one reading, so that they belong together. */
async function fingerprint(
	handle: Parameters<typeof chunksOf>[0],
	size: number,
): Promise<{hash: string; bytes: Buffer | undefined}> {
	const hash = createHash('sha256');
	const parts: Buffer[] = [];
	let total = 0;
	for await (const chunk of chunksOf(handle, Math.min(size + 1, largestCopy))) {
		hash.update(chunk);
		total += chunk.length;
		if (total <= largestCopy) parts.push(Buffer.from(chunk));
	}
	return {hash: hash.digest('hex'), bytes: total <= largestCopy ? Buffer.concat(parts) : undefined};
}

async function keepCopy(snapshots: string, hash: string, bytes: Buffer): Promise<boolean> {
	const target = path.join(snapshots, hash);
	const kept = await stat(target).catch(() => undefined);
	if (kept?.size === bytes.length) return true;
	const temporary = `${target}.${randomUUID()}.tmp`;
	try {
		await mkdir(snapshots, {recursive: true, mode: 0o700});
		await writeFile(temporary, bytes, {mode: 0o600, flag: 'wx'});
		await rename(temporary, target);
		return true;
	} catch {
		await rm(temporary, {force: true}).catch(() => {});
		return false;
	}
}
