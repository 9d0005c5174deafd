import {setTimeout as sleep} from 'node:timers/promises';
import {type ProcessRow, readProcess} from './process-table.js';

export type EndOptions = {
	/** Between TERM and KILL, in milliseconds. 0: KILL at once. */
	graceMs: number;
};

/** How many processes were found, and the pids that even KILL has not ended (stuck in the kernel, or another user's). */
export type Ended = {found: number; left: number[]};

/** How long KILL may take before it is given up, in milliseconds. */
const killPatienceMs = 5_000;

/** Whether this very process still runs: not a zombie, and not another one that has been given its pid. */
export function stillRuns({pid, startTime}: Pick<ProcessRow, 'pid' | 'startTime'>): boolean {
	const row = readProcess(pid);
	return row?.alive === true && row.startTime === startTime;
}

/** Never a signal to ourselves or to pid 1, nor to "every process" (pid 0 and below). */
export function mayEnd(pid: number): boolean {
	return pid > 1 && pid !== process.pid;
}

/** Sends a signal to a process, or with a negative pid to a group; one that is gone meanwhile is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
	if (!mayEnd(Math.abs(pid))) return;
	try {
		process.kill(pid, signal);
	} catch {
		// ESRCH: gone already. EPERM: not ours to end; it is reported as left over.
	}
}

/**
 * Ends everything that `find` names: TERM, the grace time, KILL, and a new look until nothing is found, since what is
 * being ended may still start more. `find` gets what is known so far and still runs; what it found once stays known.
 */
export async function endAll(
	find: (known: readonly ProcessRow[]) => readonly ProcessRow[],
	{graceMs}: EndOptions,
): Promise<Ended> {
	const started = performance.now();
	const known = new Map<string, ProcessRow>();
	const asked = new Set<string>();
	for (;;) {
		const before = [...known.values()].filter(stillRuns);
		for (const row of find(before)) if (row.alive && mayEnd(row.pid)) known.set(keyOf(row), row);
		const running = [...known.values()].filter(stillRuns);
		if (running.length === 0) return {found: known.size, left: []};
		const elapsed = performance.now() - started;
		if (elapsed >= graceMs + killPatienceMs) return {found: known.size, left: running.map(row => row.pid)};
		const force = elapsed >= graceMs;
		for (const row of running) {
			if (force) sendSignal(row.pid, 'SIGKILL');
			else if (!asked.has(keyOf(row))) sendSignal(row.pid, 'SIGTERM');
			asked.add(keyOf(row));
		}
		await untilGone(running, started + (force ? graceMs + killPatienceMs : graceMs));
	}
}

function keyOf({pid, startTime}: ProcessRow): string {
	return `${pid} ${startTime}`;
}

/** Resolves when none of them runs any more, or at the deadline (on the clock of `performance.now`). */
async function untilGone(rows: readonly ProcessRow[], deadline: number): Promise<void> {
	for (let pause = 2; rows.some(stillRuns); pause = Math.min(pause * 2, 50)) {
		const left = deadline - performance.now();
		if (left <= 0) return;
		await sleep(Math.min(pause, left));
	}
}
