import type {Failure} from './failure.js';
import type {Run} from './run.js';

/**
 * Failures that are the same but for numbers: they come from what the batches share (a program that is missing, a wrong
 * folder), and each further batch would fail like them.
 */
export const fingerprintOf = ({kind, message}: Failure): string =>
	`${kind}: ${message.replace(/\b(?=[\da-f]*\d)[\da-f]{7,}\b/gi, '#').replace(/\d+/g, '#')}`;

/** A batch has failed, or will be tried again in full. Another batch that failed like the one before is counted. */
export function noteFailure(run: Run, batch: number, failure: Failure): Run {
	// Crashes are no word about the job, and a batch that was dear none about the others.
	if (failure.kind === 'interrupted' || failure.kind === 'budget') return run;
	const fingerprint = fingerprintOf(failure);
	const before = run.alike?.fingerprint === fingerprint ? run.alike.batches : [];
	return {...run, alike: {fingerprint, batches: before.includes(batch) ? before : [...before, batch]}};
}

/** What went well, or a person who has looked, begins the count anew. */
export function forgetFailures(run: Run): Run {
	const {alike: _, ...rest} = run;
	return rest;
}

/** Why the job should pause, once so many batches in a row have failed alike; 0 means never. */
export function alikeReason(run: Run): string | undefined {
	const {alike, job} = run;
	const most = job.retry.pause_after_alike;
	// With nothing left to run there is nothing to save.
	if (run.cursor > run.total && (run.counts.waiting ?? 0) === 0) return undefined;
	if (!alike || most === 0 || alike.batches.length < most) return undefined;
	const {batches, fingerprint} = alike;
	const numbers = `${batches.slice(0, -1).join(', ')}${batches.length > 1 ? ' and ' : ''}${batches.at(-1)}`;
	return `these failed alike, one after the other: ${batches.length > 1 ? 'batches' : 'batch'} ${numbers} (${fingerprint}); look into it, then go on`;
}
