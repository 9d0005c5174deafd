import {mkdir, stat} from 'node:fs/promises';
import {dirname} from 'node:path';
import {errorCode} from './disk-failure.js';
import {syncFolder} from './durable-write.js';

/**
 * Makes a folder and those above it, so that they survive a power cut. Throws the system's own error, where Node's
 * recursive mkdir reports a read-only disk as a missing folder. True when it was not there before.
 */
export const makeFolder = async (folder: string, mode = 0o777): Promise<boolean> => {
	try {
		await mkdir(folder, {mode});
	} catch (error) {
		const code = errorCode(error);
		if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return false;
		if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
		// Where the parent is there already, no folder can be made in it (/proc, say): trying again would never end.
		if (!(await makeFolder(dirname(folder), mode))) throw error;
		return makeFolder(folder, mode);
	}
	await syncFolder(dirname(folder));
	return true;
};
