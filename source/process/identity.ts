import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import * as z from 'zod';
import {readProcess} from './process-table.js';

/**
 * Names one process for good: a pid alone is given out again, a pid with its start time and the boot it belongs to is
 * not. Holds within one machine (and one container): compare host names before trusting it.
 */
export const processIdentitySchema = z.object({
	pid: z.number().int().positive(),
	/** Opaque; clock ticks since boot on Linux, a date elsewhere. */
	startTime: z.string(),
	/** Opaque; empty where the system has none. */
	bootId: z.string(),
});
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

let knownBootId: string | undefined;

function bootId(): string {
	knownBootId ??= readBootId();
	return knownBootId;
}

function readBootId(): string {
	try {
		if (process.platform === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
		if (process.platform === 'darwin') {
			return execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], {
				encoding: 'utf8',
				stdio: ['ignore', 'pipe', 'ignore'],
			}).trim();
		}
	} catch {
		// Start times are dates outside Linux, so that they tell boots apart well enough.
	}
	return '';
}

/** The identity of a running process, by default this one; `undefined` when there is none with this pid or it has ended. */
export function processIdentity(pid: number = process.pid): ProcessIdentity | undefined {
	const row = readProcess(pid);
	return row?.alive ? {pid, startTime: row.startTime, bootId: bootId()} : undefined;
}

/** Whether exactly this process still runs. False after a reboot, for a zombie, and when the pid has gone to another process. */
export function isAlive(identity: ProcessIdentity): boolean {
	if (identity.bootId !== bootId()) return false;
	const row = readProcess(identity.pid);
	return row?.alive === true && row.startTime === identity.startTime;
}
