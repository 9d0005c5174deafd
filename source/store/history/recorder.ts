import type {DatabaseSync} from 'node:sqlite';
import type {Event} from '../../core/event.js';
import type {Run} from '../../core/run.js';
import {troubleOf} from '../sqlite/trouble.js';
import type {StatePaths} from '../state-folder.js';
import type {OpenedHistory} from './open-history-db.js';
import type {ToldJob} from './tell.js';

/** How long facts are gathered before the history is told, and how long its end may stand still for others. Ms. */
const gatherMs = 5000;
const busyMs = {meanwhile: 50, atEnd: 500};

/** Facts that are kept in memory while the history cannot be told; beyond it they are read from the disk at the end. */
const mostGathered = 20_000;

export type Recorder = {
	/** Notes facts that are on disk; what they mean is worked out later. */
	note(events: readonly Event[]): void;
	/** Tells what is left. Resolves with why it could not, in a sentence: nothing else depends on it. */
	finish(): Promise<string | undefined>;
};

export type RecorderOptions = {
	file: string;
	job: ToldJob;
	paths: StatePaths;
	/** What the program found on disk: the state of a checkpoint, if there was one, and the facts after it. */
	known: {state?: Run; events: readonly Event[]};
	/** Calls back once after so long; returns the way to call it off. */
	timer?(ms: number, callback: () => void): () => void;
};

/** No run waits for it, and no program is kept alive by it. */
const idleTimer = (ms: number, callback: () => void) => {
	const timer = setTimeout(callback, ms).unref();
	return () => clearTimeout(timer);
};

/** What it takes to tell the history: not before the first frame. */
const loadTelling = async () => ({
	...(await import('./open-history-db.js')),
	...(await import('./catch-up.js')),
	...(await import('./tell.js')),
});

/**
 * Tells the history what happens to a run, now and then and at the end. The journal is the truth: whatever goes wrong here
 * (a full disk, a lock, a damaged file) holds up nothing, and is made up for from the facts on disk another time. Nothing
 * is loaded or opened before the first facts have been gathered for a while.
 */
export function createRecorder({file, job, paths, known, timer = idleTimer}: RecorderOptions): Recorder {
	/** The run before the first of the gathered facts. */
	let from = known.state;
	let gathered: Event[] = [...known.events];
	let opened: OpenedHistory | undefined;
	let problem: string | undefined;
	/** The history does not know what was before: it is told all from the disk, at the end. */
	let isBehind = false;
	let callOff: (() => void) | undefined;
	let telling: Promise<void> | undefined;

	function arm(): void {
		callOff ??= timer(gatherMs, () => {
			callOff = undefined;
			telling = attempt(busyMs.meanwhile, tellGathered).then(() => {
				telling = undefined;
				if (gathered.length > 0) arm();
			});
		});
	}

	/** Does what it can with the history. A lock may be gone the next time; another trouble ends the telling. */
	async function attempt(patience: number, work: (db: DatabaseSync) => Promise<void>): Promise<string | undefined> {
		try {
			if (!opened) {
				const {openHistoryDb} = await loadTelling();
				const found = await openHistoryDb(file, patience);
				if ('kind' in found) {
					if (found.kind !== 'history-busy') giveUp(found.message);
					return found.message;
				}
				opened = found;
			}
			opened.db.exec(`PRAGMA busy_timeout = ${patience}`);
			await work(opened.db);
			return undefined;
		} catch (error) {
			return trouble(error);
		}
	}

	async function tellGathered(db: DatabaseSync): Promise<void> {
		const {mostAtOnce, tell} = await loadTelling();
		while (gathered.length > 0) {
			const events = gathered.slice(0, mostAtOnce);
			const {telling, run} = tell(db, {job, from, events});
			if (telling !== 'told') return fallBehind();
			from = run;
			gathered.splice(0, events.length);
			await new Promise<void>(resolve => setImmediate(resolve));
		}
	}

	function fallBehind(): void {
		isBehind = true;
		gathered = [];
	}

	function giveUp(why: string): void {
		problem = why;
		gathered = [];
	}

	async function trouble(error: unknown): Promise<string | undefined> {
		const {historyProblem, setDamagedAside} = await loadTelling();
		if (troubleOf(error) === 'damaged' && opened) {
			const damaged = opened;
			opened = undefined;
			fallBehind();
			await setDamagedAside(file, damaged).catch(failure => giveUp(historyProblem(failure, file).message));
			return problem;
		}
		const {kind, message} = historyProblem(error, file);
		if (kind !== 'history-busy') giveUp(message);
		return message;
	}

	return {
		note(events) {
			if (problem !== undefined || isBehind) return;
			gathered.push(...events);
			if (gathered.length > mostGathered) fallBehind();
			else arm();
		},
		async finish() {
			callOff?.();
			await telling;
			const left = () => gathered.length > 0 && problem === undefined;
			if (left()) problem = await attempt(busyMs.atEnd, tellGathered);
			if (isBehind && problem === undefined) {
				problem = await attempt(busyMs.atEnd, async db => {
					const {catchUp} = await loadTelling();
					const caughtUp = await catchUp(db, job, paths);
					if ('problem' in caughtUp) giveUp(caughtUp.problem);
				});
			}
			opened?.db.close();
			return problem;
		},
	};
}
