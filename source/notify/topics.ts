import type {Topic} from '../config/notifications.js';
import {batchAt} from '../core/batch-table.js';
import {pausedByYou} from '../core/command.js';
import type {Event} from '../core/event.js';
import {chosenDone} from '../core/plan.js';
import {consequenceOf} from '../core/retry.js';
import type {Run} from '../core/run.js';

/** What a fact is to people who want to be told; most facts are nothing. `run` is the state after it. */
export function topicsOf(event: Event, run: Run): readonly Topic[] {
	switch (event.type) {
		case 'run-started':
		case 'run-reopened':
			return ['job_start'];
		case 'attempt-started':
			// A further attempt, or one after a wait for a limit, is the same batch still.
			return batchAt(run, event.batch).history.length === 0 ? ['batch_start'] : [];
		case 'batch-completed':
			return ['batch_complete'];
		case 'batch-failed':
			return ['batch_failed'];
		case 'limit-seen':
			return event.failure.kind === 'rate_limit' ? ['limit_hit'] : [];
		case 'batch-moved':
			// Another CLI takes it over, and yet one is closed for hours.
			return event.until !== undefined && event.failure?.kind === 'rate_limit' ? ['limit_hit'] : [];
		case 'limit-shared':
			return event.kind === 'rate_limit' ? ['limit_hit'] : [];
		case 'budget-warned':
			return ['budget_warning'];
		case 'paused':
			return event.reason === pausedByYou ? ['job_paused'] : ['job_paused', 'attention'];
		case 'batch-returned': {
			const pauses = event.failure && consequenceOf(event.failure.kind) === 'pause';
			return pauses && run.phase === 'paused' ? ['job_paused', 'attention'] : [];
		}
		case 'run-ended':
			return endTopics(event.result, run);
		default:
			return [];
	}
}

function endTopics(result: NonNullable<Run['result']>, {reason}: Run): readonly Topic[] {
	switch (result) {
		case 'completed':
			return ['job_complete'];
		case 'failed':
		case 'cancelled':
			return ['job_failed'];
		case 'paused':
			if (reason === chosenDone) return ['job_complete'];
			// With a reason it was paused before, and that was told.
			return reason === undefined ? ['job_paused'] : [];
	}
}

/** Topics of which a busy job has many: after a message they wait for a while, so that they come together. */
export const isRoutine = (topic: Topic): boolean =>
	topic === 'batch_start' || topic === 'batch_complete' || topic === 'batch_failed';

/** Topics that say how the run is over, and therefore carry the digest. */
export const isEnd = ({type}: Event): boolean => type === 'run-ended';
