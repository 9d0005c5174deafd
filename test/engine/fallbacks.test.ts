import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {batchAt} from '../../source/core/batch-table.js';
import type {Event, EventOf, EventType, Fact} from '../../source/core/event.js';
import {reduce} from '../../source/core/reduce.js';
import type {Run} from '../../source/core/run.js';
import {summarize} from '../../source/core/summary.js';
import {createAccounts} from '../../source/engine/account.js';
import type {Ports} from '../../source/engine/engine.js';
import {counters} from '../../source/headless/batch-text.js';
import {eventLines} from '../../source/headless/event-line.js';
import {readNews} from '../../source/store/account-file.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';

const minuteMs = 60_000;
/** Longer than the job of `makeJob` waits where it has fallbacks. */
const long = (world: World, minutes = 300) => ({
	failure: {kind: 'rate_limit' as const, message: 'The limit is reached.', until: world.time + minutes * minuteMs},
});
const short = (world: World) => long(world, 0.5);

const factsOf = <T extends EventType>(world: World, type: T): EventOf<T>[] =>
	world.journal.filter((event): event is EventOf<T> => event.type === type);

const backendsUnderWay = (world: World) =>
	world.attempts.map(({task}) => [task.batch.number, task.batch.backend ?? 0] as const);

test('a limit that lasts longer than the job waits moves the batch at once, and those after it never meet it', async () => {
	const world = new World(makeJob({batches: 4, rules: 0, fallbacks: 1}));
	const engine = world.open();
	await world.settle();
	const reset = world.time + 300 * minuteMs;
	world.attempts[0]!.end(long(world));
	await world.settle();
	assert.deepEqual(backendsUnderWay(world), [[1, 1]]);
	assert.equal(world.time, 1_000_000, 'nothing was waited for');
	const {closed, moves} = summarize(engine.getSnapshot(), world.time);
	assert.deepEqual(closed, [{backend: 'true', until: reset, message: 'The limit is reached.'}]);
	assert.equal(moves, 1);
	world.attempts[0]!.end();
	await world.settle();
	assert.deepEqual(backendsUnderWay(world), [[2, 1]], 'it moves before it starts');
	world.time = reset;
	world.attempts[0]!.end();
	await world.settle();
	assert.deepEqual(backendsUnderWay(world), [[3, 0]], 'open again');
	world.attempts[0]!.end();
	await world.settle();
	world.attempts[0]!.end();
	const run = await engine.ended;
	assert.equal(run.result, 'completed');
	assert.deepEqual([run.totals.retries, run.totals.waits, run.totals.moves], [0, 0, 2]);
	assert.deepEqual(summarize(run, world.time).closed, []);
});

test('a limit that is shorter is waited out, with the CLI that met it', async () => {
	const world = new World(makeJob({batches: 1, rules: 0, fallbacks: 1}));
	world.open();
	await world.settle();
	world.attempts[0]!.end(short(world));
	await world.settle();
	assert.equal(world.attempts.length, 0);
	world.tick();
	await world.settle();
	assert.deepEqual(backendsUnderWay(world), [[1, 0]]);
	assert.equal(factsOf(world, 'batch-moved').length, 0);
});

test('without fallbacks every limit is waited out', async () => {
	const world = new World(makeJob({batches: 1, rules: 0}));
	world.open();
	await world.settle();
	world.attempts[0]!.end(long(world));
	await world.settle();
	assert.equal(factsOf(world, 'limit-seen').length, 1);
	assert.equal(factsOf(world, 'batch-moved').length, 0);
});

test('when all are closed the job waits for the first that opens again, and goes on with that one', async () => {
	const world = new World(makeJob({batches: 2, rules: 0, fallbacks: 2}));
	const engine = world.open();
	await world.settle();
	world.attempts[0]!.end(long(world, 90));
	await world.settle();
	world.attempts[0]!.end(long(world, 60));
	await world.settle();
	assert.deepEqual(backendsUnderWay(world), [[1, 2]]);
	world.attempts[0]!.end(long(world, 120));
	await world.settle();
	assert.deepEqual(world.attempts, []);
	const [seen] = factsOf(world, 'limit-seen');
	assert.equal(seen?.until, world.time + 60 * minuteMs);
	assert.equal(summarize(engine.getSnapshot(), world.time).limit?.until, seen.until);
	while (world.attempts.length === 0) {
		world.tick();
		await world.settle();
	}
	assert.equal(world.time, seen.until);
	assert.deepEqual(backendsUnderWay(world), [[1, 1]]);
	assert.equal(batchAt(engine.getSnapshot(), 1).waits, 3);
});

test('who ends a wait is believed: the CLI of that batch is tried again', async () => {
	const world = new World(makeJob({batches: 1, rules: 0, fallbacks: 1}));
	const engine = world.open();
	await world.settle();
	world.attempts[0]!.end(long(world));
	await world.settle();
	world.attempts[0]!.end(long(world));
	await world.settle();
	assert.deepEqual(world.attempts, []);
	assert.equal(await engine.send({type: 'end-wait', batch: 1}), undefined);
	await world.settle();
	assert.deepEqual(backendsUnderWay(world), [[1, 1]]);
});

test('moves are bounded like waits', async () => {
	const job = makeJob({batches: 1, rules: 0, fallbacks: 1});
	const world = new World({...job, rate_limit: {...job.rate_limit, max_waits: 2}});
	const engine = world.open();
	await world.settle();
	for (let waits = 0; waits <= 2; waits++) {
		while (world.attempts.length === 0) {
			world.tick();
			await world.settle();
		}
		world.attempts[0]!.end(long(world));
		await world.settle();
	}
	assert.equal((await engine.ended).result, 'failed');
});

test('a batch that moves keeps its budgets and how it asks; queued again it begins with the first CLI', async () => {
	const world = new World(makeJob({batches: 1, rules: 2, fallbacks: 1}));
	const engine = world.open();
	await world.settle();
	world.attempts[0]!.end();
	await world.settle();
	world.checks[0]!.answer(1);
	await world.settle();
	// One of two rules is not more than half: a full retry.
	while (world.attempts.length === 0) {
		world.tick();
		await world.settle();
	}
	world.attempts[0]!.end(long(world));
	await world.settle();
	world.checks[0]!.answer(0);
	await world.settle();
	const batch = batchAt(engine.getSnapshot(), 1);
	assert.deepEqual(
		[batch.status, batch.backend, batch.retries, 'mode' in batch && batch.mode],
		['running', 1, 1, 'retry'],
	);
	assert.deepEqual(counters(batch, engine.getSnapshot()), ['#3', 'R 1/3', 'F 1/1', 'W 1/24']);
	world.attempts[0]!.end({exitCode: 1, failure: {kind: 'refused', message: 'no'}});
	await world.settle();
	world.checks[0]!.answer(0);
	await engine.ended;
	world.time += 300 * minuteMs;
	world.open([{type: 'batch-requeued', batch: 1}]);
	await world.settle();
	assert.deepEqual(backendsUnderWay(world), [[1, 0]]);
});

test('a session stays behind: the next CLI knows nothing of it', () => {
	const job = makeJob({batches: 1, rules: 0, fallbacks: 1});
	const failure = {kind: 'rate_limit' as const, message: 'limit'};
	const outcome = {durationMs: 1, aborted: false, failure};
	const facts: Fact[] = [
		{type: 'run-started', job, sets: [], template: '', batches: [{first: 1, last: 1}]},
		{type: 'attempt-started', batch: 1, attempt: 1, mode: 'normal'},
		{type: 'attempt-prepared', batch: 1, attempt: 1, sessionId: 'a-session'},
		{type: 'attempt-ended', batch: 1, attempt: 1, outcome},
		{type: 'batch-moved', batch: 1, backend: 1, waits: 1, until: 1000 * minuteMs, failure},
	];
	const runs: Run[] = [];
	for (const [index, fact] of facts.entries())
		runs.push(reduce(runs.at(-1), {seq: index + 1, at: index, ...fact} as Event));
	assert.equal(batchAt(runs[3]!, 1).session?.id, 'a-session');
	assert.equal(batchAt(runs[4]!, 1).session, undefined);
	assert.equal(batchAt(runs[4]!, 1).backend, 1);
});

test('what another job of the account has met closes the job’s own backend where it has a fallback', async () => {
	const world = new World(makeJob({batches: 2, rules: 0, fallbacks: 1}));
	const engine = world.open([
		{type: 'limit-shared', until: world.time + 300 * minuteMs, kind: 'rate_limit', message: 'limit', job: 'other'},
	]);
	await world.settle();
	assert.equal(summarize(engine.getSnapshot(), world.time).limit, undefined, 'nothing stands still');
	assert.deepEqual(backendsUnderWay(world), [[1, 1]]);
});

test('only what the job’s own backend has met is told to other jobs', async t => {
	const folder = await mkdtemp(join(tmpdir(), 'mozart-fallbacks-'));
	t.after(() => rm(folder, {recursive: true, force: true}));
	const world = new World(makeJob({batches: 1, rules: 0, fallbacks: 1}));
	const file = join(folder, 'account.json');
	const account = createAccounts({
		now: () => [
			{name: 'own', file},
			{name: 'other', file: join(folder, 'other.json')},
		],
		jobId: 'me',
		clock: world.clock,
		onProblem: error => assert.fail(String(error)),
	});
	const engine = world.open();
	engine.subscribe(account.tell);
	await world.settle();
	const reset = world.time + 300 * minuteMs;
	world.attempts[0]!.end(long(world));
	await world.settle();
	await account.told();
	const told = await readNews(file);
	assert.deepEqual([told?.state, told?.until], ['limited', reset]);
	world.attempts[0]!.end(short(world));
	await world.settle();
	world.tick();
	await world.settle();
	world.attempts[0]!.end();
	await world.settle();
	await account.told();
	assert.deepEqual(await readNews(file), told, 'a fallback’s limit is no news of this account');
});

test('with other CLIs a batch is with the first of them, and none is closed', async () => {
	const world = new World(makeJob({batches: 2, rules: 0, fallbacks: 2}));
	const engine = world.open();
	await world.settle();
	world.attempts[0]!.end(long(world));
	await world.settle();
	assert.equal(batchAt(engine.getSnapshot(), 1).backend, 1);
	world.crash();
	const batches = [1, 2].map(one => ({first: one, last: one}));
	const job = makeJob({batches: 2, rules: 0, fallbacks: 1});
	world.open([{type: 'job-changed', job, sets: [], template: '', batches, changes: []}]);
	await world.settle();
	const run = world.engine.getSnapshot();
	assert.equal(run.closed, undefined);
	assert.equal(batchAt(run, 1).backend, undefined);
});

test('a move is told in words', async () => {
	const world = new World(makeJob({batches: 1, rules: 0, fallbacks: 1}));
	const engine = world.open();
	await world.settle();
	world.attempts[0]!.end(long(world));
	await world.settle();
	const [moved] = factsOf(world, 'batch-moved');
	assert.match(
		eventLines(moved!, engine.getSnapshot()).join(),
		/batch 1\/1 {2}goes on with other-1 rather than wait until [\d:]+ \(5 h 0 min\), no budget is spent$/,
	);
});

test('a short limit of one CLI holds no batch of another', async () => {
	const world = new World(makeJob({batches: 6, rules: 0, concurrency: 2, fallbacks: 1}));
	const engine = world.open();
	await world.settle();
	world.attempts[0]!.end(long(world, 2));
	world.attempts[0]!.end(long(world, 2));
	await world.settle();
	assert.deepEqual(backendsUnderWay(world), [
		[1, 1],
		[2, 1],
	]);
	world.time += 2 * minuteMs;
	world.attempts[0]!.end();
	await world.settle();
	assert.deepEqual(backendsUnderWay(world), [
		[2, 1],
		[3, 0],
	]);
	world.attempts[0]!.end(short(world));
	world.attempts[0]!.end();
	await world.settle();
	assert.deepEqual(backendsUnderWay(world), [[4, 0]], 'batch 2 waits with the fallback, and nobody else does');
	assert.equal(summarize(engine.getSnapshot(), world.time).limit, undefined, 'nothing stands still');
	while (world.attempts.length < 2) {
		world.tick();
		await world.settle();
	}
	assert.deepEqual(backendsUnderWay(world), [
		[4, 0],
		[2, 1],
	]);
});

test('a CLI that opens again is probed by one batch, the others follow when that has passed', async () => {
	const world = new World(makeJob({batches: 9, rules: 0, concurrency: 3, fallbacks: 1}));
	world.open();
	await world.settle();
	for (const attempt of [...world.attempts]) attempt.end(long(world));
	await world.settle();
	world.time += 300 * minuteMs;
	for (const attempt of [...world.attempts]) attempt.end();
	await world.settle();
	assert.deepEqual(backendsUnderWay(world), [[4, 0]]);
	world.attempts[0]!.end();
	await world.settle();
	assert.deepEqual(backendsUnderWay(world), [[5, 0]]);
	world.tick();
	await world.settle();
	assert.equal(world.attempts.length, 2);
});

test('a batch that moves goes to a CLI without a limit before one with a short one', async () => {
	const world = new World(makeJob({batches: 2, rules: 0, concurrency: 2, fallbacks: 2}));
	world.open();
	await world.settle();
	const [first, second] = world.attempts;
	first!.end(long(world));
	await world.settle();
	world.attempts[1]!.end(short(world));
	await world.settle();
	second!.end(long(world));
	await world.settle();
	assert.deepEqual(backendsUnderWay(world), [[2, 2]]);
});

test('the limit of a fallback is shared with the jobs whose account that is', async t => {
	const folder = await mkdtemp(join(tmpdir(), 'mozart-fallbacks-'));
	t.after(() => rm(folder, {recursive: true, force: true}));
	const [own, other] = [join(folder, 'own.json'), join(folder, 'other.json')];
	const begin = (jobId: string, fallbacks: number, files: string[]) => {
		const world = new World(makeJob({batches: 2, rules: 0, fallbacks}));
		const accounts = createAccounts({
			now: () => files.map(file => ({name: file, file})),
			...{jobId, clock: world.clock},
			onProblem: error => assert.fail(String(error)),
		});
		let hear: (news: Parameters<Parameters<NonNullable<Ports['listen']>>[0]>[0]) => void = () => {};
		world.onListen = heard => {
			hear = heard;
			return () => {};
		};
		const engine = world.open();
		engine.subscribe(accounts.tell);
		const look = async () => {
			for (const news of await accounts.news()) hear(news);
			await world.settle();
		};
		return {world, engine, accounts, look};
	};
	const one = begin('one', 1, [own, other]);
	const two = begin('two', 0, [other]);
	await one.world.settle();
	await two.world.settle();
	one.world.attempts[0]!.end(long(one.world));
	await one.world.settle();
	one.world.attempts[0]!.end(short(one.world));
	await one.world.settle();
	await one.accounts.told();
	await two.look();
	assert.ok((two.engine.getSnapshot().limit?.until ?? 0) > one.world.time, 'its own CLI is the other’s fallback');
	two.world.attempts[0]!.end();
	await two.world.settle();
	assert.equal(two.world.attempts.length, 0);
	assert.equal(await two.engine.send({type: 'end-wait', batch: 2}), undefined);
	await two.world.settle();
	two.world.attempts[0]!.end();
	await two.world.settle();
	await two.accounts.told();
	one.world.time += 1;
	await one.look();
	assert.deepEqual(backendsUnderWay(one.world), [[1, 1]], 'the other has found it over');
});
