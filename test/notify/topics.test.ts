import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import type {Topic} from '../../source/config/notifications.js';
import type {Outcome} from '../../source/core/run.js';
import {isRoutine, topicsOf} from '../../source/notify/topics.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';

/** Plays a story and gives what would be told, in order. */
async function told(
	story: (world: World, end: (outcome?: Partial<Outcome>) => Promise<void>) => Promise<void>,
	job = makeJob({batches: 2, rules: 0}),
): Promise<string[]> {
	const world = new World(job);
	const found: string[] = [];
	const engine = world.open();
	engine.subscribe((events, run) => {
		for (const event of events) for (const topic of topicsOf(event, run)) found.push(topic);
	});
	await world.settle();
	await story(world, async outcome => {
		world.attempts[0]?.end(outcome);
		await world.settle();
		for (const check of [...world.checks]) check.answer(0);
		await world.settle();
	});
	return found;
}

const fails = (kind: 'auth' | 'transient' | 'rate_limit' | 'overloaded', message: string): Partial<Outcome> => ({
	exitCode: 1,
	failure: {kind, message},
});

describe('what is told', () => {
	it('of a run that completes', async () => {
		const found = await told(async (_, end) => {
			await end();
			await end();
		});
		assert.deepEqual(found, [
			...['job_start', 'batch_start', 'batch_complete', 'batch_start', 'batch_complete', 'job_complete'],
		]);
	});

	it('of a batch that fails: it begins once, however often it is tried', async () => {
		const job = makeJob({batches: 2, rules: 0, retry: {max_retries: 1}});
		const found = await told(async (world, end) => {
			await end(fails('transient', 'no'));
			world.tick();
			await world.settle();
			await end(fails('transient', 'no'));
		}, job);
		assert.deepEqual(found, ['job_start', 'batch_start', 'batch_failed', 'job_failed']);
	});

	it('of a limit, but not of a service that is busy', async () => {
		const found = await told(async (world, end) => {
			await end(fails('overloaded', 'busy'));
			world.tick();
			await world.settle();
			await end(fails('rate_limit', 'limit'));
		});
		assert.deepEqual(found, ['job_start', 'batch_start', 'limit_hit']);
	});

	it('of a limit that another CLI makes up for: one is closed for hours all the same', async () => {
		const found = await told(
			async (world, end) => {
				const until = world.time + 3 * 3_600_000;
				await end({exitCode: 1, failure: {kind: 'rate_limit', message: 'limit', until}});
			},
			makeJob({batches: 2, rules: 0, fallbacks: 1}),
		);
		assert.deepEqual(found, ['job_start', 'batch_start', 'limit_hit']);
	});

	it('of a pause by the program, which wants a person; the end that follows is not told again', async () => {
		const found = await told(async (world, end) => {
			await end(fails('auth', 'not logged in'));
			await world.engine.send({type: 'stop', mode: 'drain'});
			await world.settle();
		});
		assert.deepEqual(found, ['job_start', 'batch_start', 'job_paused', 'attention']);
	});

	it('of batches that fail alike, and of one that is held: both want a person', async () => {
		const job = makeJob({batches: 4, rules: 0, retry: {max_retries: 0, pause_after_alike: 2}, onFailure: 'continue'});
		const alike = await told(async (_, end) => {
			await end(fails('transient', 'no such folder'));
			await end(fails('transient', 'no such folder'));
		}, job);
		assert.deepEqual(alike.slice(-3), ['batch_failed', 'job_paused', 'attention']);
		const held = await told(
			async (world, end) => {
				await world.engine.send({type: 'hold', batch: 1});
				await end({aborted: true});
			},
			makeJob({batches: 1, rules: 0}),
		);
		assert.deepEqual(held.slice(-2), ['job_paused', 'attention']);
	});

	it('of a pause and of a stop by a person, who need not be called', async () => {
		const paused = await told(async world => {
			await world.engine.send({type: 'pause', mode: 'drain'});
			await world.settle();
		});
		assert.deepEqual(paused.slice(-1), ['job_paused']);
		const stop = (cancel: boolean) =>
			told(async (world, end) => {
				await world.engine.send({type: 'stop', mode: 'now', cancel});
				await end({aborted: true});
			});
		assert.deepEqual((await stop(false)).slice(-2), ['batch_start', 'job_paused']);
		assert.deepEqual((await stop(true)).slice(-2), ['batch_start', 'job_failed']);
	});

	it('of a budget that is nearly spent', () => {
		const run = {} as Parameters<typeof topicsOf>[1];
		const event = {type: 'budget-warned' as const, seq: 1, at: 1, of: 'cost' as const, spent: 4, limit: 5};
		assert.deepEqual(topicsOf(event, run), ['budget_warning']);
	});

	it('as routine is what a busy job has many of', () => {
		const routine: Topic[] = ['batch_start', 'batch_complete', 'batch_failed'];
		for (const topic of routine) assert.equal(isRoutine(topic), true);
		assert.equal(isRoutine('job_failed'), false);
		assert.equal(isRoutine('attention'), false);
	});
});
