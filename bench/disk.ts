import {closeSync, fdatasyncSync, mkdtempSync, openSync, statfsSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {median} from './figures.js';

/**
 * Above this, ms, creating a file is slow: where many files were deleted in the last five minutes, ext4 passes over
 * each of their places. A burden for whoever keeps state, and none for a bare loop.
 */
export const slowCreationMs = 0.1;

/** What the disk takes for the two things that a durable program cannot do without, ms. */
export type Disk = {createMs: number; syncMs: number; inMemory: boolean};

const tmpfs = 0x01021994;

function timed(times: number, work: (index: number) => void): number {
	const taken = Array.from({length: times}, (_, index) => {
		const started = performance.now();
		work(index);
		return performance.now() - started;
	});
	return median(taken);
}

function lookAtDisk(root: string): Disk {
	const folder = mkdtempSync(join(root, 'disk-'));
	const line = `${'x'.repeat(200)}\n`;
	const createMs = timed(200, index => closeSync(openSync(join(folder, String(index)), 'w')));
	const fd = openSync(join(folder, 'journal'), 'a');
	const syncMs = timed(100, () => {
		writeSync(fd, line);
		fdatasyncSync(fd);
	});
	closeSync(fd);
	return {createMs, syncMs, inMemory: statfsSync(root).type === tmpfs};
}

/** Waits until creating files is quick, six minutes at most. `wait` is called once, when there is something to wait for. */
export async function calmDisk(root: string, wait: () => void): Promise<Disk> {
	const deadline = performance.now() + 360_000;
	let disk = lookAtDisk(root);
	if (disk.createMs > slowCreationMs) wait();
	while (disk.createMs > slowCreationMs && performance.now() < deadline) {
		await sleep(20_000);
		disk = lookAtDisk(root);
	}
	return disk;
}
