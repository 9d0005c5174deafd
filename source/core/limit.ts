import {batchAt} from './batch-table.js';
import {put} from './bookkeeping.js';
import {type Limit, limitOf, limitsOf, noteLimit, withLimit} from './cli-limits.js';
import type {EventOf, Fact} from './event.js';
import {closed, outlasts} from './fallback.js';
import {consequenceOf} from './retry.js';
import type {Batch, Run} from './run.js';

/**
 * How a run keeps away from a limit of an account, each of its CLIs from its own. Nothing starts with that CLI before the
 * limit's time; then one batch probes. When that has not met the limit again, it is lifted, and the others follow one
 * after the other. A service that is
 * overloaded, or an account that is nearly used up, gets fewer batches at once.
 */

/** A probe that has run for so long has not met the limit. Milliseconds. */
export const probeMs = 60_000;
/** Between two starts after a limit was lifted. Milliseconds. */
const staggerMs = 3000;
/** From this share of its quota on an account gets one batch at once; below, from its first warning on, half as many. */
const nearlyUsedUp = 0.95;
/** How long a warning counts that did not say when its window ends. Milliseconds. */
const warningMs = 3_600_000;

/** What has become of the batch that was sent ahead. `lost`: it was stopped, or could not tell; another one must go. */
function probeOf(run: Run, {probe}: Limit, now: number): 'none' | 'under way' | 'passed' | 'lost' {
	if (!probe) return 'none';
	const batch = batchAt(run, probe.batch);
	if (batch.attempt !== probe.attempt) return 'lost';
	switch (batch.status) {
		case 'running': {
			const {outcome} = batch;
			if (!outcome) return now >= probe.at + probeMs ? 'passed' : 'under way';
			return outcome.failure && consequenceOf(outcome.failure.kind) === 'wait' ? 'under way' : 'passed';
		}
		case 'stopping':
			return 'under way';
		case 'completed':
		case 'waiting':
			return 'passed';
		case 'failed':
			return consequenceOf(batch.failure.kind) === 'wait' ? 'lost' : 'passed';
		default:
			return 'lost';
	}
}

/** The fact that a limit is over, as soon as its probe tells. */
export function liftLimit(run: Run, now: number): Fact | undefined {
	const over = limitsOf(run).find(({limit}) => limit.until <= now && probeOf(run, limit, now) === 'passed');
	return over && {type: 'limit-lifted', ...(over.backend > 0 && {backend: over.backend})};
}

/** Whether a limit of a CLI, or its probe, keeps anything from starting with it now. */
export function limitHolds(run: Run, backend: number, now: number): boolean {
	const limit = limitOf(run, backend);
	return limit !== undefined && (limit.until > now || probeOf(run, limit, now) === 'under way');
}

/** Whether the next start has to keep its distance to the one before. */
export const rampHolds = ({ramp}: Run, now: number): boolean => ramp !== undefined && ramp.next > now;

/** When the above may say something else though nothing happens, ms since the epoch; infinite when nothing holds. */
export function limitWake(run: Run, now: number): number {
	const times = limitsOf(run).map(({limit}) => {
		if (limit.until > now) return limit.until;
		return limit.probe && probeOf(run, limit, now) === 'under way' ? limit.probe.at + probeMs : 0;
	});
	return Math.min(...[...times, run.ramp?.next ?? 0].filter(time => time > now));
}

/** Batches that may be under way at once now: as many as were asked for, or fewer. */
export function slotsOf({concurrency, slowed, warned}: Run, now: number): number {
	const slots = Math.min(concurrency, slowed ?? concurrency);
	if (!warned || warned.until <= now) return slots;
	return Math.min(slots, warned.utilization >= nearlyUsedUp ? 1 : Math.ceil(concurrency / 2));
}

/** Whether this run does not know yet what another job of an account has met or found. */
export function isNews(run: Run, fact: Extract<Fact, {type: 'limit-shared' | 'limit-lifted'}>, now: number): boolean {
	if (run.phase === 'ended' || (fact.backend ?? 0) > (run.job.backend.fallbacks?.length ?? 0)) return false;
	const limit = limitOf(run, fact.backend ?? 0);
	// What was told before a limit was met says nothing of it.
	if (fact.type === 'limit-lifted') return limit !== undefined && (fact.toldAt ?? now) >= (limit.since ?? 0);
	return fact.until > now && fact.until > (limit?.until ?? 0);
}

/** Whether a warning tells more than the one before: another window, the next one, or a share with another consequence. */
export const isNewWarning = (
	{warned}: Run,
	{utilization, window, until}: Pick<EventOf<'limit-warned'>, 'utilization' | 'window' | 'until'>,
): boolean =>
	!warned ||
	warned.window !== window ||
	(until !== undefined && warned.until !== until) ||
	warned.utilization >= nearlyUsedUp !== utilization >= nearlyUsedUp;

export function limitSeen(run: Run, {batch, until, closes = until, failure, at}: EventOf<'limit-seen'>): Run {
	const {kind, message} = failure;
	const backend = batchAt(run, batch).backend ?? 0;
	// Batches that were under way meet the same wall one after the other: that is one wait.
	const isNew = (limitOf(run, backend)?.until ?? 0) <= at;
	const next = noteLimit(run, backend, {until: closes, kind, message, since: at});
	const totals = {...run.totals, waits: run.totals.waits + (isNew ? 1 : 0)};
	return {...(kind === 'overloaded' ? slowedDown(next) : next), totals};
}

/** Half as many batches at once, but one at least. */
const slowedDown = (run: Run): Run => ({
	...run,
	slowed: Math.max(1, Math.floor(Math.min(run.slowed ?? Infinity, run.concurrency) / 2)),
});

export function limitShared(run: Run, {until, kind, message, backend = 0, at}: EventOf<'limit-shared'>): Run {
	if (outlasts(run, until, at)) return closed(run, backend, {until, kind, message}, at);
	const isNew = (limitOf(run, backend)?.until ?? 0) <= at;
	const next = noteLimit(run, backend, {until, kind, message, since: at});
	return kind === 'overloaded' && isNew ? slowedDown(next) : next;
}

/** Its time has come; the next start with that CLI is its probe. */
export function limitEnded(run: Run, backend: number, at: number): Run {
	const limit = limitOf(run, backend);
	return limit ? withLimit(run, backend, {...limit, until: Math.min(limit.until, at)}) : run;
}

/** As `limitEnded`, of all CLIs, and one batch that waits goes on, since there may be no other slot to try with. */
export function limitWaitEnded(run: Run, at: number): Run {
	const first = run.live.map(number => batchAt(run, number)).find(waitsForLimit);
	const next = limitsOf(run).reduce((before, {backend}) => limitEnded(before, backend, at), run);
	return first ? put(next, {...first, until: Math.min(first.until, at)}) : next;
}

/** With another CLI a limit says nothing any more: one batch tries at once, the others when it has passed. */
export function limitsForgotten(run: Run, at: number): Run {
	const {ramp: _ramp, warned: _warned, slowed: _slowed, ...rest} = run;
	return limitEnded(waitsEnded(rest, at), 0, at);
}

const waitsForLimit = (batch: Batch): batch is Extract<Batch, {status: 'waiting'}> =>
	batch.status === 'waiting' && consequenceOf(batch.reason) === 'wait';

/** Of the batches of one CLI, or of all. */
function waitsEnded(run: Run, at: number, backend?: number): Run {
	let next = run;
	for (const number of run.live) {
		const batch = batchAt(run, number);
		const isMeant = backend === undefined || (batch.backend ?? 0) === backend;
		if (isMeant && waitsForLimit(batch) && batch.until > at) next = put(next, {...batch, until: at});
	}
	return next;
}

export function limitWarned(run: Run, {utilization, window, until, at}: EventOf<'limit-warned'>): Run {
	return {...run, warned: {utilization, window, until: until ?? at + warningMs}};
}

/** Who waits for the limit of that CLI goes on: one now, the others one after the other, until all slots are taken. */
export function limitLifted(run: Run, backend: number, at: number): Run {
	const next = withLimit(waitsEnded(run, at, backend), backend, undefined);
	return limitOf(run, backend) ? {...next, ramp: {next: at, left: run.concurrency}} : next;
}

/** A start after the limit's time is its probe; one after it was lifted holds the next one up. */
export function startedAfterLimit(run: Run, batch: number, attempt: number, at: number): Run {
	const {backend = 0} = batchAt(run, batch);
	const limit = limitOf(run, backend);
	if (limit) return withLimit(run, backend, {...limit, probe: {batch, attempt, at}});
	const {ramp, ...rest} = run;
	return ramp && ramp.left > 1 ? {...rest, ramp: {next: at + staggerMs, left: ramp.left - 1}} : rest;
}

/** An attempt that the service could serve: one batch more may run at once. */
export function recoverSlots(run: Run): Run {
	const {slowed, ...rest} = run;
	return slowed === undefined || slowed + 1 >= run.concurrency ? rest : {...rest, slowed: slowed + 1};
}
