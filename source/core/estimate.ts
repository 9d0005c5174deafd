import {allBatches} from './batch-table.js';
import {isChosen} from './bookkeeping.js';
import type {Run} from './run.js';

/** Finished batches that are needed before anything is promised. */
const fewest = 2;

/**
 * How long the rest will take, as a range, ms: what the faster and the slower half of the finished batches took, times
 * what is left for each slot. Undefined while too little is known, or nothing is left. Waits for limits are not in it.
 */
export function estimateRest(run: Run): {fromMs: number; toMs: number} | undefined {
	const took: number[] = [];
	let left = 0;
	for (const batch of allBatches(run)) {
		if (batch.status === 'completed') took.push(batch.tookMs);
		else if (batch.status !== 'failed' && batch.status !== 'skipped' && isChosen(run, batch.number)) left++;
	}
	if (took.length < fewest || left === 0) return undefined;
	took.sort((a, b) => a - b);
	const at = (share: number) => took[Math.min(took.length - 1, Math.floor(share * took.length))] ?? 0;
	const rounds = left / run.concurrency;
	const pauses = Math.max(0, rounds - 1) * run.job.pause_between_batches_seconds * 1000;
	return {fromMs: rounds * at(0.25) + pauses, toMs: Math.max(1, rounds) * at(0.75) + pauses};
}
