import {readdir, readFile} from 'node:fs/promises';
import {hostname} from 'node:os';
import {join} from 'node:path';
import * as z from 'zod';
import {isAlive, processIdentitySchema} from '../process/identity.js';
import {errorCode} from './disk-failure.js';

const ownerSchema = processIdentitySchema.extend({
	host: z.string(),
	/** Epoch ms. For people: a lock is never judged by its age. */
	since: z.number(),
});
/** Who runs a job. */
export type Owner = z.infer<typeof ownerSchema>;

const lockSchema = z.discriminatedUnion('released', [
	z.object({format: z.literal(1), released: z.literal(true)}),
	ownerSchema.extend({format: z.literal(1), released: z.literal(false), token: z.string()}),
]);
/** What a lock file says; `token` tells apart two locks of one process. */
export type LockContent = z.infer<typeof lockSchema>;

/** Generations of the lock that lie in the folder, highest first. */
export const generations = async (folder: string): Promise<number[]> =>
	(await readdir(folder))
		.map(name => Number(/^lock\.([1-9]\d*)$/.exec(name)?.[1]))
		.filter(n => Number.isSafeInteger(n))
		.sort((a, b) => b - a);

/** The highest generation, 0 without any. A folder that changes while it is read can hide one, so two readings must agree. */
export const highest = async (folder: string): Promise<number> => {
	for (let last = (await generations(folder))[0] ?? 0; ; ) {
		const next = (await generations(folder))[0] ?? 0;
		if (next === last) return next;
		last = next;
	}
};

/** Reads one lock file. Throws system errors but that it is not there. */
export const readLock = async (file: string): Promise<LockContent | 'gone' | 'unreadable'> => {
	try {
		return lockSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data ?? 'unreadable';
	} catch (error) {
		if (error instanceof SyntaxError) return 'unreadable';
		if (errorCode(error) === 'ENOENT') return 'gone';
		throw error;
	}
};

/** Who runs the job of this state folder now, for display; on another host it cannot be seen whether that still lives. */
export const lockOwner = async (folder: string): Promise<Owner | undefined> => {
	try {
		const content = await readLock(join(folder, `lock.${await highest(folder)}`));
		if (typeof content === 'string' || content.released) return undefined;
		const {pid, startTime, bootId, host, since} = content;
		if (host === hostname() && !isAlive({pid, startTime, bootId})) return undefined;
		return {pid, startTime, bootId, host, since};
	} catch (error) {
		// A folder that is gone or closed to us has no owner that could be shown.
		if (errorCode(error) === undefined) throw error;
		return undefined;
	}
};
