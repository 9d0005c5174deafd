import {readFile} from 'node:fs/promises';
import {type Event, eventSchema} from '../core/event.js';
import {type AttemptEvidence, readEvidence, snapshotText} from '../store/evidence.js';
import type {KeptAttempt} from '../store/kept-attempt.js';
import {readFacts} from '../store/read-facts.js';
import type {StatePaths} from '../store/state-folder.js';
import type {Evidence} from '../ui/tabs/evidence.js';
import {openOutputLog} from './output-log.js';

/** Looks things up in a job's state folder, without its lock, for a person who looks at a batch. */
export function lookUp(paths: StatePaths): Evidence {
	return {
		async attempts(batch) {
			const found = await readEvidence(paths, batch);
			return 'failure' in found ? {problem: found.failure.message} : Promise.all(found.map(one => shown(one, paths)));
		},
		prompt: (batch, attempt) => readFile(paths.promptFile(batch, attempt), 'utf8').catch(() => undefined),
		output: (run, batch) => openOutputLog(paths, run, batch),
		async events(batch) {
			const read = await readFacts<Event>(paths, eventSchema);
			if ('failure' in read) return {problem: read.failure.message};
			return read.events.filter(event => 'batch' in event && event.batch === batch);
		},
	};
}

async function shown(
	{attempt, started, ended, validated, before}: AttemptEvidence,
	paths: StatePaths,
): Promise<KeptAttempt> {
	const after = validated?.after ?? [];
	const files = await Promise.all(
		before.map(async state => {
			const later = after.find(({path}) => path === state.path);
			const [beforeText, afterText] = [await snapshotText(paths, state), await snapshotText(paths, later)];
			return {
				path: state.path,
				before: state,
				after: later,
				...(beforeText !== undefined && {beforeText}),
				...(afterText !== undefined && {afterText}),
			};
		}),
	);
	const outcome = ended?.outcome;
	return {
		attempt,
		mode: started.mode,
		startedAt: started.at,
		...(outcome && {tookMs: outcome.durationMs}),
		...(outcome?.exitCode !== undefined && {exitCode: outcome.exitCode}),
		...(outcome?.failure && {failure: outcome.failure}),
		...(outcome?.usage && {usage: outcome.usage}),
		...(validated && {verdicts: validated.verdicts}),
		files,
	};
}
