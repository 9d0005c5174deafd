import {batchAt} from './batch-table.js';
import {put} from './bookkeeping.js';
import type {EventOf, Fact} from './event.js';
import {closed, outlasts} from './fallback.js';
import {consequenceOf} from './retry.js';
import type {Batch, Run} from './run.js';

/**
 * How a run keeps away from a limit of its account. Nothing starts before the limit's time; then one batch probes. When
 * that has not met the limit again, it is lifted, and the others follow one after the other. A service that is
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

type Limit = NonNullable<Run['limit']>;

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

/** The fact that a limit is over, as soon as the probe tells. */
export function liftLimit(run: Run, now: number): Fact | undefined {
	const {limit} = run;
	return limit && limit.until <= now && probeOf(run, limit, now) === 'passed'
		? {type: 'limit-lifted', ...(limit.backend && {backend: limit.backend})}
		: undefined;
}

/** Whether a limit, its probe, or the distance to the start before keeps anything from starting now. */
export function limitHolds(run: Run, now: number): boolean {
	const {limit, ramp} = run;
	if (limit && (limit.until > now || probeOf(run, limit, now) === 'under way')) return true;
	return ramp !== undefined && ramp.next > now;
}

/** When `limitHolds` or `liftLimit` may say something else though nothing happens; undefined when nothing holds. */
export function limitWake(run: Run, now: number): number | undefined {
	const {limit, ramp} = run;
	if (limit && limit.until > now) return limit.until;
	if (limit?.probe && probeOf(run, limit, now) === 'under way' && limit.probe.at + probeMs > now)
		return limit.probe.at + probeMs;
	return ramp && ramp.next > now ? ramp.next : undefined;
}

/** Batches that may be under way at once now: as many as were asked for, or fewer. */
export function slotsOf({concurrency, slowed, warned}: Run, now: number): number {
	const slots = Math.min(concurrency, slowed ?? concurrency);
	if (!warned || warned.until <= now) return slots;
	return Math.min(slots, warned.utilization >= nearlyUsedUp ? 1 : Math.ceil(concurrency / 2));
}

/** Whether this run does not know yet what another job of the account has met or found. */
export function isNews(run: Run, fact: Extract<Fact, {type: 'limit-shared' | 'limit-lifted'}>, now: number): boolean {
	if (run.phase === 'ended') return false;
	const ofBackend = run.closed?.find(one => one.backend === 0);
	if (fact.type === 'limit-lifted') {
		// What was told before a limit was met says nothing of it.
		const isLater = (one: {since?: number | undefined} | undefined) =>
			one !== undefined && (fact.toldAt ?? now) >= (one.since ?? 0);
		return isLater(ofBackend) || (isLater(run.limit) && !run.limit?.backend);
	}
	return fact.until > now && fact.until > Math.max(run.limit?.until ?? 0, ofBackend?.until ?? 0);
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

export function limitSeen(run: Run, {batch, until, failure, at}: EventOf<'limit-seen'>): Run {
	const {limit, ramp: _, ...rest} = run;
	const {kind, message} = failure;
	// Batches that were under way meet the same wall one after the other: that is one wait.
	const isNew = !limit || limit.until <= at;
	return {
		...rest,
		limit: later(limit, {until, kind, message, since: at, ...backendOf(run, batch)}),
		...(kind === 'overloaded' && {
			slowed: Math.max(1, Math.floor(Math.min(run.slowed ?? Infinity, run.concurrency) / 2)),
		}),
		totals: {...run.totals, waits: run.totals.waits + (isNew ? 1 : 0)},
	};
}

export function limitShared(run: Run, {until, kind, message, at}: EventOf<'limit-shared'>): Run {
	// What is told is of the account of the job's own backend.
	if (outlasts(run, until, at)) return closed(run, 0, until, message, at);
	const {ramp: _, ...rest} = run;
	return {...rest, limit: later(run.limit, {until, kind, message, since: at})};
}

/** Its time has come; the next start is its probe. */
export function limitEnded(run: Run, at: number): Run {
	return run.limit ? {...run, limit: {...run.limit, until: Math.min(run.limit.until, at)}} : run;
}

/** As `limitEnded`, and one batch that waits for it goes on, since there may be no other slot to try with. */
export function limitWaitEnded(run: Run, at: number): Run {
	const first = run.live.map(number => batchAt(run, number)).find(waitsForLimit);
	const next = limitEnded(run, at);
	return first ? put(next, {...first, until: Math.min(first.until, at)}) : next;
}

/** With another CLI a limit says nothing any more: one batch tries at once, the others when it has passed. */
export function limitsForgotten(run: Run, at: number): Run {
	const {ramp: _ramp, warned: _warned, slowed: _slowed, ...rest} = run;
	return limitEnded(waitsEnded(rest, at), at);
}

const waitsForLimit = (batch: Batch): batch is Extract<Batch, {status: 'waiting'}> =>
	batch.status === 'waiting' && consequenceOf(batch.reason) === 'wait';

function waitsEnded(run: Run, at: number): Run {
	let next = run;
	for (const number of run.live) {
		const batch = batchAt(run, number);
		if (waitsForLimit(batch) && batch.until > at) next = put(next, {...batch, until: at});
	}
	return next;
}

const backendOf = (run: Run, batch: number) => {
	const {backend} = batchAt(run, batch);
	return backend ? {backend} : {};
};

/** Of two limits the one that lasts longer; what is told of it is the later word. */
const later = (known: Run['limit'], met: Limit): Limit =>
	known && known.until > met.until
		? {...met, until: known.until, ...(known.backend !== undefined && {backend: known.backend})}
		: met;

export function limitWarned(run: Run, {utilization, window, until, at}: EventOf<'limit-warned'>): Run {
	return {...run, warned: {utilization, window, until: until ?? at + warningMs}};
}

/** Who waits for the limit goes on: one now, the others one after the other, until all slots are taken. */
export function limitLifted(run: Run, at: number): Run {
	const {limit, ...rest} = run;
	const next = waitsEnded(rest, at);
	return limit ? {...next, ramp: {next: at, left: run.concurrency}} : next;
}

/** A start after the limit's time is its probe; one after it was lifted holds the next one up. */
export function startedAfterLimit(run: Run, batch: number, attempt: number, at: number): Run {
	if (run.limit) return {...run, limit: {...run.limit, probe: {batch, attempt, at}}};
	const {ramp, ...rest} = run;
	return ramp && ramp.left > 1 ? {...rest, ramp: {next: at + staggerMs, left: ramp.left - 1}} : rest;
}

/** An attempt that the service could serve: one batch more may run at once. */
export function recoverSlots(run: Run): Run {
	const {slowed, ...rest} = run;
	return slowed === undefined || slowed + 1 >= run.concurrency ? rest : {...rest, slowed: slowed + 1};
}
