import {realpath} from 'node:fs/promises';
import {diskFailure} from './disk-failure.js';
import {jobId} from './job-id.js';
import {acquireLock, type Lock, type LockOptions, type LockResult} from './lock.js';
import {makeFolder} from './make-folder.js';
import {openStateFolder, type StatePaths, setStateAside} from './state-folder.js';
import type {StoreFailure} from './store-failure.js';

/** The state of a job, held by its lock; `workspace` is a real path, and `movedTo` where a fresh start has put the old state. */
export type HeldState = {id: string; workspace: string; paths: StatePaths; lock: Lock; movedTo?: string};

type NotHeld = Extract<LockResult, {heldBy: unknown}> | {failure: StoreFailure};

export type HoldOptions = LockOptions & {
	/** Puts the state so far aside and holds a new one. */
	fresh?: boolean;
};

/** How often the state folder is looked for anew when fresh starts of others keep moving it away. */
const mostLooks = 20;

/** Makes the workspace and the folders of the job's state, and takes its lock. */
export const holdState = async (
	{file, name, workspace: written}: {file: string; name: string; workspace: string},
	options: HoldOptions,
): Promise<HeldState | NotHeld> => {
	let workspace: string;
	try {
		// The id hangs on the workspace's real path, which is known only once it is there.
		await makeFolder(written);
		workspace = await realpath(written);
	} catch (error) {
		return {failure: diskFailure(error, written)};
	}
	const id = jobId(file, workspace, name);
	const held = await hold(workspace, id, options);
	if (!('lock' in held) || !options.fresh) return held;
	// The old lock goes along with the old state: until the new one is taken, nobody else can run on either.
	const aside = await setStateAside(workspace, id, options.now);
	const again = 'failure' in aside ? aside : await hold(workspace, id, options);
	await held.lock.release();
	if (!('lock' in again) || !('movedTo' in aside) || aside.movedTo === undefined) return again;
	return {...again, movedTo: aside.movedTo};
};

/** A fresh start of somebody else may move the folder away between opening it and taking its lock: then once more. */
const hold = async (workspace: string, id: string, options: LockOptions): Promise<HeldState | NotHeld> => {
	for (let look = 1; ; look++) {
		const held = await holdOnce(workspace, id, options);
		const moved = 'failure' in held && held.failure.kind === 'disk' && held.failure.code === 'ENOENT';
		if (!moved || look === mostLooks) return held;
	}
};

const holdOnce = async (workspace: string, id: string, options: LockOptions): Promise<HeldState | NotHeld> => {
	const opened = await openStateFolder(workspace, id);
	if ('failure' in opened) return opened;
	const {paths} = opened;
	const lock = await acquireLock(paths.root, options);
	return 'release' in lock ? {id, workspace, paths, lock} : lock;
};
