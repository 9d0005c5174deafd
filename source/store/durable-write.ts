import {open, readdir, rename, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {errorCode} from './disk-failure.js';

/** Makes names created in, or moved into, a folder survive a power cut. */
export const syncFolder = async (folder: string): Promise<void> => {
	const handle = await open(folder, 'r');
	try {
		await handle.sync();
	} catch (error) {
		// Some network and FUSE disks cannot sync a folder; there is nothing more to do on them.
		if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
	} finally {
		await handle.close();
	}
};

/** Writes a file beside `file` under a name nobody else uses, complete and synced, and returns where. */
export const writeTemp = async (file: string, text: string): Promise<string> => {
	const temp = `${file}.${process.pid}-${crypto.randomUUID()}.tmp`;
	try {
		const handle = await open(temp, 'wx', 0o600);
		try {
			await handle.writeFile(text);
			await handle.sync();
		} finally {
			await handle.close();
		}
	} catch (error) {
		await rm(temp, {force: true});
		throw error;
	}
	return temp;
};

/**
 * Replaces `file` whole: after a crash at any moment there is the old content or the new one, never a part. With
 * `previous` the old content is kept there, and a crash can leave only that. Throws system errors; mode 0600.
 */
export const writeDurably = async (file: string, text: string, previous?: string): Promise<void> => {
	const temp = await writeTemp(file, text);
	try {
		if (previous !== undefined) {
			await rename(file, previous).catch(error => {
				if (errorCode(error) !== 'ENOENT') throw error;
			});
		}
		await rename(temp, file);
	} catch (error) {
		await rm(temp, {force: true});
		throw error;
	}
	await syncFolder(dirname(file));
};

/** Removes what a crash left of unfinished writes of `file`. Only for the owner of the lock: it would hit a live writer's too. */
export const removeTemps = async (file: string): Promise<void> => {
	const folder = dirname(file);
	const prefix = `${basename(file)}.`;
	for (const name of await readdir(folder)) {
		if (name.startsWith(prefix) && /\.tmp(-wal|-shm|-journal)?$/.test(name))
			await rm(join(folder, name), {force: true});
	}
};
