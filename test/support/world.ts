import assert from 'node:assert/strict';
import type {Job} from '../../source/config/schema.js';
import {batchRanges} from '../../source/core/batches.js';
import type {Event, Fact} from '../../source/core/event.js';
import {lostAttempts} from '../../source/core/recovery.js';
import {reduce} from '../../source/core/reduce.js';
import type {Outcome, Run} from '../../source/core/run.js';
import type {Verdict} from '../../source/core/verdict.js';
import type {Clock} from '../../source/engine/clock.js';
import {createEngine, type Engine, type Ports, type Task} from '../../source/engine/engine.js';

export type Attempt = {
	task: Task;
	aborted: boolean;
	end(outcome?: Partial<Outcome>): void;
	report(fact: Fact): Promise<void>;
	fail(error: Error): void;
};
export type Check = {task: Task; answer(passed: number): void};

/** Thrown by `append` where a test lets the program die. */
export class Crash extends Error {}

/**
 * A world held by hand: time stands still until it is moved, an attempt ends when the test says so, rules pass as the
 * test says. The journal outlives a crash, nothing else does.
 */
export class World {
	time = 1_000_000;
	draw = 0.5;
	readonly journal: Event[] = [];
	readonly attempts: Attempt[] = [];
	readonly checks: Check[] = [];
	readonly prompts: Task['mode'][] = [];
	/** Called instead of a plain append; may throw `Crash` before or after it has written. */
	onAppend: ((events: Event[], write: () => void) => void | Promise<void>) | undefined;
	/** Called when an attempt starts. */
	onPerform: ((task: Task) => void) | undefined;
	/** Called when the engine begins to listen to other jobs of the account. */
	onListen: Ports['listen'];
	/** What the job file says by now. */
	jobFile: Job;
	engine!: Engine;
	#timers = new Set<{at: number; callback: () => void}>();
	#generation = 0;

	readonly clock: Clock = {
		now: () => this.time,
		random: () => this.draw,
		timer: (ms, callback) => {
			const timer = {at: this.time + ms, callback};
			this.#timers.add(timer);
			return () => void this.#timers.delete(timer);
		},
	};

	constructor(readonly job: Job) {
		this.jobFile = job;
	}

	/** Opens the job as the program does: from the journal alone. */
	open(extra: Fact[] = []): Engine {
		const known = this.replay();
		const ranges = batchRanges({
			size: this.job.batch.size,
			totalItems: this.job.batch.total_items ?? 0,
			startItem: this.job.batch.start_item,
		});
		const opening: Fact[] = known
			? [...lostAttempts(known), {type: 'run-reopened'}, ...extra]
			: [{type: 'run-started', job: this.job, sets: [], template: '', batches: ranges}, ...extra];
		const generation = ++this.#generation;
		const mine = () => generation === this.#generation;
		this.engine = createEngine(known, opening, {
			clock: {
				...this.clock,
				timer: (ms, callback) => this.clock.timer(ms, () => mine() && callback()),
			},
			append: async events => {
				if (!mine()) throw new Crash();
				const write = () => void this.journal.push(...(structuredClone(events) as Event[]));
				if (this.onAppend) await this.onAppend(events, () => mine() && write());
				else write();
			},
			listen: heard => this.onListen?.(news => mine() && heard(news)) ?? (() => {}),
			readJob: async () => ({opened: {job: this.jobFile, sets: [], template: ''}, hash: JSON.stringify(this.jobFile)}),
			perform: (task, {signal, report}) => this.#perform(task, signal, report, mine),
			validate: task =>
				new Promise(resolve => {
					const check: Check = {
						task,
						answer: passed => {
							this.checks.splice(this.checks.indexOf(check), 1);
							resolve({verdicts: verdicts(task.run.job.validations.length, passed)});
						},
					};
					if (mine()) this.checks.push(check);
				}),
		});
		this.engine.start();
		return this.engine;
	}

	/** The program is gone, with everything that was under way. */
	crash(): void {
		this.#generation++;
		this.#timers.clear();
		this.attempts.length = 0;
		this.checks.length = 0;
	}

	/** The state that the journal tells, or told after its first so many facts. */
	replay(seq = this.journal.length): Run | undefined {
		let run: Run | undefined;
		for (const event of this.journal.slice(0, seq)) run = reduce(run, event);
		return run;
	}

	get nextTimer(): number | undefined {
		return [...this.#timers].sort((a, b) => a.at - b.at)[0]?.at;
	}

	/** Moves the clock to the next timer and fires it. */
	tick(): void {
		const [timer] = [...this.#timers].sort((a, b) => a.at - b.at);
		assert.ok(timer, 'a timer is set');
		this.#timers.delete(timer);
		this.time = Math.max(this.time, timer.at);
		timer.callback();
	}

	/** Until nothing moves by itself any more. */
	async settle(): Promise<void> {
		for (let round = 0; round < 3; round++) await new Promise(resolve => setImmediate(resolve));
	}

	#perform(task: Task, signal: AbortSignal, report: (fact: Fact) => Promise<void>, mine: () => boolean) {
		if (!mine()) return new Promise<Outcome>(() => {});
		this.onPerform?.(task);
		this.prompts.push(task.mode);
		return new Promise<Outcome>((resolve, reject) => {
			const attempt: Attempt = {
				task,
				aborted: signal.aborted,
				end: (outcome = {}) => {
					this.attempts.splice(this.attempts.indexOf(attempt), 1);
					resolve({exitCode: 0, durationMs: 5, aborted: false, ...outcome});
				},
				report,
				fail: reject,
			};
			signal.addEventListener('abort', () => {
				attempt.aborted = true;
			});
			this.attempts.push(attempt);
			report({type: 'attempt-spawned', batch: task.batch.number, attempt: task.attempt, pid: 1}).catch(() => {});
		});
	}
}

/** `total` verdicts of which the first `passed` pass. */
export const verdicts = (total: number, passed: number): Verdict[] =>
	Array.from({length: total}, (_, rule) => ({
		rule,
		type: 'file_exists',
		passed: rule < passed,
		expected: `rule-${rule}`,
		actual: rule < passed ? `rule-${rule}` : 'nothing',
		message: rule < passed ? `rule-${rule} exists` : `rule-${rule} does not exist`,
	}));
