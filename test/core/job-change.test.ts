import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import type {Job} from '../../source/config/schema.js';
import {batchAt} from '../../source/core/batch-table.js';
import type {Opened} from '../../source/core/change.js';
import {impactOf, promptsAreSame} from '../../source/core/impact.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';

const options = {batches: 6, rules: 0, retry: {max_retries: 0}, onFailure: 'continue'} as const;
const job = makeJob(options);
const opened = (job: Job, template = ''): Opened => ({job, sets: [], template});

/** Six batches: 1 and 2 completed, 3 failed, 4 held, 5 and 6 pending; the run stands. */
async function standing(): Promise<World> {
	const world = new World(job);
	world.open();
	await world.settle();
	for (const failure of [undefined, undefined, {kind: 'transient', message: 'broken'} as const]) {
		world.attempts[0]!.end(failure ? {exitCode: 1, failure} : {});
		await world.settle();
	}
	await world.engine.send({type: 'hold', batch: 4});
	await world.engine.send({type: 'pause', mode: 'drain'});
	world.attempts[0]!.end({aborted: true});
	await world.settle();
	return world;
}

const change = (world: World, to: Job): Promise<string | undefined> => {
	world.jobFile = to;
	return world.engine.send({type: 'change-job', hash: JSON.stringify(to)});
};

describe('a job that is changed while its run stands', () => {
	test('is one fact, holds at once, and outlives a crash', async () => {
		const world = await standing();
		const to = makeJob({...options, batches: 8, concurrency: 3});
		assert.equal(await change(world, to), undefined);
		const fact = world.journal.at(-1);
		assert.equal(fact?.type, 'job-changed');
		assert.deepEqual(fact?.type === 'job-changed' && fact.changes, [
			'batch.total_items: 6 -> 8',
			'parallel.max_concurrent: 1 -> 3',
		]);
		world.crash();
		world.open();
		await world.settle();
		const run = world.engine.getSnapshot();
		assert.deepEqual([run.job, run.total, run.concurrency], [to, 8, 3]);
		assert.equal(world.attempts[0]?.task.run.job, run.job);
	});

	test('keeps what a person has set by hand where the job says the same as before', async () => {
		const world = await standing();
		await world.engine.send({type: 'set-concurrency', concurrency: 4});
		assert.equal(await change(world, makeJob({...options, onFailure: 'stop'})), undefined);
		assert.equal(world.engine.getSnapshot().concurrency, 4);
	});

	test('skips begun batches behind a last item that has moved up', async () => {
		const world = await standing();
		assert.equal(await change(world, makeJob({...options, batches: 2})), undefined);
		const run = world.engine.getSnapshot();
		assert.equal(run.total, 4);
		assert.deepEqual([batchAt(run, 3).status, batchAt(run, 4).status], ['skipped', 'skipped']);
	});

	test('takes up a run that is over, and lets it stand', async () => {
		const world = new World(makeJob({batches: 1, rules: 0}));
		world.open();
		await world.settle();
		world.attempts[0]!.end();
		await world.settle();
		assert.equal(world.engine.getSnapshot().phase, 'ended');
		assert.equal(await change(world, makeJob({batches: 2, rules: 0})), undefined);
		const run = world.engine.getSnapshot();
		assert.deepEqual([run.phase, run.total, run.result], ['paused', 2, undefined]);
		await world.engine.send({type: 'resume'});
		await world.settle();
		assert.equal(world.attempts[0]?.task.batch.number, 2);
	});

	test('is refused with the reason, and then leaves no trace', async () => {
		const world = await standing();
		const facts = world.journal.length;
		const {engine} = world;
		assert.equal(await change(world, job), 'nothing has changed in the job');
		world.jobFile = makeJob({...options, batches: 9});
		assert.equal(
			await engine.send({type: 'change-job', hash: 'what was seen'}),
			'the job file has changed since you looked at it: look again (e)',
		);
		assert.equal(world.journal.length, facts);
		await engine.send({type: 'resume'});
		await world.settle();
		assert.equal(await change(world, world.jobFile), 'the run is under way: pause it first (p)');
		await engine.send({type: 'pause', mode: 'drain'});
		assert.equal(await change(world, world.jobFile), 'what runs must be done first; it can be ended now (P)');
		assert.ok(world.journal.every(event => event.type !== 'job-changed'));
	});
});

describe('what another job means for the batches', () => {
	const differs = () => true;
	const same = () => false;

	test('other settings of the run are of no batch', async () => {
		const run = (await standing()).engine.getSnapshot();
		const next = opened(makeJob({...options, retry: {max_retries: 5}, concurrency: 9, pause: 7}));
		assert.deepEqual(impactOf(run, next, same), []);
		assert.equal(promptsAreSame(run, next), true);
	});

	test('another prompt is for those to come, and makes done ones stale, each where it differs', async () => {
		const run = (await standing()).engine.getSnapshot();
		const next = opened(job, 'another');
		assert.equal(promptsAreSame(run, next), false);
		assert.deepEqual(
			impactOf(run, next, ({number}) => number !== 2 && number !== 5),
			[
				{what: 'stale', parts: ['prompt'], batches: [1]},
				{what: 'pending', parts: ['prompt'], batches: [3, 4, 6]},
			],
		);
	});

	test('another backend is of those to come alone, other rules of all', async () => {
		const run = (await standing()).engine.getSnapshot();
		const rules = makeJob({...options, rules: 1});
		const next = opened({...rules, backend: {...rules.backend, timeout_seconds: 7}});
		assert.deepEqual(impactOf(run, next, same), [
			{what: 'stale', parts: ['rules'], batches: [1, 2]},
			{what: 'pending', parts: ['rules', 'backend'], batches: [3, 4, 5, 6]},
		]);
	});

	test('rules are others too where what they speak of is', async () => {
		const world = await standing();
		const named = (topic: string): Job => ({
			...job,
			prompt: {...job.prompt, variables: {topic, other: 1}},
			validations: [{type: 'file_exists', path: '{topic}.md'}],
		});
		assert.equal(await change(world, named('a')), undefined);
		const run = world.engine.getSnapshot();
		const rulesOf = (next: Job) => impactOf(run, opened(next), same).flatMap(({parts}) => parts);
		assert.deepEqual(rulesOf(named('b')), ['rules', 'rules']);
		assert.deepEqual(rulesOf({...named('a'), prompt: {...job.prompt, variables: {topic: 'a', other: 2}}}), []);
	});

	test('another cut: what comes, goes, has other items, is skipped or taken up again', async () => {
		const world = await standing();
		const run = world.engine.getSnapshot();
		const sized = (size: number, total_items: number) => opened({...job, batch: {...job.batch, size, total_items}});
		assert.deepEqual(impactOf(run, sized(1, 8), same), [{what: 'added', parts: [], batches: [7, 8]}]);
		assert.deepEqual(impactOf(run, sized(2, 6), same), [
			{what: 'recut', parts: [], batches: [5]},
			{what: 'removed', parts: [], batches: [6]},
		]);
		assert.deepEqual(impactOf(run, sized(1, 3), same), [
			{what: 'skipped', parts: [], batches: [4]},
			{what: 'removed', parts: [], batches: [5, 6]},
		]);
		assert.equal(await change(world, makeJob({...options, batches: 3})), undefined);
		assert.deepEqual(impactOf(world.engine.getSnapshot(), sized(1, 5), differs), [
			{what: 'stale', parts: ['prompt'], batches: [1, 2]},
			{what: 'pending', parts: ['prompt'], batches: [3]},
			{what: 'requeued', parts: [], batches: [4]},
			{what: 'added', parts: [], batches: [5]},
		]);
	});
});
