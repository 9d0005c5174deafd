import {chmod, readFile, rename, stat, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {type DiskFailure, diskFailure, errorCode} from './disk-failure.js';
import {makeFolder} from './make-folder.js';

/** Every file of one job's state. Batches and attempts count from 1. */
export type StatePaths = {
	root: string;
	journal: string;
	checkpoint: string;
	/** Journal and checkpoint of a job that keeps its state as a database. */
	stateDb: string;
	attempts: string;
	snapshots: string;
	/** Where the program that runs the job can be reached. */
	control: string;
	/** What a run without a terminal has said. */
	runLog: string;
	promptFile(batch: number, attempt: number): string;
	stdoutLog(batch: number, attempt: number): string;
	stderrLog(batch: number, attempt: number): string;
	/** The copy of a watched file's content, by the hash of it. */
	snapshotFile(hash: string): string;
};

/** Where a job's state lies, whether it is there or not. */
export const statePaths = (workspace: string, id: string): StatePaths => statePathsIn(join(workspace, '.mozart', id));

/** The same for any folder that holds the state of a job, as one that was put aside. */
export const statePathsIn = (root: string): StatePaths => {
	const attempts = join(root, 'attempts');
	const snapshots = join(root, 'snapshots');
	const ofAttempt = (ending: string) => (batch: number, attempt: number) =>
		join(attempts, `${batch}-${attempt}.${ending}`);
	return {
		root,
		journal: join(root, 'journal.jsonl'),
		checkpoint: join(root, 'checkpoint.json'),
		stateDb: join(root, 'state.db'),
		attempts,
		snapshots,
		control: join(root, 'control.json'),
		runLog: join(root, 'run.log'),
		promptFile: ofAttempt('prompt.md'),
		stdoutLog: ofAttempt('stdout.log'),
		stderrLog: ofAttempt('stderr.log'),
		snapshotFile: hash => join(snapshots, hash),
	};
};

/** Makes a folder that only its owner can look into, also when it was there with wider permissions. */
const privateFolder = async (folder: string) => {
	await makeFolder(folder, 0o700);
	// Disks without permissions refuse this, and there is nothing to protect on them.
	if (((await stat(folder)).mode & 0o077) !== 0) await chmod(folder, 0o700).catch(() => {});
};

/** Git must not see state, whatever the repository's own rules say. A crash may have left the file empty. */
const ignoreItself = async (folder: string) => {
	const file = join(folder, '.gitignore');
	const text = await readFile(file, 'utf8').catch(error => {
		if (errorCode(error) !== 'ENOENT') throw error;
		return '';
	});
	if (text.trim() === '') await writeFile(file, '*\n', {mode: 0o600});
};

/** Makes the folders of a job's state (0700, unseen by git), and the workspace when it is missing. */
export const openStateFolder = async (
	workspace: string,
	id: string,
): Promise<{paths: StatePaths} | {failure: DiskFailure}> => {
	const paths = statePaths(workspace, id);
	const mozart = dirname(paths.root);
	let at = workspace;
	try {
		await makeFolder(workspace);
		for (const folder of [mozart, paths.root, paths.attempts, paths.snapshots]) {
			at = folder;
			await privateFolder(folder);
		}
		at = mozart;
		await ignoreItself(mozart);
		return {paths};
	} catch (error) {
		return {failure: diskFailure(error, at)};
	}
};

/**
 * Moves a job's whole state to `<id>.<time>`, for a fresh start, and tells where it went; undefined when there was none.
 * Its lock goes along: take the lock first, and a new one in the new folder after. `now` is epoch ms.
 */
export const setStateAside = async (
	workspace: string,
	id: string,
	now: number,
): Promise<{movedTo: string | undefined} | {failure: DiskFailure}> => {
	const {root} = statePaths(workspace, id);
	const stamp = `${root}.${new Date(now).toISOString().replaceAll(':', '')}`;
	try {
		for (let n = 1; ; n++) {
			const movedTo = n === 1 ? stamp : `${stamp}-${n}`;
			try {
				await rename(root, movedTo);
				return {movedTo};
			} catch (error) {
				const code = errorCode(error);
				if (code === 'ENOENT') return {movedTo: undefined};
				if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
			}
		}
	} catch (error) {
		return {failure: diskFailure(error, root)};
	}
};
