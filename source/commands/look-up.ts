import {open, readFile} from 'node:fs/promises';
import {type Event, eventSchema} from '../core/event.js';
import {type AttemptEvidence, readEvidence, snapshotText} from '../store/evidence.js';
import {readJournal} from '../store/read-journal.js';
import type {StatePaths} from '../store/state-folder.js';
import type {Evidence, ShownAttempt} from '../ui/tabs/evidence.js';

/** How much of a log is read for the screen, bytes: the file itself has everything. */
const tailBytes = 256 * 1024;

/** Looks things up in a job's state folder, without its lock, for a person who looks at a batch. */
export function lookUp(paths: StatePaths): Evidence {
	return {
		async attempts(batch) {
			const found = await readEvidence(paths, batch);
			return 'failure' in found ? {problem: found.failure.message} : Promise.all(found.map(one => shown(one, paths)));
		},
		prompt: (batch, attempt) => readFile(paths.promptFile(batch, attempt), 'utf8').catch(() => undefined),
		async events(batch) {
			const read = await readJournal<Event>(paths.journal, {schema: eventSchema});
			if ('failure' in read) return {problem: read.failure.message};
			return read.events.filter(event => 'batch' in event && event.batch === batch);
		},
		async output(batch, attempt) {
			const parts = [paths.stdoutLog(batch, attempt), paths.stderrLog(batch, attempt)].map(tailOf);
			return (await Promise.all(parts)).filter(part => part !== '').join('\n');
		},
	};
}

async function shown(
	{attempt, started, ended, validated, before}: AttemptEvidence,
	paths: StatePaths,
): Promise<ShownAttempt> {
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
		...(validated && {verdicts: validated.verdicts}),
		files,
	};
}

async function tailOf(file: string): Promise<string> {
	const handle = await open(file, 'r').catch(() => undefined);
	if (!handle) return '';
	try {
		const {size} = await handle.stat();
		const from = Math.max(0, size - tailBytes);
		const {buffer, bytesRead} = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
		const text = buffer.toString('utf8', 0, bytesRead);
		return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
	} finally {
		await handle.close();
	}
}
