import {common, expectIn, put} from './bookkeeping.js';
import type {EventOf} from './event.js';
import {consequenceOf} from './retry.js';
import {type AttemptRecord, type Batch, mostRecords, type Outcome, type Run} from './run.js';
import {addUsage} from './usage.js';

/** The process of an attempt is over: what it cost is counted, and the batch is judged, goes back, or is left. */
export function attemptEnded(run: Run, {batch: number, outcome, at}: EventOf<'attempt-ended'>): Run {
	const batch = expectIn(run, number, 'running', 'stopping');
	const {durationMs, usage} = outcome;
	const totals = {
		...run.totals,
		tookMs: run.totals.tookMs + durationMs,
		...(usage && {usage: addUsage(run.totals.usage, usage)}),
		...(usage?.costUsd === undefined && durationMs > 0 && {untold: (run.totals.untold ?? 0) + 1}),
		...(!usage && durationMs > 0 && {untoldTokens: (run.totals.untoldTokens ?? 0) + 1}),
	};
	const counts = outcome.failure && consequenceOf(outcome.failure.kind) === 'wait';
	const mine = {
		...batch,
		tookMs: batch.tookMs + durationMs,
		history: recorded(batch, outcome),
		waits: counts ? batch.waits : 0,
		...(usage && {usage: addUsage(batch.usage, usage)}),
		...(batch.session && {session: counted(batch.session, outcome)}),
	};
	// One that was to be stopped and has failed was stopped, whatever ended it first; a late success counts.
	if (outcome.aborted || (batch.status === 'stopping' && outcome.failure)) {
		const into = batch.status === 'stopping' ? batch.into : 'pending';
		return {...put(run, leave(mine, into, at, batch.mode, needsRecheck(run, batch))), totals};
	}
	if (batch.status === 'stopping' && batch.into === 'skipped') {
		return {...put(run, leave(mine, 'skipped', at, batch.mode, false)), totals};
	}
	const {mode, startedAt, spawned} = batch;
	// Without rules there is nothing to check, and what rules that are gone have said no longer counts.
	let judged: {checked: boolean; verdicts?: []} =
		run.job.validations.length === 0 ? {checked: true, verdicts: []} : {checked: false};
	// What the attempt before has left was judged then, and is not this one's doing.
	if (outcome.notStarted) judged = {checked: true};
	const over: Batch = {...common(mine), status: 'running', mode, startedAt, spawned, outcome, ...judged};
	const held = batch.status === 'stopping' && batch.into === 'held';
	return {...put(run, held ? {...over, hold: true} : over), totals};
}

/** What a session has come to, as far as the attempt has told. */
const counted = (session: NonNullable<Batch['session']>, {sessionCostUsd: costUsd, sessionUsage: usage}: Outcome) => ({
	...session,
	...(costUsd !== undefined && {costUsd}),
	...(usage && {usage}),
});

/** Where a batch goes whose attempt did not count. */
export function leave(
	batch: Batch,
	into: 'pending' | 'held' | 'skipped',
	at: number,
	next: Extract<Batch, {status: 'pending'}>['next'],
	recheck: boolean,
): Batch {
	if (into === 'skipped') return {...common(batch), status: 'skipped', endedAt: at};
	return {...common(batch), status: into, next, recheck};
}

/** Work that may be finished already must not be paid for twice: its rules are asked first. */
export const needsRecheck = (run: Run, batch: {spawned: boolean}) => batch.spawned && run.job.validations.length > 0;

/** The attempt in short, at the end of its batch's history. */
export function recorded(
	{history, attempt, mode, startedAt, backend}: Extract<Batch, {status: 'running' | 'stopping'}>,
	{durationMs: tookMs, exitCode, failure, usage}: Pick<Outcome, 'durationMs' | 'exitCode' | 'failure' | 'usage'>,
): AttemptRecord[] {
	const record: AttemptRecord = {attempt, mode, startedAt, tookMs};
	if (backend !== undefined) record.backend = backend;
	if (exitCode !== undefined) record.exitCode = exitCode;
	if (failure) record.kind = failure.kind;
	if (usage) record.usage = usage;
	return [...history, record].slice(-mostRecords);
}
