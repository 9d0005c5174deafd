import {readdir} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import type {DatabaseSync} from 'node:sqlite';
import {type Event, eventSchema} from '../../core/event.js';
import {reduce} from '../../core/reduce.js';
import type {Run} from '../../core/run.js';
import {readEnds} from '../read-ends.js';
import {readFacts} from '../read-facts.js';
import {transaction} from '../sqlite/database.js';
import {type StatePaths, statePaths, statePathsIn} from '../state-folder.js';
import {forget, isTold, knownRun, type ToldJob, tell} from './tell.js';

/** Facts that are told in one transaction: others who write, and what else this program does, wait for no more. */
export const mostAtOnce = 500;

/** The state of a job now, and of its runs before fresh starts, which were put aside beside it. */
export async function statesOf({id, workspace}: ToldJob): Promise<StatePaths[]> {
	const now = statePaths(workspace, id);
	const names = await readdir(dirname(now.root)).catch(() => []);
	// As `setStateAside` calls them.
	const aside = names.filter(name => name.startsWith(`${basename(now.root)}.`)).sort();
	return [...aside.map(name => statePathsIn(join(dirname(now.root), name))), now];
}

/**
 * Tells the history what it does not know of a run by the facts on its disk; with `anew` it forgets first what it knows.
 * Resolves with why it cannot, in a sentence, or how many facts were told. Throws SQLite's errors.
 */
export async function catchUp(
	db: DatabaseSync,
	job: ToldJob,
	paths: StatePaths,
	{anew = false}: {anew?: boolean} = {},
): Promise<{told: number; startedAt?: number} | {problem: string}> {
	const ends = anew ? undefined : await readEnds(paths);
	if (ends) {
		const known = knownRun(db, job.id, ends.startedAt);
		if (known?.seq === ends.last.seq && isTold(db, known.run, ends.last)) return {told: 0, startedAt: ends.startedAt};
	}
	const read = await readFacts<Event>(paths, eventSchema);
	if ('failure' in read) {
		// Nothing has been recorded there, or all of it is gone: there is nothing to tell.
		return read.failure.kind === 'journal-missing' ? {told: 0} : {problem: read.failure.message};
	}
	const {events} = read;
	const [first] = events;
	if (!first) return {told: 0};
	try {
		return {told: await tellAll(db, job, events, anew), startedAt: first.at};
	} catch (error) {
		if (isOfDatabase(error)) throw error;
		return {problem: `${paths.root}: its facts do not fit together (${(error as Error).message})`};
	}
}

const isOfDatabase = (error: unknown) => error instanceof Error && ('errcode' in error || 'syscall' in error);

/** Tells facts from the first that the history does not know, some at a time. */
async function tellAll(db: DatabaseSync, job: ToldJob, events: readonly Event[], anew: boolean): Promise<number> {
	const seq = transaction(db, () => startingPoint(db, job, events, anew));
	let run: Run | undefined;
	for (const event of events.slice(0, seq)) run = reduce(run, event);
	for (let at = seq; at < events.length; at += mostAtOnce) {
		const told = tell(db, {job, from: run, events: events.slice(at, at + mostAtOnce)});
		// Somebody else begins with it anew, and tells it all.
		if (told.telling !== 'told') break;
		run = told.run;
		await new Promise<void>(resolve => setImmediate(resolve));
	}
	return events.length - seq;
}

/** How many of these facts the history knows; what it knows of a run that went another way is forgotten. */
function startingPoint(db: DatabaseSync, job: ToldJob, events: readonly Event[], anew: boolean): number {
	const [first] = events;
	const known = first && knownRun(db, job.id, first.at);
	if (!first || !known) return 0;
	const last = events[known.seq - 1];
	if (!anew && last && isTold(db, known.run, last)) return known.seq;
	forget(db, job.id, first.at);
	return 0;
}
