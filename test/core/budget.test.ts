import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {Budget} from '../../source/config/schema.js';
import {batchAt} from '../../source/core/batch-table.js';
import type {EventOf, EventType} from '../../source/core/event.js';
import {summarize} from '../../source/core/summary.js';
import type {Usage} from '../../source/core/usage.js';
import {eventLines} from '../../source/headless/event-line.js';
import {effortWords, summaryLines} from '../../source/headless/summary-lines.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';

const usage = (costUsd: number | undefined, tokens = 0): {usage: Usage} => ({
	usage: {
		inputTokens: tokens,
		outputTokens: 0,
		cacheReadTokens: 0,
		cacheWriteTokens: 0,
		...(costUsd === undefined ? {} : {costUsd}),
	},
});

async function begun(budget: Partial<Budget>, more: Parameters<typeof makeJob>[0] = {}) {
	const world = new World(makeJob({rules: 0, ...more, budget}));
	world.open();
	await world.settle();
	const of = <T extends EventType>(type: T) =>
		world.journal.filter((event): event is EventOf<T> => event.type === type);
	/** The first attempt under way is over, having cost so much. */
	const end = async (...[costUsd, tokens]: [number | undefined, number?]) => {
		world.attempts[0]?.end(usage(costUsd, tokens));
		await world.settle();
	};
	return {world, of, end, run: () => world.engine.getSnapshot()};
}

/** The job reopened with another budget, or with the same. */
async function reopen(world: World, budget?: Partial<Budget>) {
	const run = world.replay()!;
	const job = budget ? {...run.job, budget: {...run.job.budget!, ...budget}} : run.job;
	const batches = run.batches.flat().map(({first, last}) => ({first, last}));
	world.crash();
	world.open(budget ? [{type: 'job-changed', job, sets: [], template: '', batches, changes: []}] : []);
	await world.settle();
}

describe('a budget of the job', () => {
	test('that is spent pauses the job before the next attempt, and says what is spent and what to do', async () => {
		const {end, run, of} = await begun({max_cost_usd: 1});
		await end(0.6);
		assert.equal(run().phase, 'running');
		await end(0.4);
		assert.equal(run().phase, 'paused');
		assert.equal(of('attempt-started').length, 2);
		assert.equal(batchAt(run(), 3).status, 'pending');
		assert.equal(
			run().reason,
			'the budget of the job is spent: $1.00 of $1.00; raise budget.max_cost_usd in the job file, then resume',
		);
	});

	test('lets what runs finish: it can be overshot by what runs when it is spent, and by no more', async () => {
		const {world, end, run, of} = await begun({max_cost_usd: 1}, {batches: 9, concurrency: 3});
		await end(5);
		assert.deepEqual([run().phase, world.attempts.length], ['paused', 2]);
		await end(5);
		await end(5);
		assert.deepEqual([summarize(run(), 0).completed, of('attempt-started').length], [3, 3]);
		assert.equal(summarize(run(), 0).costUsd, 15);
	});

	test('is not asked when nothing is left to start', async () => {
		const {end, run, of} = await begun({max_cost_usd: 1}, {batches: 1});
		await end(7);
		assert.equal(run().result, 'completed');
		assert.equal(of('paused').length, 0);
	});

	test('pauses at once also where a batch only waits for its retry, and at once again after a resume', async () => {
		const {world, run, of} = await begun({max_tokens: 100}, {batches: 1});
		world.attempts[0]?.end({exitCode: 1, failure: {kind: 'transient', message: 'no'}, ...usage(undefined, 100)});
		await world.settle();
		assert.deepEqual([run().phase, batchAt(run(), 1).status], ['paused', 'waiting']);
		assert.equal(await world.engine.send({type: 'resume'}), undefined);
		assert.deepEqual([of('resumed').length, of('paused').length, run().phase], [1, 2, 'paused']);
		assert.match(run().reason ?? '', /100 of 100 tokens; raise budget\.max_tokens/);
	});

	test('that was raised lets a reopened job go on; the same one pauses it again, saying why', async () => {
		const {world, end, run, of} = await begun({max_cost_usd: 1});
		await end(1.5);
		await reopen(world);
		assert.equal(run().phase, 'paused');
		assert.match(run().reason ?? '', /\$1\.50 of \$1\.00/);
		assert.equal(of('attempt-started').length, 1);
		await reopen(world, {max_cost_usd: 3});
		assert.equal(run().phase, 'running');
		assert.equal(of('attempt-started').length, 2);
	});

	test('judges cut-off work before it pauses: that costs nothing', async () => {
		const {world, run, of} = await begun({max_cost_usd: 1}, {batches: 2, rules: 1, concurrency: 2});
		world.attempts[1]?.end(usage(2));
		await world.settle();
		world.crash();
		world.open();
		await world.settle();
		world.checks.find(({task}) => task.batch.number === 1)?.answer(1);
		await world.settle();
		assert.equal(of('attempt-started').length, 2);
		assert.equal(batchAt(run(), 1).status, 'completed');
	});

	test('counts every attempt, also one that was stopped and one whose rules fail', async () => {
		const {world, run} = await begun({max_cost_usd: 10}, {batches: 1, rules: 1});
		await world.engine.send({type: 'hold', batch: 1});
		world.attempts[0]?.end({aborted: true, ...usage(0.5)});
		await world.settle();
		await world.engine.send({type: 'retry', batch: 1});
		await world.engine.send({type: 'resume'});
		await world.settle();
		world.checks[0]?.answer(0);
		await world.settle();
		world.attempts[0]?.end(usage(0.25));
		await world.settle();
		assert.equal(run().totals.usage?.costUsd, 0.75);
		assert.deepEqual(
			batchAt(run(), 1).history.map(record => record.usage?.costUsd),
			[0.5, 0.25],
		);
	});
});

describe('a budget of each batch', () => {
	test('that is spent fails its batch instead of another attempt; the others go on, whatever a failure does else', async () => {
		const {world, run, of} = await begun({max_cost_usd: 1, per: 'batch'}, {batches: 2, rules: 2, onFailure: 'stop'});
		world.attempts[0]?.end(usage(1.25));
		await world.settle();
		world.checks[0]?.answer(1);
		await world.settle();
		const failed = batchAt(run(), 1);
		assert.ok(failed.status === 'failed');
		assert.deepEqual(failed.failure, {
			kind: 'budget',
			message:
				'the budget of this batch is spent: $1.25 of $1.00; what was still wrong: rule-1 does not exist. Raise budget.max_cost_usd in the job file, then run it again',
		});
		assert.equal(batchAt(run(), 2).status, 'running');
		world.attempts[0]?.end(usage(0.5));
		await world.settle();
		world.checks[0]?.answer(2);
		await world.settle();
		assert.equal(run().result, 'failed');
		assert.deepEqual([of('retry-scheduled').length, of('completion-scheduled').length], [0, 0]);
	});

	test('does not fail a batch whose rules pass, whatever it has cost', async () => {
		const {end, run} = await begun({max_cost_usd: 1, per: 'batch'}, {batches: 2});
		await end(3);
		await end(0.5);
		assert.equal(run().result, 'completed');
	});

	test('comes back with no new queueing: more is spent only when it is raised', async () => {
		const {world, end, run} = await begun(
			{max_tokens: 10, per: 'batch'},
			{batches: 1, rules: 1, onFailure: 'continue'},
		);
		await end(undefined, 12);
		world.checks[0]?.answer(0);
		await world.settle();
		assert.equal(batchAt(run(), 1).status, 'failed');
		world.crash();
		world.open([{type: 'batch-requeued', batch: 1}]);
		await world.settle();
		assert.deepEqual([batchAt(run(), 1).status, world.attempts.length], ['failed', 0]);
		const batches = [{first: 1, last: 1}];
		const job = {...run().job, budget: {...run().job.budget!, max_tokens: 20}};
		world.crash();
		world.open([
			{type: 'job-changed', job, sets: [], template: '', batches, changes: []},
			{type: 'batch-requeued', batch: 1},
		]);
		await world.settle();
		assert.equal(batchAt(run(), 1).status, 'running');
	});

	test('also ends a wait for a limit: nothing is waited for that may not start', async () => {
		const {world, run} = await begun({max_cost_usd: 1, per: 'batch'}, {batches: 2});
		world.attempts[0]?.end({exitCode: 1, failure: {kind: 'rate_limit', message: 'limit'}, ...usage(1)});
		await world.settle();
		assert.equal(batchAt(run(), 1).status, 'failed');
		assert.ok(run().limit, 'the others still wait for it');
	});
});

describe('the warning', () => {
	test('is a fact, said once for a limit, and once more for a raised one', async () => {
		const {world, end, of, run} = await begun({max_cost_usd: 1, warn_at_percent: 50}, {batches: 6});
		await end(0.25);
		assert.equal(of('budget-warned').length, 0);
		await end(0.25);
		await end(0.25);
		const [warned] = of('budget-warned');
		assert.ok(warned && of('budget-warned').length === 1);
		assert.deepEqual([warned.of, warned.spent, warned.limit], ['cost', 0.5, 1]);
		assert.match(eventLines(warned, run())[0] ?? '', / much of the budget is spent: \$0\.50 of \$1\.00$/);
		await reopen(world, {max_cost_usd: 1.5});
		assert.equal(of('budget-warned').length, 2);
	});

	test('of a batch names the batch', async () => {
		const {world, of, run} = await begun({max_tokens: 100, per: 'batch'}, {rules: 1});
		world.attempts[0]?.end(usage(undefined, 90));
		await world.settle();
		const [warned] = of('budget-warned');
		assert.ok(warned);
		assert.match(eventLines(warned, run())[0] ?? '', / batch 1\/3 .*90 of 100 tokens$/);
	});
});

describe('what is shown', () => {
	test('sets what is spent against the budget, and tells which attempts told nothing', async () => {
		const {end, run} = await begun({max_cost_usd: 5, max_tokens: 100_000});
		await end(1.2, 12_000);
		await end(undefined);
		const summary = summarize(run(), 0);
		assert.deepEqual(summary.budget, {
			per: 'job',
			maxCostUsd: 5,
			maxTokens: 100_000,
			isNear: false,
			isSpent: false,
		});
		assert.match(
			effortWords(summary),
			/12000 tokens in, 0 out, 12k of 100k tokens, \$1\.20 of \$5\.00, 1 attempt told no cost in/,
		);
		assert.match(summaryLines(run(), {id: 'x', now: 0})[1] ?? '', /\$1\.20 of \$5\.00/);
		const each = {...summary, budget: {per: 'batch' as const, maxCostUsd: 2, isNear: false, isSpent: false}};
		assert.match(effortWords(each), /\$1\.20 \(\$2\.00 a batch at most\)/);
	});

	test('says so when what ran in the end has cost more than the budget, though nothing is left that it could stop', async () => {
		const {world, of, run} = await begun({max_cost_usd: 1, max_tokens: 100}, {batches: 2, concurrency: 2});
		for (const attempt of [...world.attempts]) attempt.end(usage(1, 90));
		await world.settle();
		assert.equal(run().result, 'completed');
		const [warned] = of('budget-warned');
		assert.match(
			warned ? (eventLines(warned, run())[0] ?? '') : '',
			/ all of the budget is spent: \$1\.00 of \$1\.00$/,
		);
		assert.match(
			effortWords(summarize(run(), 0)),
			/180 of 100 tokens \(over budget\), \$2\.00 of \$1\.00 \(over budget\)/,
		);
	});

	test('says nothing of attempts without figures where nobody asks for them', async () => {
		const world = new World(makeJob({rules: 0}));
		world.open();
		await world.settle();
		world.attempts[0]?.end();
		await world.settle();
		const summary = summarize(world.engine.getSnapshot(), 0);
		assert.equal(summary.untold, 1);
		assert.doesNotMatch(effortWords(summary), /told/);
	});

	test('says that a budget of tokens cannot see what told none', async () => {
		const {world, run} = await begun({max_tokens: 100}, {batches: 1});
		world.attempts[0]?.end();
		await world.settle();
		assert.match(effortWords(summarize(run(), 0)), /0 of 100 tokens, 1 attempt told no tokens/);
	});
});
