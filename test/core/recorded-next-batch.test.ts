import assert from 'node:assert/strict';
import {test} from 'node:test';
import {batchRanges} from '../../source/core/batches.js';
import type {Event, Fact} from '../../source/core/event.js';
import {decide} from '../../source/core/plan.js';
import {lostAttempts} from '../../source/core/recovery.js';
import {reduce} from '../../source/core/reduce.js';
import type {Run} from '../../source/core/run.js';
import cases from '../fixtures/recorded/next_batch.json' with {type: 'json'};
import {makeJob} from '../support/job.js';

/** Where we answer otherwise than the original, on purpose, by the case's batches and job status. */
function difference({job_status: status, batches, next}: (typeof cases)[number]): string | undefined {
	const one = (batches as Record<string, string>)['1'];
	const two = (batches as Record<string, string>)['2'];
	if (status === 'completed' && next === null && !(one === 'completed' && '3' in batches)) {
		return 'a job has no status apart from its batches: with batches left it is not completed';
	}
	if (status === 'cancelled') return 'a cancelled job goes on when it is run again';
	if (one === 'failed' && two === 'completed') return 'a lower failed batch is revisited';
	if (one === undefined && two === 'in_progress') return 'batches run in order: the lower pending one comes first';
	if (status === 'failed' && two === 'in_progress' && next === 3) return 'an unfinished batch is not passed over';
	return undefined;
}

/** The batch that `mozart run` would start next on this state. */
function nextBatch(batches: Record<string, string>): number | null {
	let run: Run | undefined;
	const add = (fact: Fact) => {
		run = reduce(run, {seq: (run?.seq ?? 0) + 1, at: 0, ...fact} as Event);
	};
	const job = makeJob({batches: 3, onFailure: 'continue'});
	add({type: 'run-started', job, sets: [], template: '', batches: batchRanges({size: 1, totalItems: 3, startItem: 1})});
	for (const [name, status] of Object.entries(batches)) {
		const batch = Number(name);
		if (status === 'skipped') add({type: 'batch-skipped', batch});
		else add({type: 'attempt-started', batch, attempt: 1, mode: 'normal'});
		if (status === 'completed' || status === 'failed') {
			add({type: 'attempt-ended', batch, attempt: 1, outcome: {durationMs: 1, aborted: false}});
			add({type: 'validated', batch, attempt: 1, verdicts: []});
		}
		if (status === 'completed') add({type: 'batch-completed', batch, passed: 0});
		if (status === 'failed') add({type: 'batch-failed', batch, failure: {kind: 'validation', message: 'no'}});
	}
	for (const fact of lostAttempts(run as unknown as Run)) add(fact);
	add({type: 'run-reopened'});
	for (const [name, status] of Object.entries(batches))
		if (status === 'failed') add({type: 'batch-requeued', batch: Number(name)});
	const fact = decide(run as unknown as Run, 0, 0.5);
	return fact?.type === 'attempt-started' ? fact.batch : null;
}

for (const recorded of cases) {
	const why = difference(recorded);
	const title = `next batch of a ${recorded.job_status} job with ${JSON.stringify(recorded.batches)}`;
	test(why ? `${title} (differs: ${why})` : title, () => {
		const mine = nextBatch(recorded.batches as unknown as Record<string, string>);
		if (why) assert.notEqual(mine, recorded.next, 'this difference is gone: take it off the list');
		else assert.equal(mine, recorded.next);
	});
}
