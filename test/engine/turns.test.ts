import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Event} from '../../source/core/event.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';

/** What each append holds, once the first attempt has ended well. */
async function appendsAfterFirstAttempt(rules: number): Promise<string[][]> {
	const world = new World(makeJob({batches: 2, rules}));
	const appends: string[][] = [];
	world.onAppend = (events: Event[], write) => {
		appends.push(events.map(event => event.type));
		write();
	};
	world.open();
	await world.settle();
	appends.length = 0;
	world.attempts[0]!.end({exitCode: 0});
	await world.settle();
	world.checks[0]?.answer(rules);
	await world.settle();
	return appends;
}

test('without rules the end of an attempt, its verdict and the next start reach the disk as one', async () => {
	assert.deepEqual(await appendsAfterFirstAttempt(0), [
		['attempt-ended', 'batch-completed', 'attempt-started'],
		['attempt-spawned'],
	]);
});

test('rules are checked only when the end of the attempt is on the disk', async () => {
	assert.deepEqual(await appendsAfterFirstAttempt(2), [
		['attempt-ended'],
		['validated', 'batch-completed', 'attempt-started'],
		['attempt-spawned'],
	]);
});

test('a job whose rules were taken away is not judged by what they said', async () => {
	const world = new World(makeJob({batches: 1, rules: 1, retry: {max_retries: 1, max_completion_attempts: 0}}));
	world.open();
	await world.settle();
	world.attempts[0]!.end({exitCode: 0});
	await world.settle();
	world.checks[0]!.answer(0);
	await world.settle();
	world.crash();

	const job = makeJob({batches: 1, rules: 0, retry: {max_retries: 1, max_completion_attempts: 0}});
	const engine = world.open([
		{type: 'job-changed', job, sets: [], template: '', batches: [{first: 1, last: 1}], changes: ['validations']},
	]);
	await world.settle();
	world.tick();
	await world.settle();
	world.attempts[0]!.end({exitCode: 0});
	assert.equal((await engine.ended).result, 'completed');
});

test('an attempt that never began is judged by nothing: rules that pass already do not complete its batch', async () => {
	const world = new World(makeJob({batches: 2, rules: 1}));
	const engine = world.open();
	await world.settle();
	world.attempts[0]!.end({notStarted: true, durationMs: 0, failure: {kind: 'config', message: 'no such program'}});
	await world.settle();
	assert.equal(world.checks.length, 0);
	const {phase, reason, counts} = engine.getSnapshot();
	assert.deepEqual([phase, reason, counts.pending], ['paused', 'no such program', 2]);
});
