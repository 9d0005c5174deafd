import {forgetFailures, noteFailure} from './alike.js';
import {attemptEnded, leave, needsRecheck, recorded} from './attempt-end.js';
import {batchAt} from './batch-table.js';
import {choose, common, expectIn, put} from './bookkeeping.js';
import {budgetWarned} from './budget.js';
import type {Event} from './event.js';
import {allOpened, batchMoved, closed, opened} from './fallback.js';
import {
	limitEnded,
	limitLifted,
	limitSeen,
	limitShared,
	limitWaitEnded,
	limitWarned,
	recoverSlots,
	startedAfterLimit,
} from './limit.js';
import {changed, reopened, started} from './opening.js';
import {consequenceOf} from './retry.js';
import type {Run} from './run.js';

const never = (value: never): never => {
	throw new Error(`no such fact: ${JSON.stringify(value)}`);
};

/**
 * Folds one fact into the run. Pure, and configured by the state alone. The first fact of a journal is `run-started`;
 * any other fact on no run, or one that does not fit the batch it names, is a bug or a damaged journal and throws.
 */
export function reduce(run: Run | undefined, event: Event): Run {
	if (event.type === 'run-started') return started(event);
	if (!run) throw new Error(`a journal must begin with run-started, not ${event.type}`);
	return {...fold(run, event), seq: event.seq, at: event.at};
}

function fold(run: Run, event: Exclude<Event, {type: 'run-started'}>): Run {
	switch (event.type) {
		case 'job-changed':
			return changed(run, event);
		case 'run-reopened':
			return reopened(forgetFailures(run), event);
		case 'attempt-started': {
			const batch = expectIn(run, event.batch, 'pending', 'waiting');
			const {attempt, mode} = event;
			const next = put(run, {
				...common(batch),
				status: 'running',
				attempt,
				mode,
				startedAt: event.at,
				spawned: false,
				checked: false,
			});
			const totals = {...run.totals, attempts: run.totals.attempts + 1};
			const resting = run.resting.filter(until => until > event.at);
			return {...startedAfterLimit(next, event.batch, attempt, event.at), totals, resting};
		}
		case 'attempt-prepared': {
			const batch = expectIn(run, event.batch, 'running', 'stopping');
			const {baseline, sessionId} = event;
			return put(run, {
				...batch,
				...(baseline && {baseline}),
				...(sessionId !== undefined && {session: {id: sessionId, costUsd: 0}}),
			});
		}
		case 'attempt-spawned':
			return put(run, {...expectIn(run, event.batch, 'running', 'stopping'), spawned: true});
		case 'attempt-ended':
			return attemptEnded(run, event);
		case 'attempt-lost': {
			const batch = expectIn(run, event.batch, 'running', 'stopping');
			const into = batch.status === 'stopping' ? batch.into : 'pending';
			const lost = {durationMs: 0, failure: {kind: 'interrupted' as const, message: 'lost'}};
			const mine = {...batch, losses: event.losses, history: recorded(batch, lost)};
			const left = put(run, leave(mine, into, event.at, batch.mode, needsRecheck(run, batch)));
			if (!batch.spawned) return left;
			const {untold = 0, untoldTokens = 0} = run.totals;
			return {...left, totals: {...run.totals, untold: untold + 1, untoldTokens: untoldTokens + 1}};
		}
		case 'attempt-stopping': {
			const batch = expectIn(run, event.batch, 'running', 'stopping');
			const {mode, startedAt, spawned} = batch;
			return put(run, {...common(batch), status: 'stopping', mode, startedAt, spawned, into: event.into});
		}
		case 'recheck-started': {
			const batch = expectIn(run, event.batch, 'pending', 'held', 'failed');
			const next = batch.status === 'failed' ? 'retry' : batch.next;
			return put(run, {
				...common(batch),
				status: 'rechecking',
				from: batch.status,
				next,
				checked: false,
				...(batch.status === 'failed' ? {failure: batch.failure} : {}),
			});
		}
		case 'validated': {
			const batch = expectIn(run, event.batch, 'running', 'rechecking');
			const passed = event.verdicts.map(verdict => (verdict.passed ? '1' : '0')).join('');
			const history = batch.history.map(record => (record.attempt === event.attempt ? {...record, passed} : record));
			return put(run, {...batch, history, verdicts: event.verdicts, checked: true});
		}
		case 'recheck-ended': {
			const batch = expectIn(run, event.batch, 'rechecking');
			if (batch.from === 'failed' && batch.failure) {
				return put(run, {...common(batch), status: 'failed', endedAt: event.at, failure: batch.failure});
			}
			const status = batch.from === 'held' ? 'held' : 'pending';
			return put(run, {...common(batch), status, next: batch.next, recheck: false});
		}
		case 'completion-scheduled': {
			const batch = expectIn(run, event.batch, 'running', 'rechecking');
			const {completions, until} = event;
			const totals = {...run.totals, completions: run.totals.completions + 1};
			const reason = 'validation';
			return {
				...put(run, {...common(batch), status: 'waiting', next: 'completion', completions, until, reason}),
				totals,
			};
		}
		case 'retry-scheduled': {
			const batch = expectIn(run, event.batch, 'running');
			const {retries, until, failure} = event;
			const totals = {...run.totals, retries: run.totals.retries + 1};
			const waiting = put(run, {
				...common(batch),
				status: 'waiting',
				next: 'retry',
				retries,
				until,
				reason: failure.kind,
			});
			return {...noteFailure(waiting, batch.number, failure), totals};
		}
		case 'limit-seen': {
			const {waits, until, failure} = event;
			const batch = expectIn(run, event.batch, 'running');
			const waiting = {...common(batch), status: 'waiting' as const, next: batch.mode, waits, until};
			const next = limitSeen(put(run, {...waiting, reason: failure.kind}), event);
			const {closes, at} = event;
			return closes === undefined ? next : closed(next, batch.backend ?? 0, {...failure, until: closes}, at);
		}
		case 'batch-moved':
			return batchMoved(run, event);
		case 'limit-shared':
			return limitShared(run, event);
		case 'limit-lifted': {
			const {backend = 0} = event;
			return limitLifted(opened(run, backend), backend, event.at);
		}
		case 'limit-ended':
			return limitWaitEnded(allOpened(run), event.at);
		case 'limit-warned':
			return limitWarned(run, event);
		case 'batch-returned': {
			const batch = expectIn(run, event.batch, 'running');
			const back = put(run, {...common(batch), status: 'pending', next: batch.mode, recheck: false});
			if (!event.failure || consequenceOf(event.failure.kind) !== 'pause' || run.phase !== 'running') return back;
			return {...back, phase: 'paused', stop: 'drain', reason: event.failure.message};
		}
		case 'batch-completed': {
			const {
				verdicts: _verdicts,
				baseline: _baseline,
				...batch
			} = common(expectIn(run, event.batch, 'running', 'rechecking'));
			const {passed, exitCode} = event;
			const done = {...batch, status: 'completed' as const, endedAt: event.at, passed};
			const next = recoverSlots(forgetFailures(put(run, exitCode === undefined ? done : {...done, exitCode})));
			return rest(next, event.at);
		}
		case 'batch-failed': {
			const batch = expectIn(run, event.batch, 'running', 'rechecking', 'pending', 'waiting');
			const next = put(run, {...common(batch), status: 'failed', endedAt: event.at, failure: event.failure});
			const noted = noteFailure(next, batch.number, event.failure);
			// A batch that has spent its own budget says nothing about the others.
			const stops = run.job.on_batch_failure === 'stop' && event.failure.kind !== 'budget';
			return rest({...noted, failing: run.failing || stops}, event.at);
		}
		case 'batch-skipped': {
			const batch = expectIn(run, event.batch, 'pending', 'waiting', 'held', 'failed');
			return put(run, {...common(batch), status: 'skipped', endedAt: event.at});
		}
		case 'batch-held': {
			const batch = expectIn(run, event.batch, 'running', 'pending', 'waiting');
			const next = batch.status === 'running' ? batch.mode : batch.next;
			return put(run, {...common(batch), status: 'held', next, recheck: false});
		}
		case 'batch-released': {
			const batch = expectIn(run, event.batch, 'held');
			return choose(put(run, {...batch, status: 'pending'}), batch.number);
		}
		case 'batch-requeued': {
			const batch = expectIn(run, event.batch, 'failed', 'completed', 'skipped', 'held', 'pending', 'waiting');
			const {verdicts: _verdicts, baseline: _baseline, backend, session, ...kept} = common(batch);
			// With the first of the job's CLIs again: the session belongs to the one it was with.
			const mine = {...kept, ...(session && backend === undefined ? {session} : {})};
			const fresh = {...mine, history: [], retries: 0, completions: 0, losses: 0, waits: 0};
			return choose(put(run, {...fresh, status: 'pending', next: 'normal', recheck: false}), batch.number);
		}
		case 'wait-ended': {
			const batch = expectIn(run, event.batch, 'waiting');
			const {backend = 0} = batch;
			return put(limitEnded(opened(run, backend), backend, event.at), {...batch, until: event.at});
		}
		case 'budget-warned':
			return budgetWarned(run, event);
		case 'concurrency-set':
			return {...run, concurrency: event.concurrency};
		case 'paused': {
			const {reason: _reason, ...rest} = forgetFailures(run);
			const paused: Run = {...rest, phase: 'paused', stop: event.mode};
			if (event.reason !== undefined) paused.reason = event.reason;
			return event.mode === 'now' ? stopAll(paused) : paused;
		}
		case 'resumed': {
			const {stop: _stop, reason: _reason, ...rest} = run;
			return {...rest, phase: 'running', failing: false};
		}
		case 'stopping': {
			// Why it was paused before is no longer why it stands.
			const {reason: _reason, ...rest} = run;
			const stopping: Run = {...rest, phase: 'stopping', stop: event.mode, result: event.result};
			if (event.result === 'paused' && run.reason !== undefined) stopping.reason = run.reason;
			return event.mode === 'now' ? stopAll(stopping) : stopping;
		}
		case 'run-ended': {
			const ended: Run = {...run, phase: 'ended', result: event.result};
			return event.reason === undefined ? ended : {...ended, reason: event.reason};
		}
		default:
			return never(event);
	}
}

function stopAll(run: Run): Run {
	let next = run;
	for (const number of run.live) {
		const batch = batchAt(next, number);
		if (batch.status !== 'running' || batch.outcome) continue;
		const {mode, startedAt, spawned} = batch;
		next = put(next, {...common(batch), status: 'stopping', mode, startedAt, spawned, into: 'pending'});
	}
	return next;
}

/** The slot that a batch has left rests before the next batch takes it. */
function rest(run: Run, at: number): Run {
	const pause = run.job.pause_between_batches_seconds * 1000;
	return pause === 0 ? run : {...run, resting: [...run.resting.filter(until => until > at), at + pause]};
}
