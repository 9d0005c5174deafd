import {alikeReason} from './alike.js';
import {allBatches, batchAt} from './batch-table.js';
import {batchBudgetSpent, beforeStart, budgetWarning} from './budget.js';
import {wantsCompletion} from './completion.js';
import type {Fact} from './event.js';
import type {Failure} from './failure.js';
import {metLimit, moveBeforeStart, openWake} from './fallback.js';
import {liftLimit, limitHolds, limitWake, rampHolds, slotsOf} from './limit.js';
import {consequenceOf, maxLosses, retryDelay} from './retry.js';
import type {Batch, Mode, Run} from './run.js';
import {passedCount} from './verdict.js';

/**
 * What should be under way. `attempt`: run the CLI; `validate`: check the rules of an attempt that is over or was cut
 * off. An attempt with `stop` is to be ended, also when its stop was recorded before it could begin.
 */
export type Work = {type: 'attempt' | 'validate'; batch: number; attempt: number; mode: Mode; stop: boolean};

type Running = Extract<Batch, {status: 'running'}>;
type Rechecking = Extract<Batch, {status: 'rechecking'}>;

/**
 * The next fact that the engine may assert by itself, or undefined when it must wait for the world. Pure: `now` is ms
 * since the epoch and `draw` a random number in [0, 1) for the jitter, recorded in the fact that used it.
 */
export function decide(run: Run, now: number, draw: number): Fact | undefined {
	if (run.phase === 'ended') return undefined;
	const warning = budgetWarning(run);
	if (warning) return warning;
	let busy = false;
	for (const number of run.live) {
		const batch = batchAt(run, number);
		const fact = settle(run, batch, now, draw);
		if (fact) return fact;
		if (isUnderWay(run, batch)) busy = true;
	}
	if (run.phase === 'stopping') return busy ? undefined : stopped(run);
	if (run.phase === 'paused') return undefined;
	if (run.failing) return busy ? undefined : {type: 'run-ended', result: 'failed'};
	const alike = alikeReason(run);
	if (alike !== undefined) return {type: 'paused', mode: 'drain', reason: alike};
	return liftLimit(run, now) ?? start(run, now) ?? (busy ? undefined : finish(run));
}

/** What follows for a batch whose attempt is over and whose rules were checked. */
function settle(run: Run, batch: Batch, now: number, draw: number): Fact | undefined {
	if (batch.status === 'rechecking') return batch.checked ? settleRecheck(run, batch, now) : undefined;
	if (batch.status !== 'running' || !batch.outcome || !batch.checked) return undefined;
	const {number, outcome} = batch;
	const verdicts = batch.verdicts ?? [];
	const passed = passedCount(verdicts);
	const good = outcome.notStarted ? false : verdicts.length === 0 ? !outcome.failure : passed === verdicts.length;
	if (good) {
		return {
			type: 'batch-completed',
			batch: number,
			passed,
			...(outcome.exitCode === undefined ? {} : {exitCode: outcome.exitCode}),
		};
	}
	const failure = outcome.failure ?? rulesFail(batch);
	switch (consequenceOf(failure.kind)) {
		case 'again':
		case 'pause':
			return {type: 'batch-returned', batch: number, failure};
		case 'fail':
			return {type: 'batch-failed', batch: number, failure};
		case 'wait':
			return metLimit(run, batch, failure, now);
		case 'retry':
			if (batch.hold) return {type: 'batch-held', batch: number};
			return another(run, batch, failure, now, draw);
	}
}

/** A completion attempt, a full retry, or the end of both budgets. */
function another(run: Run, batch: Running, failure: Failure, now: number, draw: number): Fact {
	const settings = run.job.retry;
	const {number} = batch;
	const spent = batchBudgetSpent(run, batch, failure);
	if (spent) return spent;
	if (wantsCompletion(settings, batch.verdicts ?? [], batch.completions)) {
		const until = now + settings.completion_delay_seconds * 1000;
		return {type: 'completion-scheduled', batch: number, completions: batch.completions + 1, until};
	}
	if (batch.retries >= settings.max_retries) return {type: 'batch-failed', batch: number, failure};
	const retries = batch.retries + 1;
	const delay = retryDelay(settings, retries, draw);
	return {type: 'retry-scheduled', batch: number, retries, until: now + delay.delayMs, ...delay, failure};
}

function settleRecheck(run: Run, batch: Rechecking, now: number): Fact {
	const {number} = batch;
	const verdicts = batch.verdicts ?? [];
	const passed = passedCount(verdicts);
	if (verdicts.length > 0 && passed === verdicts.length) return {type: 'batch-completed', batch: number, passed};
	if (batch.from === 'pending') {
		if (batch.losses >= maxLosses) return {type: 'batch-failed', batch: number, failure: lostTooOften(batch)};
		if (batch.next !== 'completion' && wantsCompletion(run.job.retry, verdicts, batch.completions)) {
			return {type: 'completion-scheduled', batch: number, completions: batch.completions + 1, until: now};
		}
	}
	return {type: 'recheck-ended', batch: number};
}

/** The next batch to start: first those whose wait is over, then pending ones in order, as far as there are slots. */
function start(run: Run, now: number): Fact | undefined {
	const stop = beforeStart(run);
	if (stop) return stop;
	if (rampHolds(run, now)) return undefined;
	const slots = slotsOf(run, now);
	const isFull = run.live.filter(number => batchAt(run, number).status !== 'waiting').length >= slots;
	if (isFull) return undefined;
	for (const number of run.live) {
		const batch = batchAt(run, number);
		if (batch.status !== 'waiting' || batch.until > now) continue;
		const begin = beginning(run, batch, now);
		if (begin) return begin;
	}
	if (run.cursor > run.total) return undefined;
	const resting = run.resting.filter(until => until > now).length;
	if (run.live.length + resting >= slots) return undefined;
	const batch = batchAt(run, run.cursor);
	if (batch.status !== 'pending') throw new Error(`cursor at batch ${batch.number}, which is ${batch.status}`);
	if (batch.recheck) return {type: 'recheck-started', batch: batch.number};
	if (batch.losses >= maxLosses) return {type: 'batch-failed', batch: batch.number, failure: lostTooOften(batch)};
	return beginning(run, batch, now);
}

/** The start of a batch, or the move before it; undefined where no CLI of it may be started now. */
function beginning(run: Run, batch: Extract<Batch, {status: 'pending' | 'waiting'}>, now: number): Fact | undefined {
	const move = moveBeforeStart(run, batch, now);
	if (move === 'wait') return undefined;
	if (move) return move;
	return limitHolds(run, batch.backend ?? 0, now) ? undefined : attemptStarted(batch, batch.next);
}

const attemptStarted = (batch: Batch, mode: Mode): Fact => ({
	type: 'attempt-started',
	batch: batch.number,
	attempt: batch.attempt + 1,
	mode,
});

/** Nothing is under way and nothing may start: the end, unless batches wait for their time or for a person. */
function finish(run: Run): Fact | undefined {
	if (run.cursor <= run.total || count(run, 'waiting') > 0) return undefined;
	if (count(run, 'held') > 0) {
		const held = [...allBatches(run)].filter(batch => batch.status === 'held').map(batch => batch.number);
		return {type: 'paused', mode: 'drain', reason: `held by you: batch ${held.join(', ')}`};
	}
	if (count(run, 'failed') > 0) return {type: 'run-ended', result: 'failed'};
	if (count(run, 'pending') > 0) return {type: 'run-ended', result: 'paused', reason: chosenDone};
	return {type: 'run-ended', result: 'completed'};
}

/** Why a run ends with work left that nobody asked for: `--batches` and `--start-batch` choose. */
export const chosenDone = 'the chosen batches are done';

/** A stop that came when nothing was left to do stops nothing: the run ends as it would have. */
function stopped(run: Run): Fact {
	const over = run.live.length === 0 ? finish(run) : undefined;
	if (over?.type === 'run-ended') return over;
	return {type: 'run-ended', result: run.result === 'cancelled' ? 'cancelled' : 'paused'};
}

/** The work that the state asks for, by key. The engine starts what is missing and ends what is no longer here. */
export function workOf(run: Run): Map<string, Work> {
	const work = new Map<string, Work>();
	if (run.phase === 'ended') return work;
	for (const number of run.live) {
		const batch = batchAt(run, number);
		const type = workTypeOf(run, batch);
		if (!type) continue;
		const mode = 'mode' in batch ? batch.mode : 'normal';
		const stop = batch.status === 'stopping';
		work.set(`${type} ${number}#${batch.attempt}`, {type, batch: number, attempt: batch.attempt, mode, stop});
	}
	return work;
}

function workTypeOf(run: Run, batch: Batch): Work['type'] | undefined {
	if (batch.status === 'stopping' || (batch.status === 'running' && !batch.outcome)) return 'attempt';
	const checks = (batch.status === 'running' || batch.status === 'rechecking') && !batch.checked;
	return checks && run.stop !== 'now' ? 'validate' : undefined;
}

/** Something that must end before the run can end. */
const isUnderWay = (run: Run, batch: Batch) => workTypeOf(run, batch) !== undefined;

/** When `decide`, which was asked last at `now`, may have something new to say though nothing happens. Ms since the epoch. */
export function nextWake(run: Run, now: number): number | undefined {
	if (run.phase !== 'running' || run.failing) return undefined;
	let wake = limitWake(run, now);
	for (const number of run.live) {
		const batch = batchAt(run, number);
		if (batch.status === 'waiting' && batch.until > now) wake = Math.min(wake, batch.until);
	}
	if (run.cursor <= run.total) for (const until of run.resting) if (until > now) wake = Math.min(wake, until);
	if (run.warned && run.warned.until > now) wake = Math.min(wake, run.warned.until);
	wake = Math.min(wake, openWake(run, now) ?? wake);
	return Number.isFinite(wake) ? wake : undefined;
}

/** Whether nothing is under way: neither a process nor a check of rules. */
export const isIdle = (run: Run): boolean => !run.live.some(number => isUnderWay(run, batchAt(run, number)));

export const count = (run: Run, status: Batch['status']): number => run.counts[status] ?? 0;

function rulesFail(batch: Running): Failure {
	const failing = (batch.verdicts ?? []).filter(verdict => !verdict.passed);
	const first = failing[0];
	const more = failing.length > 1 ? ` (and ${failing.length - 1} more)` : '';
	const denied = batch.outcome?.denied ?? [];
	const why = denied.length > 0 ? `. It was not allowed to use ${denied.join(', ')}` : '';
	return {kind: 'validation', message: `${first ? `${first.message}${more}` : 'no rule passed'}${why}`};
}

const lostTooOften = (batch: Batch): Failure => ({
	kind: 'interrupted',
	message: `its attempts were lost in ${batch.losses} crashes of the program; look at its log before you queue it again`,
});
