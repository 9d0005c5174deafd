import {constants, type Stats} from 'node:fs';
import {lstat, open, rename, rm} from 'node:fs/promises';
import path from 'node:path';
import {type Folder, reasonOf} from './beneath.js';
import {stopped} from './tool.js';
import {type Problem, shownWay} from './way.js';

const {O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW} = constants;

/**
 * Puts a file into an open folder, whole or not at all: whatever the name means by then is replaced, never written
 * through. `seen` is what lay there before: its mode is kept, and with `unchanged` it must still be the same.
 */
export async function putFile(
	folder: Folder,
	name: string,
	text: string,
	{seen, unchanged = false, signal}: {seen: Stats | undefined; unchanged?: boolean; signal: AbortSignal},
): Promise<Problem | undefined> {
	const shown = shownWay([...folder.way, name]);
	const target = path.join(folder.at, name);
	const temp = path.join(folder.at, `.${crypto.randomUUID()}.tmp`);
	try {
		const handle = await open(temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
		try {
			await handle.writeFile(text);
			if (seen) await handle.chmod(seen.mode & 0o777);
			await handle.sync();
		} finally {
			await handle.close();
		}
		if (signal.aborted) return await given(temp, stopped);
		if (unchanged && seen && !isSame(seen, await lstat(target))) {
			return await given(temp, {problem: `${shown} has changed meanwhile: read it again.`});
		}
		await rename(temp, target);
		// Some disks cannot sync a folder; there is nothing more to do on them.
		await folder.handle.sync().catch(() => {});
		return undefined;
	} catch (error) {
		return given(temp, {problem: `${shown} cannot be written: ${reasonOf(error)}.`});
	}
}

async function given(temp: string, problem: Problem): Promise<Problem> {
	await rm(temp, {force: true});
	return problem;
}

const isSame = (one: Stats, other: Stats) =>
	one.ino === other.ino && one.dev === other.dev && one.mtimeMs === other.mtimeMs && one.size === other.size;
