import {link, readdir, rename, rm, stat} from 'node:fs/promises';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {isAlive, processIdentity} from '../process/identity.js';
import {diskFailure, errorCode} from './disk-failure.js';
import {writeTemp} from './durable-write.js';
import {generations, highest, type LockContent, type Owner, readLock} from './lock-owner.js';
import type {StoreFailure} from './store-failure.js';

/*
 * A lock is the file `lock.<n>` with the highest n: its content names the owner, or says that it was released. To take
 * a lock whose owner is gone, the next number is created by `link`, complete and only once, so that of all who see the
 * dead owner one wins. The highest is never unlinked, so numbers only grow and a late `link` of an old one is seen.
 */

export type Lock = {
	/** Lets the next run have it. Does nothing when it was taken by force meanwhile, or cannot be written (full, gone). */
	release(): Promise<void>;
};

export type LockResult = Lock | {heldBy: Owner; message: string} | {failure: StoreFailure};

export type LockOptions = {
	/** Epoch ms, noted in the lock. */
	now: number;
	/** Takes a lock held on another host, where it cannot be seen whether the owner lives. Never one that lives here. */
	force?: boolean;
};

const text = (content: LockContent) => `${JSON.stringify(content)}\n`;

const heldBy = ({pid, startTime, bootId, host, since}: Owner): LockResult => {
	const elsewhere = host === hostname() ? '' : ` on ${host}`;
	const way = elsewhere ? ' If that process is surely gone, take over with --force.' : '';
	return {
		heldBy: {pid, startTime, bootId, host, since},
		message: `This job is already run by process ${pid}${elsewhere}, since ${new Date(since).toISOString()}.${way}`,
	};
};

const unreadable = (file: string): {failure: StoreFailure} => ({
	failure: {
		kind: 'lock-unreadable',
		file,
		message: `${file} does not say who runs this job. Make sure that no other run of it is alive, then delete that file.`,
	},
});

const mayTake = ({host, ...owner}: Owner, force: boolean) => (host === hostname() ? !isAlive(owner) : force);

const folderId = async (folder: string) => {
	const {dev, ino} = await stat(folder);
	return `${dev}:${ino}`;
};

/** Links the complete content as `lock.<n>`. False when someone else was first. */
const create = async (folder: string, n: number, content: LockContent): Promise<boolean> => {
	const temp = await writeTemp(join(folder, 'lock'), text(content));
	try {
		await link(temp, join(folder, `lock.${n}`));
		return true;
	} catch (error) {
		// ENOENT: the winner has cleared our temp file away.
		if (errorCode(error) !== 'EEXIST' && errorCode(error) !== 'ENOENT') throw error;
		return false;
	} finally {
		await rm(temp, {force: true});
	}
};

/** Clears away older generations and what a crash, or a slower rival, left half done. */
const clearBelow = async (folder: string, n: number) => {
	for (const old of await generations(folder)) {
		if (old < n) await rm(join(folder, `lock.${old}`), {force: true});
	}
	for (const name of await readdir(folder)) {
		if (/^lock\.\d+-[\da-f]+\.tmp$/.test(name)) await rm(join(folder, name), {force: true});
	}
};

const release = async (folder: string, n: number, token: string) => {
	const file = join(folder, `lock.${n}`);
	try {
		const content = await readLock(file);
		if (typeof content === 'string' || content.released || content.token !== token) return;
		if ((await highest(folder)) !== n) return;
		const temp = await writeTemp(join(folder, 'lock'), text({format: 1, released: true}));
		await rename(temp, file);
	} catch (error) {
		// A full or vanished disk must not hide why a run ends; the end of the process frees the lock as well.
		if (errorCode(error) === undefined) throw error;
	}
};

/**
 * Takes the lock of a job's state folder, or says who has it. An owner is a process (pid, start time, boot, host): a
 * stopped one keeps its lock however long, a dead one loses it at once. Freed by `release` or by the end of the process.
 */
export const acquireLock = async (folder: string, {now, force = false}: LockOptions): Promise<LockResult> => {
	const self = processIdentity(process.pid);
	if (!self) throw new Error('this process has no identity');
	const token = crypto.randomUUID();
	const own: LockContent = {format: 1, released: false, token, ...self, host: hostname(), since: now};
	try {
		// Each round that fails was won by someone else; so many lost rounds mean that the folder is not what it seems.
		for (let round = 0; round < 1000; round++) {
			const place = await folderId(folder);
			const top = await highest(folder);
			if (top > 0) {
				const content = await readLock(join(folder, `lock.${top}`));
				if (content === 'gone') continue;
				if (content === 'unreadable') return unreadable(join(folder, `lock.${top}`));
				if (!content.released && !mayTake(content, force)) return heldBy(content);
			}
			const n = top + 1;
			if (!(await create(folder, n, own))) continue;
			// A rival may have taken, released and cleared number n before, or moved the folder aside for a fresh start.
			if ((await highest(folder)) === n && (await folderId(folder)) === place) {
				await clearBelow(folder, n);
				return {release: () => release(folder, n, token)};
			}
			const content = await readLock(join(folder, `lock.${n}`));
			if (typeof content !== 'string' && !content.released && content.token === token) {
				await rm(join(folder, `lock.${n}`), {force: true});
			}
		}
		return unreadable(join(folder, `lock.${await highest(folder)}`));
	} catch (error) {
		return {failure: diskFailure(error, folder)};
	}
};
