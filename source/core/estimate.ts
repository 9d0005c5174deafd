import {allBatches, batchAt} from './batch-table.js';
import {isChosen} from './bookkeeping.js';
import type {Run} from './run.js';

/** Finished batches that are needed before anything is promised. */
const fewest = 2;

/** What a batch has outlasted the slowest by, so many times, is what it may still take: by a moment tells little. */
const outlasting = 4;

/** What the batches tell that are finished, and how many are not. */
export type Pace = {
	/** What each finished batch took, ms, the quickest first. */
	took: readonly number[];
	left: number;
};

/** Looks at every batch: worth keeping until one has come further. Undefined while too little is known, or nothing is left. */
export function paceOf(run: Run): Pace | undefined {
	const took: number[] = [];
	let left = 0;
	for (const batch of allBatches(run)) {
		if (batch.status === 'completed') took.push(batch.tookMs);
		else if (batch.status !== 'failed' && batch.status !== 'skipped' && isChosen(run, batch.number)) left++;
	}
	if (took.length < fewest || left === 0) return undefined;
	return {took: took.sort((a, b) => a - b), left};
}

/**
 * How long the rest will take, as a range, ms: what the faster and the slower half of the finished batches took, for each
 * that is left, over the slots. A batch under way needs what is left of that, at most of what the slowest took: so time
 * that goes by as before makes the range smaller and never larger. One that has outlasted all is news: it counts among
 * them, and may soon take as long again. Waits for limits are not in it.
 */
export function restOf({took, left}: Pace, run: Run, now: number): {fromMs: number; toMs: number} {
	const ages = agesOf(run, now);
	const slowest = took.at(-1) ?? 0;
	const longer = ages.filter(age => age > slowest);
	const known = longer.length === 0 ? took : [...took, ...longer].sort((a, b) => a - b);
	const [quick, slow] = [shareOf(known, 0.25), shareOf(known, 0.75)];
	const underWay = ages.map(age => ({
		from: Math.max(0, quick - age),
		to: age <= slowest ? slowest - age : Math.min(age, outlasting * (age - slowest)),
	}));
	const fresh = Math.max(0, left - ages.length);
	const from = underWay.reduce((sum, one) => sum + one.from, fresh * quick);
	const to = underWay.reduce((sum, one) => sum + one.to, fresh * slow);
	const longest = Math.max(fresh > 0 ? slow : 0, ...underWay.map(one => one.to));
	const rounds = left / run.concurrency;
	const pauses = Math.max(0, rounds - 1) * run.job.pause_between_batches_seconds * 1000;
	return {fromMs: from / run.concurrency + pauses, toMs: Math.max(longest, to / run.concurrency) + pauses};
}

/** What the batches under way have taken so far, their earlier attempts included, ms. */
function agesOf(run: Run, now: number): number[] {
	return run.live.flatMap(number => {
		const batch = batchAt(run, number);
		if (batch.status !== 'running' || !isChosen(run, number)) return [];
		// Once its process is over, its time is in the sum.
		return [batch.tookMs + (batch.outcome ? 0 : Math.max(0, now - batch.startedAt))];
	});
}

const shareOf = (sorted: readonly number[], share: number) =>
	sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
