import assert from 'node:assert/strict';
import {rmSync} from 'node:fs';
import {test} from 'node:test';
import {isDeepStrictEqual} from 'node:util';
import type {Job} from '../../source/config/schema.js';
import {allBatches, batchAt} from '../../source/core/batch-table.js';
import {isChosen} from '../../source/core/bookkeeping.js';
import {limitOf} from '../../source/core/cli-limits.js';
import type {Command} from '../../source/core/command.js';
import {type Event, eventSchema} from '../../source/core/event.js';
import {slotsOf} from '../../source/core/limit.js';
import {isIdle} from '../../source/core/plan.js';
import {reduce} from '../../source/core/reduce.js';
import {type Run, runSchema} from '../../source/core/run.js';
import {summarize} from '../../source/core/summary.js';
import {tokensOf, type Usage} from '../../source/core/usage.js';
import type {Ports} from '../../source/engine/engine.js';
import {openSaved} from '../../source/store/open-saved.js';
import {readFacts} from '../../source/store/read-facts.js';
import {companionsOf} from '../../source/store/sqlite/state-db.js';
import {openStateFolder} from '../../source/store/state-folder.js';
import {checkHistory} from '../store/history/tables.js';
import {ok, scratch} from '../store/scratch.js';
import {makeJob} from '../support/job.js';
import {Crash, World} from '../support/world.js';

/** Mulberry32: a small seeded generator, so that a failing run can be repeated by its seed. */
function seeded(seed: number) {
	let state = seed;
	const next = () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
	return {
		next,
		below: (n: number) => Math.floor(next() * n),
		chance: (p: number) => next() < p,
		pick: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T,
	};
}

type Random = ReturnType<typeof seeded>;

const randomBudget = (random: Random) => ({
	per: random.pick(['job', 'batch'] as const),
	...random.pick([
		{max_cost_usd: random.pick([0.5, 3])},
		{max_tokens: random.pick([50, 500])},
		{max_cost_usd: 2, max_tokens: 400},
	]),
	warn_at_percent: random.pick([50, 80, 100]),
});

/** What an attempt tells of its cost: nothing, tokens alone, or all; in eighths, so that sums are exact. */
function randomUsage(random: Random): {usage?: Usage} {
	if (random.chance(0.3)) return {};
	const tokens = {
		inputTokens: random.below(60),
		outputTokens: random.below(40),
		cacheReadTokens: 1,
		cacheWriteTokens: 0,
	};
	return {usage: random.chance(0.2) ? tokens : {...tokens, costUsd: random.below(10) / 8}};
}

/** Where facts are kept beside the world's own journal, for runs that are to be read back from a disk. */
type Disk = {append(events: readonly Event[]): Promise<void>; readAgain(): Promise<Event[]>};

async function randomRun(seed: number, disk?: Disk): Promise<{journal: Event[]; crashes: number}> {
	const random = seeded(seed);
	const rules = random.below(4);
	const job = makeJob({
		batches: 1 + random.below(8),
		rules,
		concurrency: 1 + random.below(4),
		pause: random.pick([0, 0, 3]),
		onFailure: random.pick(['stop', 'continue']),
		...random.pick([{}, {}, {budget: randomBudget(random)}]),
		fallbacks: random.pick([0, 0, 1, 2]),
		retry: {
			max_retries: random.below(4),
			max_completion_attempts: random.below(4),
			completion_threshold_percent: random.pick([1, 50, 60]),
			jitter: random.chance(0.5),
		},
	});
	const world = new World(job);
	let crashes = 0;
	let steps = 0;
	let quiet = false;
	const crashRate = random.pick([0, 0, 0.02, 0.1]);
	const limitRate = random.pick([0, 0.1, 0.4]);
	const commandRate = random.pick([0, 0.05, 0.2]);
	const alive = new Map<number, number>();
	let tell: Parameters<NonNullable<Ports['listen']>>[0] = () => {};
	world.onListen = heard => {
		tell = heard;
		return () => {};
	};
	const newsRate = random.pick([0, 0, 0.05]);
	world.onPerform = task => {
		const {number} = task.batch;
		assert.equal(alive.get(number), undefined, `batch ${number} has one live attempt at most`);
		const started = world.journal.some(
			event => event.type === 'attempt-started' && event.batch === number && event.attempt === task.attempt,
		);
		assert.ok(started, 'an attempt is on disk before it runs');
		alive.set(number, task.attempt);
	};
	world.onAppend = async (events, write) => {
		for (let wait = random.below(3); wait > 0; wait--) await new Promise(resolve => setImmediate(resolve));
		const dies = !quiet && random.chance(crashRate);
		if (dies && random.chance(0.3)) throw new Crash();
		if (dies && random.chance(0.3)) events.splice(1 + random.below(events.length));
		await disk?.append(events);
		write();
		if (dies) throw new Crash();
	};
	let engine = world.open();
	for (;;) {
		let over: Run | undefined;
		let broken: unknown;
		engine.ended.then(
			run => {
				over = run;
			},
			(error: unknown) => {
				broken = error;
			},
		);
		while (!over && !broken) {
			// Now and then the world goes on while an append is under way.
			if (world.engine.getSnapshot() === undefined || random.chance(0.7)) await world.settle();
			if (over || broken) break;
			if (++steps > 400) quiet = true;
			assert.ok(steps < 2000, 'the run ends');
			world.draw = random.next();
			if (!quiet && random.chance(newsRate)) {
				const until = world.time + random.pick([1000, 70_000]);
				const backend = random.below((world.job.backend.fallbacks?.length ?? 0) + 1);
				const whose = {job: 'other', ...(backend > 0 && {backend})};
				if (random.chance(0.5)) tell({type: 'limit-lifted', ...whose});
				else tell({type: 'limit-shared', until, kind: 'rate_limit', message: 'limit', ...whose});
			}
			if (random.chance(newsRate)) {
				const warning = {utilization: random.pick([0.8, 0.97]), window: 'five_hour', until: world.time + 30_000};
				world.attempts[0]?.report({type: 'limit-warned', ...warning}).catch(() => {});
			}
			await step(world, random, alive, quiet ? 0 : commandRate, quiet, quiet ? 0 : limitRate);
		}
		if (broken && !(broken instanceof Crash)) throw broken;
		checkState(world, over);
		if (over && over.result !== 'paused' && over.result !== 'cancelled') break;
		if (broken) crashes++;
		if (quiet && over?.result === 'paused') break;
		world.crash();
		if (disk) assert.deepEqual(await disk.readAgain(), world.journal, 'the disk has all that was recorded');
		alive.clear();
		engine = world.open();
	}
	checkJournal(world);
	return {journal: world.journal, crashes};
}

async function step(
	world: World,
	random: Random,
	alive: Map<number, number>,
	commandRate: number,
	quiet: boolean,
	limitRate: number,
) {
	if (random.chance(commandRate)) {
		await world.engine.send(randomCommand(world, random)).catch(() => {});
		return;
	}
	const {attempts, checks} = world;
	const run = world.engine.getSnapshot();
	const broke = run && summarize(run, 0).budget?.isSpent;
	if (run?.phase === 'paused' && broke && isIdle(run) && (quiet || random.chance(0.5))) {
		await world.engine.send({type: 'stop', mode: 'drain'}).catch(() => {});
		await world.settle();
		return;
	}
	if (run?.phase === 'paused' && (quiet ? !broke : random.chance(0.5))) {
		const held = [...allBatches(run)].find(batch => batch.status === 'held');
		if (held) await world.engine.send({type: 'retry', batch: held.number}).catch(() => {});
		await world.engine.send({type: 'resume'}).catch(() => {});
		return;
	}
	const choices: (() => void)[] = [];
	for (const attempt of attempts) {
		choices.push(() => {
			alive.delete(attempt.task.batch.number);
			const late = random.chance(0.2);
			const usage = randomUsage(random);
			if (attempt.aborted && !late) attempt.end({aborted: true, ...usage});
			else if (random.chance(0.03)) {
				attempt.end({durationMs: 0, failure: {kind: 'config', message: 'no such program'}});
			} else if (random.chance(limitRate)) {
				const until = random.pick([undefined, world.time - 5, world.time + 90_000]);
				const kind = random.pick(['rate_limit', 'overloaded'] as const);
				attempt.end({failure: {kind, message: 'limit', ...(until === undefined ? {} : {until})}, ...usage});
			} else if (random.chance(0.02)) {
				attempt.end({failure: {kind: 'refused', message: 'no'}});
			} else if (random.chance(0.3)) {
				attempt.end({
					exitCode: 1,
					failure: {kind: random.pick(['transient', 'timeout']), message: 'it failed'},
					...usage,
				});
			} else attempt.end(usage);
		});
	}
	for (const check of checks) {
		const rules = check.task.run.job.validations.length;
		choices.push(() => check.answer(random.chance(0.6) ? rules : random.below(rules + 1)));
	}
	if (world.nextTimer !== undefined) choices.push(() => world.tick());
	if (choices.length === 0) {
		await world.settle();
		return;
	}
	random.pick(choices)();
}

/** Another job: more or fewer items, other budgets, another number at once, another number of rules. */
function randomJob({jobFile}: World, random: Random): Job {
	return makeJob({
		batches: 1 + random.below(10),
		rules: random.pick([jobFile.validations.length, random.below(4)]),
		concurrency: random.pick([jobFile.parallel.max_concurrent, 1 + random.below(4)]),
		pause: jobFile.pause_between_batches_seconds,
		onFailure: random.pick(['stop', 'continue']),
		...random.pick([{}, jobFile.budget ? {budget: jobFile.budget} : {}, {budget: randomBudget(random)}]),
		fallbacks: random.pick([jobFile.backend.fallbacks?.length ?? 0, random.below(3)]),
		retry: {...jobFile.retry, max_retries: random.below(4), max_completion_attempts: random.below(4)},
	});
}

function randomCommand(world: World, random: Random): Command {
	const batch = 1 + random.below(world.engine.getSnapshot()?.total ?? 1);
	if (random.chance(0.15)) {
		const hash = JSON.stringify(world.jobFile);
		// The file goes on changing after a person has looked, now and then.
		if (random.chance(0.9)) world.jobFile = randomJob(world, random);
		return {type: 'change-job', hash: random.chance(0.8) ? JSON.stringify(world.jobFile) : hash};
	}
	return random.pick<Command>([
		{type: 'pause', mode: 'drain'},
		{type: 'pause', mode: 'now'},
		{type: 'resume'},
		{type: 'stop', mode: random.pick(['drain', 'now'])},
		{type: 'retry', batch},
		{type: 'skip', batch},
		{type: 'hold', batch},
		{type: 'recheck', batch},
		{type: 'end-wait', batch},
		{type: 'set-concurrency', concurrency: 1 + random.below(4)},
	]);
}

/** The journal alone gives the same state, and the state's bookkeeping agrees with its batches. */
function checkState(world: World, over: Run | undefined): void {
	// A command that came while the last fact was being written may have taken the run up again.
	const run = world.replay(over?.seq);
	if (!run) return;
	if (over) assert.deepEqual(run, over);
	assert.ok(isDeepStrictEqual(runSchema.parse(JSON.parse(JSON.stringify(run))), run), 'the state fits its schema');
	const batches = [...allBatches(run)];
	for (const [status, number] of Object.entries(run.counts)) {
		assert.equal(number, batches.filter(batch => batch.status === status).length, `count of ${status}`);
	}
	const live = batches.filter(batch => ['running', 'stopping', 'rechecking', 'waiting'].includes(batch.status));
	assert.deepEqual(
		[...run.live].sort((a, b) => a - b),
		live.map(batch => batch.number),
	);
	const cursor = batches.find(batch => batch.status === 'pending' && isChosen(run, batch.number))?.number;
	assert.equal(run.cursor, cursor ?? run.total + 1);
	if (over?.result === 'completed') {
		assert.ok(batches.every(batch => batch.status === 'completed' || batch.status === 'skipped'));
	}
}

/** Reckons by itself what was spent, and holds every fact that a budget leads to or forbids against it. */
class Bill {
	readonly all = {cost: 0, tokens: 0};
	readonly batches = new Map<number, {cost: number; tokens: number}>();
	/** The limit that was last spoken of, by batch and measure. */
	readonly warned = new Map<string, number>();

	of(batch: number) {
		const known = this.batches.get(batch) ?? {cost: 0, tokens: 0};
		this.batches.set(batch, known);
		return known;
	}

	check(event: Event, before: Run | undefined): void {
		const budget = before?.job.budget;
		const limits = {cost: budget?.max_cost_usd, tokens: budget?.max_tokens};
		const isSpent = ({cost, tokens}: typeof this.all) =>
			cost >= (limits.cost ?? Infinity) || tokens >= (limits.tokens ?? Infinity);
		switch (event.type) {
			case 'attempt-ended': {
				const {usage} = event.outcome;
				for (const one of [this.all, this.of(event.batch)]) {
					one.cost += usage?.costUsd ?? 0;
					one.tokens += tokensOf(usage);
				}
				break;
			}
			case 'attempt-started':
				if (budget)
					assert.ok(
						!isSpent(budget.per === 'job' ? this.all : this.of(event.batch)),
						'nothing starts beyond the budget',
					);
				break;
			case 'paused':
				if (event.reason?.includes('budget of the job')) assert.ok(budget?.per === 'job' && isSpent(this.all));
				break;
			case 'batch-failed':
				if (event.failure.kind === 'budget') assert.ok(budget?.per === 'batch' && isSpent(this.of(event.batch)));
				break;
			case 'budget-warned': {
				const {batch, of, spent, limit} = event;
				assert.equal(spent, (batch === undefined ? this.all : this.of(batch))[of]);
				assert.equal(limit, limits[of]);
				assert.ok(spent >= (limit * budget!.warn_at_percent) / 100);
				const key = `${batch} ${of}`;
				assert.notEqual(this.warned.get(key), limit, 'a limit is spoken of once');
				this.warned.set(key, limit);
				break;
			}
			case 'run-ended':
				// Never silently: whoever stands still with work left has been told of the budget first.
				if (event.result === 'paused' && budget?.per === 'job' && isSpent(this.all)) {
					for (const of of ['cost', 'tokens'] as const) {
						if (this.all[of] >= (limits[of] ?? Infinity)) assert.equal(this.warned.get(`undefined ${of}`), limits[of]);
					}
				}
				break;
			default:
		}
	}
}
const isClosed = ({closed = []}: Run, backend: number, at: number) =>
	closed.some(one => one.backend === backend && one.until > at);

/** What must hold of any journal, read from its first fact to its last. */
function checkJournal({journal}: World): void {
	let run: Run | undefined;
	const started = new Set<string>();
	const spent = new Map<number, {retries: number; completions: number}>();
	const bill = new Bill();
	for (const event of journal) {
		const before = run;
		bill.check(event, before);
		run = reduce(run, event);
		// What holds, holds by the job as it was then.
		const {job} = before ?? run;
		const live = run.live.filter(number => batchAt(run!, number).status !== 'waiting').length;
		switch (event.type) {
			case 'attempt-started': {
				const key = `${event.batch}#${event.attempt}`;
				assert.ok(!started.has(key), `${key} starts once`);
				const {backend = 0} = batchAt(before!, event.batch);
				assert.ok(backend <= (job.backend.fallbacks?.length ?? 0), 'it starts with a CLI that the job has');
				assert.ok(!isClosed(before!, backend, event.at), 'nothing starts with a CLI that is closed');
				const limit = limitOf(before!, backend);
				assert.ok(!limit || limit.until <= event.at, 'nothing starts before the limit of its CLI is lifted');
				const {probe} = limit ?? {};
				const ahead = probe && batchAt(before!, probe.batch);
				assert.ok(
					ahead?.status !== 'running' || ahead.attempt !== probe?.attempt || ahead.outcome,
					'nothing starts while one probes',
				);
				assert.ok(!before!.ramp || before!.ramp.next <= event.at, 'starts after a limit keep their distance');
				const busy = before!.live.filter(number => batchAt(before!, number).status !== 'waiting').length;
				assert.ok(busy < slotsOf(before!, event.at) || slotsOf(before!, event.at) === before!.concurrency);
				started.add(key);
				assert.equal(event.attempt, batchAt(before!, event.batch).attempt + 1);
				if (batchAt(before!, event.batch).status === 'pending') assert.ok(run.live.length <= run.concurrency);
				assert.ok(live <= Math.max(run.concurrency, before!.live.length));
				break;
			}
			case 'job-changed': {
				assert.ok(
					before && before.phase !== 'running' && before.phase !== 'stopping',
					'a job changes while its run stands',
				);
				assert.ok(isIdle(before), 'nothing is under way by the old job');
				assert.deepEqual([run.job, run.total], [event.job, event.batches.length]);
				for (const batch of allBatches(before)) {
					const {backend: _, ...elsewhere} = batch;
					const same = isDeepStrictEqual(before.job.backend, event.job.backend);
					if (batch.attempt === 0) continue;
					const is = batchAt(run, batch.number);
					// A wait for the limit of another CLI is over.
					if ('until' in is && 'until' in elsewhere) elsewhere.until = is.until;
					assert.deepEqual(is, same ? batch : elsewhere, 'what was begun stays');
				}
				break;
			}
			case 'batch-requeued':
				spent.delete(event.batch);
				break;
			case 'batch-moved': {
				const [was, is] = [batchAt(before!, event.batch), batchAt(run, event.batch)];
				assert.notEqual(was.backend ?? 0, event.backend);
				assert.ok(!isClosed(before!, event.backend, event.at), 'it moves to one that is open');
				assert.ok(isClosed(run, was.backend ?? 0, event.at), 'from one that is closed');
				assert.equal(is.session, undefined, 'no session goes along');
				assert.deepEqual([is.retries, is.completions, is.attempt], [was.retries, was.completions, was.attempt]);
				assert.ok(is.waits <= job.rate_limit.max_waits);
				break;
			}
			case 'limit-seen':
				assert.ok(event.until > event.at);
				assert.ok(event.waits <= job.rate_limit.max_waits);
				assert.deepEqual(
					[batchAt(run, event.batch).retries, batchAt(run, event.batch).completions],
					[batchAt(before!, event.batch).retries, batchAt(before!, event.batch).completions],
				);
				break;
			case 'retry-scheduled': {
				const mine = spent.get(event.batch) ?? {retries: 0, completions: 0};
				spent.set(event.batch, {...mine, retries: mine.retries + 1});
				assert.equal(event.retries, mine.retries + 1);
				assert.ok(event.retries <= job.retry.max_retries);
				assert.ok(event.delayMs <= job.retry.max_delay_seconds * 1000);
				break;
			}
			case 'completion-scheduled': {
				const mine = spent.get(event.batch) ?? {retries: 0, completions: 0};
				spent.set(event.batch, {...mine, completions: mine.completions + 1});
				assert.equal(event.completions, mine.completions + 1);
				assert.ok(event.completions <= job.retry.max_completion_attempts);
				break;
			}
			case 'batch-completed': {
				const batch = batchAt(before!, event.batch);
				const judged = (batch.verdicts ?? []).length > 0 && batch.verdicts!.every(verdict => verdict.passed);
				const trusted = job.validations.length === 0 && batch.status === 'running' && !batch.outcome?.failure;
				assert.ok(judged || trusted, 'a batch completes only when its rules pass');
				break;
			}
			default:
		}
	}
}

test('1,000 random runs, with commands and crashes at any fact, keep every invariant', async () => {
	let crashes = 0;
	const types = new Set<string>();
	let paused = 0;
	let failed = 0;
	for (let seed = 1; seed <= 1000; seed++) {
		try {
			const result = await randomRun(seed);
			crashes += result.crashes;
			if (seed % 25 === 0) checkHistory(result.journal, 1 + (seed % 7));
			for (const event of result.journal) {
				types.add(event.type);
				if (event.type === 'paused' && event.reason?.includes('budget of the job')) paused++;
				if (event.type === 'batch-failed' && event.failure.kind === 'budget') failed++;
			}
		} catch (error) {
			throw new Error(`seed ${seed}: ${(error as Error).message}`, {cause: error});
		}
	}
	assert.ok(paused > 20 && failed > 20, `budgets were spent: ${paused} pauses, ${failed} batches`);
	assert.ok(crashes > 200, `${crashes} crashes were tried`);
	for (const type of [
		'attempt-lost',
		'attempt-stopping',
		'batch-held',
		'batch-returned',
		'recheck-ended',
		'batch-skipped',
		'limit-seen',
		'limit-shared',
		'limit-lifted',
		'limit-warned',
		'job-changed',
		'budget-warned',
		'batch-moved',
	]) {
		assert.ok(types.has(type), `${type} happened`);
	}
});

test('random runs that keep their state as a database read back from it what they have recorded', async t => {
	const {paths} = ok(await openStateFolder(scratch(t), 'random'));
	const schemas = {event: eventSchema, state: runSchema};
	let crashes = 0;
	for (const seed of [11, 24, 52, 97]) {
		for (const file of [paths.stateDb, ...companionsOf(paths.stateDb)]) rmSync(file, {force: true});
		let {journal} = ok(await openSaved<Event, Run>(paths, schemas, 'sqlite'));
		const result = await randomRun(seed, {
			append: events => journal.append(structuredClone(events) as Event[]),
			async readAgain() {
				const again = ok(await openSaved<Event, Run>(paths, schemas, 'sqlite'));
				// The program that has crashed did not close it before the next one came.
				await journal.close();
				({journal} = again);
				return again.events;
			},
		});
		crashes += result.crashes;
		await journal.close();
		assert.deepEqual(ok(await readFacts(paths, eventSchema)).events, result.journal);
	}
	assert.ok(crashes > 3, `${crashes} crashes`);
});
