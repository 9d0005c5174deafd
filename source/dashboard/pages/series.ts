import {allBatches} from '../../core/batch-table.js';
import type {Batch, Run} from '../../core/run.js';

/** One mark of a chart: some batches in a row, and their figure. */
export type Mark = {first: number; last: number; value: number; status: 'completed' | 'failed'};

/** Marks in a chart at most: of more batches some in a row share one. */
const mostMarks = 120;

/** What each finished batch took, ms; of several the one in the middle. */
export const durationsOf = (run: Run): Mark[] => marksOf(run, ({tookMs}) => tookMs);

/** What each finished batch has cost, US dollars, where its CLI tells. */
export const costsOf = (run: Run): Mark[] => marksOf(run, ({usage}) => usage?.costUsd);

function marksOf(run: Run, figureOf: (batch: Batch) => number | undefined): Mark[] {
	const singles: Mark[] = [];
	for (const batch of allBatches(run)) {
		if (batch.status !== 'completed' && batch.status !== 'failed') continue;
		const value = figureOf(batch);
		if (value !== undefined) singles.push({first: batch.number, last: batch.number, value, status: batch.status});
	}
	const each = Math.ceil(singles.length / mostMarks);
	if (each <= 1) return singles;
	return Array.from({length: Math.ceil(singles.length / each)}, (_, index) => {
		const some = singles.slice(index * each, (index + 1) * each);
		const sorted = some.map(({value}) => value).sort((a, b) => a - b);
		return {
			...{first: some[0]!.first, last: some.at(-1)!.last, value: sorted[sorted.length >> 1]!},
			status: some.some(({status}) => status === 'failed') ? 'failed' : 'completed',
		};
	});
}
