import {batchAt} from '../core/batch-table.js';
import type {Opened} from '../core/change.js';
import {type Answer, answer, type Command} from '../core/command.js';
import type {Event, Fact} from '../core/event.js';
import {changeJob, whyNotNow} from '../core/job-change.js';
import {isNews, isNewWarning} from '../core/limit.js';
import {decide, nextWake, type Work, workOf} from '../core/plan.js';
import {reduce} from '../core/reduce.js';
import type {Batch, Mode, Outcome, Run} from '../core/run.js';
import type {FileState, Verdict} from '../core/verdict.js';
import type {Clock} from './clock.js';

/** One attempt or one check of rules, as plain data: it could be carried out anywhere. */
export type Task = {run: Run; batch: Batch; attempt: number; mode: Mode};

/** Live output of an attempt. A slow face may drop it; the log file has everything. */
export type Signal = {type: 'output'; batch: number; attempt: number; stream: 'stdout' | 'stderr'; text: string};

/** What the rules found, and the watched files at that moment. */
export type Judgement = {verdicts: Verdict[]; after?: FileState[]};

/** The world, as the engine needs it. */
export type Ports = {
	clock: Clock;
	/** Resolves when the events are safe on disk. A rejection ends the run. */
	append(events: Event[]): Promise<void>;
	/**
	 * Runs the CLI; a signal that is aborted from the start means: do not even begin. `report` resolves when the fact is
	 * on disk. Rejects only for what no attempt can do anything about.
	 */
	perform(
		task: Task,
		control: {signal: AbortSignal; report(fact: Fact): Promise<void>; output(signal: Signal): void},
	): Promise<Outcome>;
	/** Calls back with what other jobs of the account have met or found, until it is stopped. */
	listen?(heard: (news: Extract<Fact, {type: 'limit-shared' | 'limit-lifted'}>) => void): () => void;
	/** Reads the job file as it is now, to go on with it. `hash` tells it from any other; none where there is no file. */
	readJob?(run: Run): Promise<{opened: Opened; hash: string} | {refused: string}>;
	/** Checks the rules; undefined when aborted. */
	validate(task: Task, signal: AbortSignal): Promise<Judgement | undefined>;
};

/** What every face sees, in this process or over a socket. */
export type Engine = {
	/**
	 * Records the opening facts and sets off; to be called once, when the listeners are there. With `stay` a run that is
	 * over can be taken up again by a command, until `leave`.
	 */
	start(options?: {stay?: boolean}): void;
	/** Lets `ended` resolve as soon as the run is over. */
	leave(): void;
	/** What is on disk. Undefined before the first facts of a new job are. */
	getSnapshot(): Run;
	/** Called after events are on disk and folded in. Returns the way to stop. */
	subscribe(listener: (events: readonly Event[], run: Run) => void): () => void;
	onSignal(listener: (signal: Signal) => void): () => void;
	/** Undefined once the command is recorded, else the reason why it was refused. */
	send(command: Command): Promise<string | undefined>;
	/** The state after `run-ended`, when nothing is under way any more. Rejects when the run had to be abandoned. */
	ended: Promise<Run>;
};

/** How often a wait is looked at again at least, ms: a laptop that slept, a clock that was set. */
const lookAgain = 60_000;

/**
 * The one loop. A turn: fold the fact and every fact that `decide` adds, append them, and only when they are safe let
 * listeners and work see the new state. What is under way follows from the state alone (`workOf`), so pause, stop,
 * skip and going on after a crash need no code of their own here.
 *
 * `known` is the state on disk, if there is any; `opening` the facts that this program adds first.
 */
export function createEngine(known: Run | undefined, opening: readonly Fact[], ports: Ports): Engine {
	const {clock} = ports;
	const listeners = new Set<Parameters<Engine['subscribe']>[0]>();
	const signalListeners = new Set<(signal: Signal) => void>();
	const underWay = new Map<string, AbortController>();
	const {promise: ended, resolve: end, reject: abandon} = Promise.withResolvers<Run>();
	/** Everything folded, also what is not on disk yet. */
	let latest = known;
	/** What is on disk: the state that the world may see. */
	let published = known as Run;
	let unsaved: Event[] = [];
	let saving: Promise<void> | undefined;
	let broken: unknown;
	let started = false;
	let staying = false;
	let callOff: (() => void) | undefined;
	/** When `decide` had its last word. */
	let decidedAt = 0;

	/** The only way the run changes. Resolves when the facts are on disk and their consequences are under way. */
	function record(facts: readonly Fact[]): Promise<void> {
		if (broken) return Promise.reject(broken);
		try {
			for (const fact of facts) fold(fact);
			for (let fact = next(); fact; fact = next()) fold(fact);
		} catch (error) {
			fail(error);
			return Promise.reject(error);
		}
		if (unsaved.length > 0) saving ??= save();
		else if (!saving) arm();
		return saving ?? Promise.resolve();
	}

	function next(): Fact | undefined {
		decidedAt = clock.now();
		return latest && decide(latest, decidedAt, clock.random());
	}

	function fold(fact: Fact): void {
		const event = {seq: (latest?.seq ?? 0) + 1, at: clock.now(), ...fact} as Event;
		latest = reduce(latest, event);
		unsaved.push(event);
	}

	async function save(): Promise<void> {
		try {
			while (unsaved.length > 0) {
				const events = unsaved;
				const state = latest as Run;
				unsaved = [];
				await ports.append(events);
				published = state;
				for (const listener of listeners) listener(events, published);
				reconcile();
			}
			arm();
		} catch (error) {
			fail(error);
			throw error;
		} finally {
			saving = undefined;
		}
	}

	/** Starts the work that is missing and ends the work that is no longer wanted. */
	function reconcile(): void {
		if (broken || !published) return;
		const work = workOf(published);
		for (const [key, controller] of underWay) if (work.get(key)?.stop ?? true) controller.abort();
		for (const [key, item] of work) if (!underWay.has(key)) void carryOut(key, item);
		if (published.phase === 'ended' && underWay.size === 0 && !staying) {
			callOff?.();
			end(published);
		}
	}

	async function carryOut(key: string, work: Work): Promise<void> {
		const controller = new AbortController();
		underWay.set(key, controller);
		if (work.stop) controller.abort();
		try {
			const fact = await resultOf(work, controller.signal);
			// The key stays until the fact is published: until then the published state still asks for this work.
			if (fact) await record([fact]);
		} catch (error) {
			fail(error);
		}
		underWay.delete(key);
		if (broken) giveUp();
		else reconcile();
	}

	async function resultOf({type, batch, attempt, mode}: Work, signal: AbortSignal): Promise<Fact | undefined> {
		const task = {run: published, batch: batchAt(published, batch), attempt, mode};
		if (type === 'validate') {
			const judgement = await ports.validate(task, signal);
			return judgement && !signal.aborted ? {type: 'validated', batch, attempt, ...judgement} : undefined;
		}
		const outcome = await ports.perform(task, {
			signal,
			// Said again and again while an attempt runs: only what is new becomes a fact.
			report: fact =>
				fact.type === 'limit-warned' && latest && !isNewWarning(latest, fact) ? Promise.resolve() : record([fact]),
			output: output => {
				for (const listener of signalListeners) listener(output);
			},
		});
		return {type: 'attempt-ended', batch, attempt, outcome};
	}

	/** What a person has looked at is taken, and nothing that the file has become since. */
	async function readAnswer(hash: string): Promise<Answer> {
		const refused = latest && whyNotNow(latest);
		if (refused !== undefined || !latest || !ports.readJob)
			return {refused: refused ?? 'the job file cannot be read from here'};
		const read = await ports.readJob(latest);
		if ('refused' in read) return read;
		if (read.hash !== hash) return {refused: 'the job file has changed since you looked at it: look again (e)'};
		return changeJob(latest, read.opened);
	}

	/** Waits are absolute and looked at again at least once a minute. */
	function arm(): void {
		callOff?.();
		callOff = undefined;
		const wake = nextWake(published, decidedAt);
		if (wake === undefined || broken) return;
		callOff = clock.timer(Math.min(Math.max(wake - clock.now(), 0), lookAgain), () => {
			record([]).catch(() => {});
		});
	}

	/** Loud and final: nothing may go on that is not recorded. */
	function fail(error: unknown): void {
		if (broken) return;
		broken = error ?? new Error('failed without a reason');
		callOff?.();
		for (const controller of underWay.values()) controller.abort();
		giveUp();
	}

	/** Nobody is told that it is over while a child may still run. */
	function giveUp(): void {
		if (underWay.size === 0) abandon(broken);
	}

	ended.catch(() => {});
	return {
		start({stay = false} = {}) {
			started = true;
			staying = stay;
			record(opening).catch(() => {});
			const deafen = ports.listen?.(news => {
				if (latest && isNews(latest, news, clock.now())) record([news]).catch(() => {});
			});
			if (deafen) ended.then(deafen, deafen);
		},
		leave() {
			staying = false;
			reconcile();
		},
		getSnapshot: () => published,
		subscribe(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		onSignal(listener) {
			signalListeners.add(listener);
			return () => void signalListeners.delete(listener);
		},
		async send(command) {
			if (!started || !latest) return 'the run has not started yet';
			const reply = command.type === 'change-job' ? await readAnswer(command.hash) : answer(latest, command);
			if ('refused' in reply) return reply.refused;
			await record(reply.facts);
			return undefined;
		},
		ended,
	};
}
