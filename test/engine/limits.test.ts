import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {batchAt} from '../../source/core/batch-table.js';
import type {EventOf, EventType} from '../../source/core/event.js';
import {createAccounts} from '../../source/engine/account.js';
import type {Ports} from '../../source/engine/engine.js';
import {readNews} from '../../source/store/account-file.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';

const hourMs = 3_600_000;
const fiveHours = (world: World) => ({
	failure: {kind: 'rate_limit' as const, message: 'the 5-hour limit is reached', until: world.time + 5 * hourMs},
});

const factsOf = <T extends EventType>(world: World, type: T): EventOf<T>[] =>
	world.journal.filter((event): event is EventOf<T> => event.type === type);

/** Lets time pass until something starts. */
async function untilAttempt(world: World): Promise<void> {
	while (world.attempts.length === 0) {
		world.tick();
		await world.settle();
	}
}

test('20 batches, 4 at once, a 5-hour limit at batch 7: one wait, one probe, 20 completed, no budget spent', async () => {
	const world = new World(makeJob({batches: 20, rules: 0, concurrency: 4}));
	const engine = world.open();
	let over = false;
	engine.ended.then(() => {
		over = true;
	});
	let isOut = false;
	let resetAt = 0;
	while (!over) {
		await world.settle();
		const [attempt] = world.attempts;
		if (!attempt) {
			if (!over) world.tick();
			continue;
		}
		if (attempt.task.batch.number === 7 && !resetAt) {
			isOut = true;
			resetAt = world.time + 5 * hourMs;
		}
		if (isOut && world.time >= resetAt) isOut = false;
		attempt.end(isOut ? {failure: {kind: 'rate_limit', message: 'limit', until: resetAt}} : {});
	}
	const run = await engine.ended;
	assert.equal(run.result, 'completed');
	assert.equal(run.counts.completed, 20);
	assert.deepEqual([run.totals.waits, run.totals.retries, run.totals.completions], [1, 0, 0]);
	assert.equal(factsOf(world, 'limit-lifted').length, 1);
	const [lifted] = factsOf(world, 'limit-lifted');
	const probes = factsOf(world, 'attempt-started').filter(({at, seq}) => at >= resetAt && seq < lifted!.seq);
	assert.equal(probes.length, 1, 'one goes ahead');
	assert.equal(probes[0]!.at, resetAt, 'at the very reset');
	assert.ok(factsOf(world, 'limit-seen').length <= 4, 'only what was under way met it');
});

test('when the probe meets the limit again, the others do not try', async () => {
	const world = new World(makeJob({batches: 8, rules: 0, concurrency: 3}));
	const engine = world.open();
	await world.settle();
	for (const attempt of [...world.attempts]) attempt.end(fiveHours(world));
	await world.settle();
	await untilAttempt(world);
	assert.equal(world.attempts.length, 1);
	world.attempts[0]!.end(fiveHours(world));
	await world.settle();
	assert.equal(world.attempts.length, 0);
	assert.equal(engine.getSnapshot().totals.waits, 2);
	await untilAttempt(world);
	assert.equal(world.attempts.length, 1, 'again one goes ahead');
});

test('a probe that runs for a minute has passed: the others follow one after the other', async () => {
	const world = new World(makeJob({batches: 8, rules: 0, concurrency: 3}));
	world.open();
	await world.settle();
	for (const attempt of [...world.attempts]) attempt.end(fiveHours(world));
	await world.settle();
	await untilAttempt(world);
	const begin = world.time;
	while (world.attempts.length < 3) {
		world.tick();
		await world.settle();
	}
	const starts = factsOf(world, 'attempt-started').filter(({at}) => at >= begin);
	assert.deepEqual(
		starts.map(({at}) => at - begin),
		[0, 60_000, 63_000],
	);
});

test('w ends the wait for all: one goes ahead at once, the others when it has passed', async () => {
	const world = new World(makeJob({batches: 8, rules: 0, concurrency: 3}));
	const engine = world.open();
	await world.settle();
	for (const attempt of [...world.attempts]) attempt.end(fiveHours(world));
	await world.settle();
	assert.equal(await engine.send({type: 'end-wait', batch: 2}), undefined);
	await world.settle();
	assert.deepEqual(
		world.attempts.map(({task}) => task.batch.number),
		[2],
	);
	world.attempts[0]!.end();
	await world.settle();
	assert.equal(world.attempts.length, 1, 'the first of the others, at once');
	assert.equal(engine.getSnapshot().limit, undefined);
	assert.ok([1, 3].every(number => batchAt(engine.getSnapshot(), number).waits === 1));
});

test('an overloaded service gets half as many batches, and one more with each that is served', async () => {
	const world = new World(makeJob({batches: 20, rules: 0, concurrency: 4}));
	const engine = world.open();
	await world.settle();
	world.attempts[0]!.end({failure: {kind: 'overloaded', message: 'busy'}});
	await world.settle();
	assert.equal(engine.getSnapshot().slowed, 2);
	for (const attempt of [...world.attempts]) attempt.end({failure: {kind: 'overloaded', message: 'busy'}});
	await world.settle();
	assert.equal(engine.getSnapshot().slowed, 1);
	await untilAttempt(world);
	assert.equal(world.attempts.length, 1);
	let most = 0;
	for (let round = 0; round < 6; round++) {
		world.attempts[0]!.end();
		await world.settle();
		for (let ticks = 0; ticks < 6 && world.nextTimer !== undefined; ticks++) {
			world.tick();
			await world.settle();
		}
		most = Math.max(most, world.attempts.length);
	}
	assert.equal(most, 4);
	assert.equal(engine.getSnapshot().slowed, undefined);
});

test('a warning that the quota is nearly used lowers how many start, until its window ends', async () => {
	const world = new World(makeJob({batches: 20, rules: 0, concurrency: 4}));
	world.open();
	await world.settle();
	assert.equal(world.attempts.length, 4);
	const until = world.time + hourMs;
	await world.attempts[0]!.report({type: 'limit-warned', utilization: 0.8, window: 'five_hour', until});
	for (let ended = 0; ended < 4; ended++) {
		world.attempts[0]!.end();
		await world.settle();
	}
	assert.equal(world.attempts.length, 2);
	await world.attempts[0]!.report({type: 'limit-warned', utilization: 0.96, window: 'five_hour', until});
	for (let ended = 0; ended < 2; ended++) {
		world.attempts[0]!.end();
		await world.settle();
	}
	assert.equal(world.attempts.length, 1);
	while (world.time < until) world.tick();
	await world.settle();
	assert.equal(world.attempts.length, 4);
});

test('three batches in a row that fail alike but for numbers pause the job and are named', async () => {
	const job = makeJob({
		batches: 9,
		rules: 1,
		onFailure: 'continue',
		retry: {max_retries: 0, max_completion_attempts: 0},
	});
	const world = new World(job);
	const engine = world.open();
	const fail = async (message: string) => {
		await world.settle();
		world.attempts[0]!.end({exitCode: 1, failure: {kind: 'transient', message}});
		await world.settle();
		world.checks[0]!.answer(0);
		await world.settle();
	};
	await fail('no folder /data/1');
	await fail('no folder /data/2');
	await fail('something else');
	await fail('no folder /data/4');
	await fail('no folder /data/5');
	assert.equal(engine.getSnapshot().phase, 'running');
	await fail('no folder /data/6');
	const {phase, reason} = engine.getSnapshot();
	assert.equal(phase, 'paused');
	assert.match(reason ?? '', /these failed alike.*: batches 4, 5 and 6 \(transient: no folder \/data\/#\)/);
	assert.equal(await engine.send({type: 'resume'}), undefined);
	await world.settle();
	assert.equal(world.attempts.length, 1, 'a person who has looked begins the count anew');
});

test('w on any batch ends the wait for a limit, also where the one that waits holds the only slot', async () => {
	const world = new World(makeJob({batches: 3, rules: 0}));
	const engine = world.open();
	await world.settle();
	world.attempts[0]!.end();
	await world.settle();
	world.attempts[0]!.end(fiveHours(world));
	await world.settle();
	assert.equal(await engine.send({type: 'end-wait', batch: 1}), undefined);
	await world.settle();
	assert.deepEqual(
		world.attempts.map(({task}) => task.batch.number),
		[2],
	);
});

test('with another CLI or account a limit says nothing any more: one batch tries at once, in a session of its own', async () => {
	const job = makeJob({batches: 4, rules: 0, concurrency: 2});
	const world = new World(job);
	const engine = world.open();
	await world.settle();
	for (const attempt of [...world.attempts]) {
		await attempt.report({type: 'attempt-prepared', batch: attempt.task.batch.number, attempt: 1, sessionId: 's'});
		attempt.end(fiveHours(world));
	}
	await world.settle();
	const change = async (backend: Partial<typeof job.backend>) => {
		world.crash();
		const next = {...job, backend: {...job.backend, ...backend} as typeof job.backend};
		const batches = [1, 2, 3, 4].map(item => ({first: item, last: item}));
		world.open([{type: 'job-changed', job: next, sets: [], template: '', batches, changes: ['backend']}]);
		await world.settle();
	};
	await change({timeout_seconds: 7});
	assert.equal(world.attempts.length, 0, 'a setting is no other CLI');
	await change({timeout_seconds: 7, account: 'second'});
	assert.equal(world.attempts.length, 1);
	assert.equal(world.attempts[0]!.task.batch.session, undefined);
	assert.ok(engine);
});

test('fewer at once holds also for batches whose wait is over', async () => {
	const job = makeJob({batches: 8, rules: 0, concurrency: 4, retry: {max_retries: 1, max_completion_attempts: 0}});
	const world = new World(job);
	const engine = world.open();
	await world.settle();
	for (const attempt of world.attempts.slice(0, 2))
		attempt.end({exitCode: 1, failure: {kind: 'transient', message: 'no'}});
	await world.settle();
	await engine.send({type: 'set-concurrency', concurrency: 2});
	for (let ticks = 0; ticks < 3 && world.nextTimer !== undefined; ticks++) world.tick();
	await world.settle();
	assert.equal(world.attempts.length, 2);
});

test('batches that are over their own budget say nothing about the others', async () => {
	const job = makeJob({batches: 6, rules: 0, onFailure: 'continue', retry: {max_retries: 3}});
	const world = new World(job);
	const engine = world.open();
	for (let batch = 1; batch <= 3; batch++) {
		await world.settle();
		world.attempts[0]!.end({failure: {kind: 'refused', message: `no ${batch}`}});
	}
	await world.settle();
	assert.equal(engine.getSnapshot().phase, 'paused', 'refusals do');
	const dear = new World(
		makeJob({batches: 6, rules: 1, onFailure: 'continue', budget: {max_tokens: 10, per: 'batch'}}),
	);
	const other = dear.open();
	for (let batch = 1; batch <= 4; batch++) {
		await dear.settle();
		const usage = {inputTokens: 50, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0};
		dear.attempts[0]!.end({exitCode: 1, usage, failure: {kind: 'transient', message: 'no'}});
		await dear.settle();
		dear.checks[0]!.answer(0);
	}
	await dear.settle();
	assert.equal(other.getSnapshot().counts.failed, 4);
	assert.equal(other.getSnapshot().phase, 'running');
});

test('a probe that was held holds nobody up', async () => {
	const world = new World(makeJob({batches: 4, rules: 0, concurrency: 2}));
	const engine = world.open();
	await world.settle();
	for (const attempt of [...world.attempts]) attempt.end(fiveHours(world));
	await world.settle();
	await untilAttempt(world);
	await engine.send({type: 'hold', batch: world.attempts[0]!.task.batch.number});
	await world.settle();
	const before = world.time;
	world.attempts[0]!.end({aborted: true});
	await world.settle();
	assert.equal(world.attempts.length, 1, 'the next one tries');
	assert.equal(world.time, before);
});

test('a warning that is repeated is one fact, also where it does not say when its window ends', async () => {
	const world = new World(makeJob({batches: 4, rules: 0, concurrency: 2}));
	world.open();
	await world.settle();
	const warn = (utilization: number) =>
		world.attempts[0]!.report({type: 'limit-warned', utilization, window: 'five_hour'});
	for (const utilization of [0.8, 0.81, 0.9, 0.96, 0.97]) await warn(utilization);
	assert.deepEqual(
		factsOf(world, 'limit-warned').map(({utilization}) => utilization),
		[0.8, 0.96],
	);
});

test('what another job told before a limit was met does not lift it, nor what it told of another CLI', async () => {
	const world = new World(makeJob({batches: 4, rules: 0, concurrency: 2}));
	let hear: Parameters<NonNullable<Ports['listen']>>[0] = () => {};
	world.onListen = heard => {
		hear = heard;
		return () => {};
	};
	const engine = world.open();
	await world.settle();
	world.time += 1000;
	world.attempts[0]!.end(fiveHours(world));
	await world.settle();
	hear({type: 'limit-lifted', job: 'other', toldAt: world.time - 1});
	await world.settle();
	assert.ok(engine.getSnapshot().limit);
	hear({type: 'limit-lifted', job: 'other', toldAt: world.time + 1});
	await world.settle();
	assert.equal(engine.getSnapshot().limit, undefined);
});

test('a service that another job has found overloaded slows this one down too', async () => {
	const world = new World(makeJob({batches: 8, rules: 0, concurrency: 4}));
	const engine = world.open([
		{type: 'limit-shared', until: 1_030_000, kind: 'overloaded', message: 'busy', job: 'other'},
		{type: 'limit-shared', until: 1_031_000, kind: 'overloaded', message: 'busy', job: 'other'},
	]);
	await world.settle();
	assert.equal(engine.getSnapshot().slowed, 2);
	await untilAttempt(world);
	world.attempts[0]!.end();
	await world.settle();
	assert.equal(engine.getSnapshot().slowed, 3);
});

test('jobs of one account wait together: one met it, one probes, both go on', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'mozart-account-'));
	try {
		const file = join(folder, 'accounts', 'one.json');
		const [first, second] = [0, 1].map(index => {
			const world = new World(makeJob({batches: 4, rules: 0, concurrency: 2}));
			const account = createAccounts({
				now: () => [{file, name: 'claude_cli'}],
				...{jobId: `job-${index}`, clock: world.clock},
				onProblem: error => assert.fail(String(error)),
			});
			// The files are looked at when the test says so.
			const listeners = new Set<() => Promise<void>>();
			world.onListen = heard => {
				const look = async () => {
					for (const news of await account.news()) heard(news);
				};
				listeners.add(look);
				return () => void listeners.delete(look);
			};
			const engine = world.open();
			engine.subscribe(account.tell);
			const look = async () => {
				await account.told();
				for (const one of listeners) await one();
				await world.settle();
			};
			return {world, engine, account, look};
		});
		assert.ok(first && second);
		await first.world.settle();
		await second.world.settle();
		const until = first.world.time + hourMs;
		first.world.attempts[0]!.end({failure: {kind: 'rate_limit', message: 'limit', until}});
		await first.world.settle();
		await first.account.told();
		await second.look();
		const held = second.engine.getSnapshot().limit;
		assert.ok(held && held.until > until && held.until <= until + 20_000, 'a little later, so that one goes first');
		while (second.world.attempts.length > 0) {
			second.world.attempts[0]!.end();
			await second.world.settle();
		}
		assert.equal(second.engine.getSnapshot().counts.completed, 2);
		first.world.attempts[0]!.end();
		await first.world.settle();
		first.world.time = until;
		second.world.time = until;
		await untilAttempt(first.world);
		await first.account.told();
		assert.equal((await readNews(file))?.state, 'probing');
		await second.look();
		assert.ok(second.engine.getSnapshot().limit!.until > until + 60_000, 'it leaves the probe to the other');
		first.world.attempts[0]!.end();
		await first.world.settle();
		await first.account.told();
		await second.look();
		assert.equal(second.engine.getSnapshot().limit, undefined);
		assert.ok(second.world.attempts.length > 0);
		assert.equal(factsOf(second.world, 'limit-lifted')[0]?.job, 'job-0');
	} finally {
		await rm(folder, {recursive: true});
	}
});
