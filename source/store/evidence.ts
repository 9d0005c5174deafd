import {readFile} from 'node:fs/promises';
import {type Event, type EventOf, eventSchema} from '../core/event.js';
import type {FileState} from '../core/verdict.js';
import {readFacts} from './read-facts.js';
import type {StatePaths} from './state-folder.js';
import type {StoreFailure} from './store-failure.js';

/** What is known of one attempt of a batch, from the journal. */
export type AttemptEvidence = {
	attempt: number;
	started: EventOf<'attempt-started'>;
	ended?: EventOf<'attempt-ended'>;
	/** The last word of the rules on it. */
	validated?: EventOf<'validated'>;
	/** The watched files before the batch's first attempt since it was queued. */
	before: FileState[];
	promptFile: string;
	stdoutLog: string;
	stderrLog: string;
};

/** All attempts of a batch, oldest first, also those before it was queued again. Reads the whole journal: for a person who looks, not for a loop. */
export async function readEvidence(
	paths: StatePaths,
	batch: number,
): Promise<AttemptEvidence[] | {failure: StoreFailure}> {
	const read = await readFacts<Event>(paths, eventSchema);
	if ('failure' in read) return read;
	const attempts = new Map<number, AttemptEvidence>();
	let before: FileState[] = [];
	for (const event of read.events) {
		if (!('batch' in event) || event.batch !== batch) continue;
		if (event.type === 'batch-requeued') before = [];
		if (event.type === 'attempt-started') {
			const {attempt} = event;
			attempts.set(attempt, {
				...{attempt, started: event, before},
				promptFile: paths.promptFile(batch, attempt),
				stdoutLog: paths.stdoutLog(batch, attempt),
				stderrLog: paths.stderrLog(batch, attempt),
			});
			continue;
		}
		const mine = 'attempt' in event ? attempts.get(event.attempt) : undefined;
		if (!mine) continue;
		if (event.type === 'attempt-prepared' && event.baseline) {
			before = event.baseline;
			mine.before = before;
		}
		if (event.type === 'attempt-ended') mine.ended = event;
		if (event.type === 'validated') mine.validated = event;
	}
	return [...attempts.values()];
}

/** The content of a watched file as it was; undefined when no copy was kept (absent, or over 1 MB) or it is gone. */
export async function snapshotText(paths: StatePaths, state: FileState | undefined): Promise<string | undefined> {
	if (!state?.exists || !state.copied || state.hash === undefined) return undefined;
	return readFile(paths.snapshotFile(state.hash), 'utf8').catch(() => undefined);
}
