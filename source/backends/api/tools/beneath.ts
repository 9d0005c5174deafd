import {constants, type Stats} from 'node:fs';
import {type FileHandle, lstat, mkdir, open, opendir, readlink, realpath, stat} from 'node:fs/promises';
import path from 'node:path';
import {closest} from '../../../config/closest.js';
import {isState, type Problem, shownWay, stateWords, type Way} from './way.js';

/**
 * An open folder of the workspace. `at` names it for the system: with a name of one of its entries appended it means that
 * very folder, whatever becomes of the names above it meanwhile.
 */
export type Folder = AsyncDisposable & {way: Way; at: string; state: Identity | undefined; handle: FileHandle};

/** An open plain file. */
export type OpenFile = AsyncDisposable & {handle: FileHandle; stats: Stats};

/** What tells one file from all others. */
type Identity = {dev: number; ino: number};

const {O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK} = constants;

/**
 * Opens a folder of the workspace, name by name, following no link. On Linux each name is looked up in the folder that is
 * open already (`/proc/self/fd`), so a link that somebody makes between two steps leads nowhere. Elsewhere names are all
 * there is, and they are checked again once open, which leaves such a person a moment. `make`: missing folders are made.
 */
export async function openFolder(root: string, way: Way, {make = false} = {}): Promise<Folder | Problem> {
	let folder = await openRoot(root);
	for (const name of way) {
		if ('problem' in folder) return folder;
		await using above = folder;
		folder = await enter(above, name, make);
	}
	return folder;
}

/** Opens a folder in another one. */
export async function enter(above: Folder, name: string, make = false): Promise<Folder | Problem> {
	const way = [...above.way, name];
	const inner = path.join(above.at, name);
	try {
		if (make) await mkdir(inner).catch(unless('EEXIST'));
		const seen = await look(above, name);
		if ('problem' in seen) return seen;
		if (!seen.isDirectory()) return {problem: `${shownWay(way)} is ${whatIs(seen)}, not a folder.`};
		const handle = await open(inner, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK);
		const {state} = above;
		const folder = await folderOf(handle, {way, state, names: inner});
		const {dev, ino} = await handle.stat();
		if (state && state.dev === dev && state.ino === ino) return await refused(folder, stateWords);
		if (folder.at === inner && (await realpath(inner)) !== inner) return await refused(folder, moved(way));
		return folder;
	} catch (error) {
		return {problem: `${shownWay(way)} cannot be opened: ${reasonOf(error)}.`};
	}
}

/** Opens a plain file for reading. It is looked at before, so that no device is touched, and again once open. */
export async function openFile(folder: Folder, name: string): Promise<OpenFile | Problem> {
	const way = [...folder.way, name];
	try {
		const seen = await look(folder, name);
		if ('problem' in seen) return seen;
		if (!seen.isFile()) return {problem: `${shownWay(way)} is ${whatIs(seen)}, not a file.`};
		const handle = await open(path.join(folder.at, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
		const file = {handle, stats: await handle.stat(), [Symbol.asyncDispose]: () => handle.close()};
		if (file.stats.isFile()) return file;
		return await refused(file, moved(way));
	} catch (error) {
		return {problem: `${shownWay(way)} cannot be read: ${reasonOf(error)}.`};
	}
}

/** What lies in a folder under a name; a link is a problem, and so is nothing at all. */
export async function look(folder: Folder, name: string): Promise<Stats | Problem> {
	const way = [...folder.way, name];
	const seen = await lstat(path.join(folder.at, name)).catch(unless('ENOENT'));
	if (!seen) return {problem: `${shownWay(way)} does not exist.${await suggestion(folder, name)}`};
	return seen.isSymbolicLink() ? linkProblem(folder, name) : seen;
}

/** Looks whether there is something under a name that could be written over; undefined where there is nothing. */
export async function lookForFile(folder: Folder, name: string): Promise<Stats | Problem | undefined> {
	const seen = await lstat(path.join(folder.at, name)).catch(unless('ENOENT'));
	if (!seen) return undefined;
	if (seen.isSymbolicLink()) return linkProblem(folder, name);
	const shown = shownWay([...folder.way, name]);
	if (!seen.isFile()) return {problem: `${shown} is ${whatIs(seen)}, not a file: choose another name.`};
	if ((seen.mode & 0o222) === 0) return {problem: `${shown} is protected against writing: choose another name.`};
	return seen;
}

/** `a folder`, `a named pipe` … for the inside of a sentence. */
export function whatIs(
	entry: Pick<Stats, 'isDirectory' | 'isFile' | 'isFIFO' | 'isSocket' | 'isSymbolicLink'>,
): string {
	if (entry.isFile()) return 'a file';
	if (entry.isDirectory()) return 'a folder';
	if (entry.isSymbolicLink()) return 'a link';
	if (entry.isFIFO()) return 'a named pipe';
	return entry.isSocket() ? 'a socket' : 'a device';
}

/** A system error in plain words; anything else is a bug, and thrown on. */
export function reasonOf(error: unknown): string {
	if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error;
	return reasons[error.code] ?? error.code;
}

const reasons: Readonly<Record<string, string>> = {
	EACCES: 'permission denied',
	EPERM: 'permission denied',
	ENOENT: 'it has been moved or removed meanwhile',
	ENOTDIR: 'it has been replaced meanwhile',
	ELOOP: 'it has been replaced by a link meanwhile',
	ENXIO: 'it has been replaced meanwhile',
	ENAMETOOLONG: 'its name is too long',
	ENOSPC: 'the disk is full',
	EDQUOT: 'the disk quota is used up',
	EROFS: 'the disk can only be read',
	EMFILE: 'too many files are open, try again',
	ENFILE: 'too many files are open, try again',
	EIO: 'the disk reports an error',
	EILSEQ: 'this disk does not take such a name',
	EINVAL: 'this disk does not take such a name',
};

async function openRoot(root: string): Promise<Folder | Problem> {
	try {
		const names = await realpath(root);
		const handle = await open(names, O_RDONLY | O_DIRECTORY);
		const folder = await folderOf(handle, {way: [], state: undefined, names});
		const state = await stat(path.join(folder.at, '.mozart')).catch(() => undefined);
		return {...folder, state};
	} catch (error) {
		return {problem: `The workspace cannot be opened: ${reasonOf(error)}.`};
	}
}

async function folderOf(
	handle: FileHandle,
	{names, ...rest}: Pick<Folder, 'way' | 'state'> & {names: string},
): Promise<Folder> {
	const own = `/proc/self/fd/${handle.fd}`;
	const [here, there] = await Promise.all([handle.stat(), stat(own).catch(() => undefined)]);
	const at = there?.ino === here.ino && there.dev === here.dev ? own : names;
	return {...rest, at, handle, [Symbol.asyncDispose]: () => handle.close()};
}

async function refused(opened: AsyncDisposable, problem: string): Promise<Problem> {
	await opened[Symbol.asyncDispose]();
	return {problem};
}

const moved = (way: Way) => `${shownWay(way)} has been replaced meanwhile: look again.`;

async function linkProblem(folder: Folder, name: string): Promise<Problem> {
	const shown = shownWay([...folder.way, name]);
	const link = await readlink(path.join(folder.at, name));
	const target = path.posix.join(...folder.way, link).split('/');
	const inside = !path.isAbsolute(link) && target[0] !== '..' && !target.some(isState);
	return {
		problem: `${shown} is a link, and links are not followed.${inside ? ` Try ${shownWay(target)} itself.` : ''}`,
	};
}

async function suggestion({at, way}: Folder, name: string): Promise<string> {
	const names: string[] = [];
	const entries = await opendir(at).catch(() => []);
	for await (const entry of entries) {
		if (!isState(entry.name)) names.push(entry.name);
		if (names.length >= 2_000) break;
	}
	const near = closest(name, names);
	if (near !== undefined) return ` Did you mean ${shownWay([...way, near])}?`;
	return ' list_files shows what there is.';
}

/** For `catch`: nothing in place of one system error, all others on. */
const unless = (code: string) => (error: NodeJS.ErrnoException) => {
	if (error.code !== code) throw error;
	return undefined;
};
