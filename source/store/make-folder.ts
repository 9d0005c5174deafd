import {mkdir, stat} from 'node:fs/promises';
import {dirname} from 'node:path';
import {errorCode} from './disk-failure.js';
import {syncFolder} from './durable-write.js';

/**
 * Makes a folder and those above it, so that they survive a power cut. Throws the system's own error, where Node's
 * recursive mkdir reports a read-only disk as a missing folder. True when it was not there before.
 */
export const makeFolder = async (folder: string, mode = 0o777, parentIsThere = false): Promise<boolean> => {
	try {
		await mkdir(folder, {mode});
	} catch (error) {
		const code = errorCode(error);
		if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return false;
		// Where no folder can be made though its parent is there (/proc, say), trying again would never end.
		if (code !== 'ENOENT' || parentIsThere || dirname(folder) === folder) throw error;
		await makeFolder(dirname(folder), mode);
		return makeFolder(folder, mode, true);
	}
	await syncFolder(dirname(folder));
	return true;
};
