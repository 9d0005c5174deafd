import type {Backend} from '../config/backend-schema.js';
import type {Job} from '../config/schema.js';
import {common, expectIn, put} from './bookkeeping.js';
import {limitedUntil, noteLimit} from './cli-limits.js';
import type {EventOf, Fact} from './event.js';
import type {Failure} from './failure.js';
import {waitUntil} from './retry.js';
import type {Batch, Run} from './run.js';

/**
 * The CLIs of a job, counted from 0: its backend, then its fallbacks. When the limit of one lasts longer than the job
 * waits, it is closed until then, and its batches move to the next one that is open; a batch that has moved stays.
 */

/** A CLI of a job and its settings; the job's own where there are not so many. */
export const backendAt = ({backend: {fallbacks = [], ...own}}: Pick<Job, 'backend'>, index = 0): Backend =>
	fallbacks[index - 1] ?? own;

/** Which CLI an attempt of a batch was made with. */
export const backendOfAttempt = (batch: Batch, attempt: number): number =>
	(batch.history.find(record => record.attempt === attempt) ?? batch).backend ?? 0;

/** What a person calls it. */
export function backendName(settings: Backend): string {
	if (settings.type === 'command') return settings.command[0] ?? settings.type;
	return settings.type === 'profile' ? (settings.profile.name ?? settings.type) : settings.type;
}

/** Until when a CLI is closed, ms since the epoch; 0 when it is open. */
const closedUntil = ({closed = []}: Run, backend: number, now: number): number =>
	closed.find(one => one.backend === backend && one.until > now)?.until ?? 0;

/** The next open CLI after the one that a batch is with, from the first again after the last; one that has no limit, if there is any. */
function nextOpen(run: Run, {backend = 0}: Batch, now: number): number | undefined {
	const count = (run.job.backend.fallbacks?.length ?? 0) + 1;
	const others = Array.from({length: count - 1}, (_, index) => (backend + 1 + index) % count);
	const open = others.filter(other => closedUntil(run, other, now) === 0);
	return open.find(other => limitedUntil(run, other, now) === 0) ?? open[0];
}

/** Whether a limit lasts longer than the job waits where it has another CLI. */
export const outlasts = ({job}: Run, until: number, now: number): boolean =>
	(job.backend.fallbacks?.length ?? 0) > 0 && until - now > job.rate_limit.max_wait_minutes * 60_000;

/** What follows when an attempt has met a limit: the batch goes on elsewhere, waits, or has waited too often. */
export function metLimit(run: Run, batch: Batch, failure: Failure, now: number): Fact {
	const {number} = batch;
	const waits = batch.waits + 1;
	if (waits > run.job.rate_limit.max_waits) return {type: 'batch-failed', batch: number, failure};
	const until = waitUntil(run.job.rate_limit, failure, waits, now);
	if (!outlasts(run, until, now)) return {type: 'limit-seen', batch: number, waits, until, failure};
	const backend = nextOpen(run, batch, now);
	if (backend !== undefined) return {type: 'batch-moved', batch: number, backend, waits, until, failure};
	// All are closed: the first that opens again takes it.
	const opens = (run.closed ?? []).filter(one => one.backend !== (batch.backend ?? 0)).map(one => one.until);
	return {type: 'limit-seen', batch: number, waits, until: Math.min(until, ...opens), closes: until, failure};
}

/** Before a start: the batch moves where its CLI is closed; `wait` when all are. */
export function moveBeforeStart(run: Run, batch: Batch, now: number): Fact | 'wait' | undefined {
	if (closedUntil(run, batch.backend ?? 0, now) === 0) return undefined;
	const backend = nextOpen(run, batch, now);
	return backend === undefined ? 'wait' : {type: 'batch-moved', batch: batch.number, backend};
}

/** The CLI that a batch would be started with now; where all are closed the one that opens first. */
export function backendBeforeStart(run: Run, batch: Batch, now: number): number {
	const own = batch.backend ?? 0;
	if (closedUntil(run, own, now) === 0) return own;
	const [first] = (run.closed ?? []).filter(({until}) => until > now).toSorted((a, b) => a.until - b.until);
	return nextOpen(run, batch, now) ?? first?.backend ?? own;
}

/** When a CLI opens again while all are closed, so that a batch may start though nothing happens. */
export function openWake(run: Run, now: number): number | undefined {
	const times = (run.closed ?? []).map(one => one.until).filter(until => until > now);
	return times.length > 0 ? Math.min(...times) : undefined;
}

/** A batch goes on with another CLI, which knows nothing of its session. */
export function batchMoved(run: Run, event: EventOf<'batch-moved'>): Run {
	const {backend, until, failure, at} = event;
	const batch = expectIn(run, event.batch, 'running', 'pending', 'waiting');
	const {session: _, ...kept} = common(batch);
	const mine = {...kept, backend, waits: event.waits ?? batch.waits};
	const moved: Batch =
		batch.status === 'waiting'
			? {...mine, status: 'waiting', next: batch.next, until: batch.until, reason: batch.reason}
			: batch.status === 'running'
				? {...mine, status: 'pending', next: batch.mode, recheck: false}
				: {...mine, status: 'pending', next: batch.next, recheck: batch.recheck};
	const totals = {...run.totals, moves: (run.totals.moves ?? 0) + 1};
	const next = {...put(run, moved), totals};
	return until === undefined || !failure ? next : closed(next, batch.backend ?? 0, {...failure, until}, at);
}

/**
 * Nothing starts on a CLI before a time, and batches move. When it opens again one batch probes, as after any limit. What
 * was heard of how much of its quota is used is over.
 */
export function closed(
	run: Run,
	backend: number,
	{until, kind, message}: Pick<Failure, 'kind' | 'message'> & {until: number},
	at: number,
): Run {
	const {warned: _, ...rest} = run;
	const others = (run.closed ?? []).filter(one => one.backend !== backend && one.until > at);
	const last = Math.max(until, closedUntil(run, backend, at));
	const next = {...rest, closed: [...others, {backend, until: last, message, since: at}]};
	return noteLimit(next, backend, {until, kind, message, since: at});
}

/** A CLI is open again before its time. */
export function opened(run: Run, backend: number): Run {
	const left = (run.closed ?? []).filter(one => one.backend !== backend);
	return left.length > 0 ? {...run, closed: left} : allOpened(run);
}

export function allOpened({closed: _, ...run}: Run): Run {
	return run;
}
