import {changesOf, endMoved, type Opened, recut} from './change.js';
import {type Answer, pausedByYou} from './command.js';
import {isIdle} from './plan.js';
import type {Run} from './run.js';

/** Why the job of this run cannot be changed now; undefined when it can. Nothing may be under way by the old one. */
export function whyNotNow(run: Run): string | undefined {
	switch (run.phase) {
		case 'running':
			return 'the run is under way: pause it first (p)';
		case 'stopping':
			return 'the run is about to end';
		case 'paused':
		case 'ended':
			return isIdle(run) ? undefined : 'what runs must be done first; it can be ended now (P)';
	}
}

/**
 * The facts by which a run that stands goes on with another job, as if it had been opened with that: begun batches keep
 * their range, the rest is cut anew. A run that is over stands paused then, so that a person says when it goes on. Pure.
 */
export function changeJob(run: Run, next: Opened): Answer {
	const refused = whyNotNow(run);
	if (refused !== undefined) return {refused};
	const changes = changesOf(run, next);
	if (changes.length === 0) return {refused: 'nothing has changed in the job'};
	const batches = recut(run, next);
	if (batches.length === 0) return {refused: 'no batch would be left: look at start_item and the items'};
	const {selection} = run;
	return {
		facts: [
			{type: 'job-changed', ...next, batches, changes},
			...endMoved(run, next),
			...(run.phase === 'ended'
				? [
						{type: 'run-reopened' as const, ...(selection && {selection})},
						{type: 'paused' as const, mode: 'drain' as const, reason: pausedByYou},
					]
				: []),
		],
	};
}
