import type {DatabaseSync} from 'node:sqlite';
import {listJobs} from '../registry.js';
import {migrate} from '../sqlite/database.js';
import {loadSqlite} from '../sqlite/load.js';
import {troubleOf} from '../sqlite/trouble.js';
import type {
	AttemptAnswer,
	BatchAnswer,
	CostAnswer,
	EventAnswer,
	Filter,
	RetryAnswer,
	RuleAnswer,
	RunAnswer,
	RunName,
	SlowAnswer,
} from './answers.js';
import {askCosts} from './ask-costs.js';
import {askRetries} from './ask-retries.js';
import {askRules} from './ask-rules.js';
import {askAttempts, askBatches, askEvents} from './ask-run.js';
import {askRuns} from './ask-runs.js';
import {askSlowest} from './ask-slowest.js';
import {catchUp, statesOf} from './catch-up.js';
import {
	type HistoryProblem,
	historyKind,
	historyProblem,
	type OpenedHistory,
	openHistoryDb,
	setDamagedAside,
} from './open-history-db.js';
import {historyFile} from './place.js';

/** What can be asked of the history; every answer is read anew. Throws a `HistoryError` where the file cannot be read. */
export type Questions = {
	/** Runs, the one that something happened to last first. */
	runs(filter?: Filter): RunAnswer[];
	/** How often each rule passes, the one that fails most often first. */
	rules(filter?: Filter): RuleAnswer[];
	/** What each local day has cost, the last one first. */
	costs(filter?: Filter): CostAnswer[];
	/** The batches that took longest; 20 where no limit is given. */
	slowest(filter?: Filter): SlowAnswer[];
	/** Why batches were run again, the most frequent kind of failure first. */
	retries(filter?: Filter): RetryAnswer[];
	batches(run: RunName): BatchAnswer[];
	attempts(run: RunName): AttemptAnswer[];
	events(run: RunName, range?: {after?: number; limit?: number}): EventAnswer[];
};

/** What a look at all journals has brought. */
export type CaughtUp = {
	/** Facts that the history did not know, and the runs that were looked at. */
	facts: number;
	runs: number;
	/** What could not be told, one sentence each. */
	problems: string[];
};

/** The history, open for questions. */
export type History = Questions & {
	file: string;
	/** Told once: a damaged file that was set aside, or why what is asked is not kept. */
	notes: string[];
	/** Takes up what the journals of all known jobs tell and the history does not know yet. */
	catchUp(): Promise<CaughtUp>;
	/** Forgets and tells anew all that journals tell; runs whose journals are gone stay as they were told. */
	rebuild(): Promise<CaughtUp & {kept: number}>;
	close(): void;
};

/** The history cannot be read. */
export class HistoryError extends Error {
	constructor(
		readonly problem: HistoryProblem | {kind: 'history-damaged'; message: string},
		options?: ErrorOptions,
	) {
		super(problem.message, options);
		this.name = 'HistoryError';
	}
}

/** How long a question waits for those who write, ms. */
const busyMs = 3000;

/**
 * Opens the history of the user whose jobs the registry knows. Where it cannot be kept (a disk that cannot be written), it is
 * built from the journals in memory: it answers all the same, but knows no runs whose journals are gone.
 */
export async function openHistory(registry: string): Promise<History | HistoryProblem> {
	const file = historyFile(registry);
	const notes: string[] = [];
	let opened = await open(file, notes);
	if ('kind' in opened) return opened;

	/** Does what writes; where damage is found, the file is set aside and it is done once more with a new one. */
	async function write<T>(work: (db: DatabaseSync) => Promise<T>): Promise<T> {
		try {
			return await work(db());
		} catch (error) {
			if (troubleOf(error) !== 'damaged') throw asHistoryError(error, file);
			return work(await renew());
		}
	}

	const db = () => (opened as OpenedHistory).db;

	async function renew(): Promise<DatabaseSync> {
		try {
			await setDamagedAside(file, opened as OpenedHistory);
		} catch (error) {
			throw asHistoryError(error, file);
		}
		opened = await open(file, notes);
		if ('kind' in opened) throw new HistoryError(opened);
		notes.push('The history was damaged: it is built anew, and the damaged file is kept beside it.');
		return opened.db;
	}

	function ask<T>(question: (db: DatabaseSync) => T): T {
		try {
			return question(db());
		} catch (error) {
			throw asHistoryError(error, file);
		}
	}

	return {
		file,
		notes,
		runs: (filter = {}) => ask(db => askRuns(db, filter)),
		rules: (filter = {}) => ask(db => askRules(db, filter)),
		costs: (filter = {}) => ask(db => askCosts(db, filter)),
		slowest: (filter = {}) => ask(db => askSlowest(db, filter)),
		retries: (filter = {}) => ask(db => askRetries(db, filter)),
		batches: run => ask(db => askBatches(db, run)),
		attempts: run => ask(db => askAttempts(db, run)),
		events: (run, range = {}) => ask(db => askEvents(db, run, range)),
		catchUp: () => write(db => catchUpAll(db, registry, {anew: false})),
		async rebuild() {
			const isWhole = ask(db => isSound(db));
			if (!isWhole) await renew();
			return write(async db => {
				const caughtUp = await catchUpAll(db, registry, {anew: true});
				return {...caughtUp, kept: askRuns(db, {}).length - caughtUp.runs};
			});
		},
		close: () => db().close(),
	};
}

async function open(file: string, notes: string[]): Promise<OpenedHistory | HistoryProblem> {
	const found = await openHistoryDb(file, busyMs);
	if (!('kind' in found)) {
		const {setAside} = found;
		if (setAside !== undefined)
			notes.push(`The history was damaged: it is built anew, and the damaged file is kept as ${setAside}.`);
		return found;
	}
	if (found.kind !== 'history-unwritable') return found;
	notes.push(`${found.message} What is asked now is told from the journals that are there.`);
	const {DatabaseSync} = await loadSqlite();
	const db = new DatabaseSync(':memory:');
	migrate(db, historyKind);
	return {db, ino: 0};
}

/** Whether SQLite finds every page of the file in order; it may also say so by failing to look. */
function isSound(db: DatabaseSync): boolean {
	try {
		return db.prepare('PRAGMA quick_check(1)').get()?.quick_check === 'ok';
	} catch (error) {
		if (troubleOf(error) !== 'damaged') throw error;
		return false;
	}
}

function asHistoryError(error: unknown, file: string): HistoryError {
	if (error instanceof HistoryError) return error;
	if (troubleOf(error) !== 'damaged') return new HistoryError(historyProblem(error, file), {cause: error});
	const message = `The history (${file}) is damaged. Build it anew; the damaged file is kept: mozart history rebuild`;
	return new HistoryError({kind: 'history-damaged', message}, {cause: error});
}

async function catchUpAll(db: DatabaseSync, registry: string, {anew}: {anew: boolean}): Promise<CaughtUp> {
	const {jobs, skipped} = await listJobs(registry);
	const caughtUp: CaughtUp = {facts: 0, runs: 0, problems: skipped.map(({file, problem}) => `${file}: ${problem}`)};
	for (const job of jobs) {
		for (const paths of await statesOf(job)) {
			const found = await catchUp(db, job, paths, {anew});
			if ('problem' in found) caughtUp.problems.push(found.problem);
			else {
				caughtUp.facts += found.told;
				if (found.startedAt !== undefined) caughtUp.runs++;
			}
		}
	}
	return caughtUp;
}
