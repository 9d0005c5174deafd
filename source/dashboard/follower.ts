import {errorWords} from '../config/error-words.js';
import {batchAt} from '../core/batch-table.js';
import type {Event} from '../core/event.js';
import {reduce} from '../core/reduce.js';
import type {Run} from '../core/run.js';
import {summarize} from '../core/summary.js';
import type {Clock} from '../engine/clock.js';
import type {KnownJob} from '../store/registry.js';
import {createAudience, type Listener, type Seat} from './audience.js';
import {changedBatches} from './changed-batches.js';
import type {Frame, Mark} from './frame.js';
import {snapshotFrame, stateFrame, type ToldFact, toldFact} from './job-frames.js';
import type {Jobs, Trouble, Watched} from './jobs.js';
import {createRunOutput} from './run-output.js';
import type {SeenJob} from './views.js';

/** How often a job is looked at on disk while somebody listens and no program can be asked, ms. */
const lookMs = 1000;
/** What follows within this time of a fact is one change of the state, ms. */
const gatherMs = 100;
/** Facts kept for those who come back; and so many that are read for them from the journal. */
const mostKept = 1000;
const mostReplayed = 5000;
/** Looks in a row that find a state which cannot be read: one that begins anew is not there for a moment. */
const mostUnread = 5;

/** One job, followed once for all who look at it: by the program that runs it, else by its files. */
export type Follower = {
	readonly isIdle: boolean;
	/** How it stands now. Reads only what has changed since. */
	look(): Promise<SeenJob | Trouble>;
	/**
	 * Hears what happens from now on: first the facts after `mark`, where that can be, else the job as it is now. `lost` is
	 * called in place of all that where the job cannot be read. Returns the way to stop.
	 */
	listen(listener: Listener, mark?: Mark): () => void;
	close(): void;
};

/** `onBug` hears why a look has failed; the next one may go well. */
export function createFollower(job: KnownJob, jobs: Jobs, clock: Clock, onBug: (error: unknown) => void): Follower {
	const audience = createAudience();
	const output = createRunOutput();
	let seen: SeenJob | undefined;
	let signature = '';
	let looking: Promise<SeenJob | Trouble> | undefined;
	let watched: Watched | undefined;
	/** The last facts that were told, without a gap up to the state. */
	let kept: ToldFact[] = [];
	/** The state as the last message told it. */
	let told: Run | undefined;
	let toldState = '';
	let callOffState: (() => void) | undefined;
	let isFollowing = false;
	let isClosed = false;
	let rouse = () => {};

	const now = () => clock.now();
	const isWanted = () => audience.size > 0 && !isClosed;

	/** With the times of this moment. */
	function current(): SeenJob | undefined {
		if (!seen) return undefined;
		const {run, state} = seen;
		const summary = summarize(run, now());
		return {...seen, summary, state: state === 'interrupted' ? state : summary.state};
	}

	function look(): Promise<SeenJob | Trouble> {
		const known = watched && current();
		if (known) return Promise.resolve(known);
		looking ??= lookAtDisk().finally(() => {
			looking = undefined;
		});
		return looking;
	}

	async function lookAtDisk(): Promise<SeenJob | Trouble> {
		const next = await jobs.signature(job);
		const known = current();
		if (known && next === signature) return known;
		const standing = await jobs.standing(job);
		if ('problem' in standing) return standing;
		// A program that was reached meanwhile knows more.
		if (watched && seen) return current() ?? seen;
		const {id, file, workspace} = job;
		const fresh: SeenJob = {id, file, workspace, ...standing};
		const facts = await factsUpTo(fresh.run);
		if (watched && seen) return current() ?? seen;
		signature = next;
		adopt(fresh, facts);
		return fresh;
	}

	/** What has happened between the state that was told and this one; undefined where it does not follow from that. */
	async function factsUpTo(run: Run): Promise<Event[] | undefined> {
		if (!seen || !isWanted()) return undefined;
		const {seq, startedAt} = seen.run;
		if (startedAt !== run.startedAt || run.seq < seq) return undefined;
		if (run.seq === seq) return [];
		if (run.seq - seq > mostReplayed) return undefined;
		const facts = await jobs.facts(job, seq);
		if ('problem' in facts) return undefined;
		const between = facts.filter(fact => fact.seq <= run.seq);
		return between.length === run.seq - seq ? between : undefined;
	}

	/** Goes on with this state; the facts that lead to it are told, or everybody begins anew. */
	function adopt(next: SeenJob, facts: readonly Event[] | undefined): void {
		if (facts && seen) {
			let {run} = seen;
			for (const fact of facts) {
				run = reduce(run, fact);
				tell(fact, run);
			}
			seen = {...next, run: facts.length > 0 ? run : seen.run};
			tellState();
			return;
		}
		seen = next;
		kept = [];
		told = next.run;
		toldState = stateWords(next);
		output.restart();
		for (const frame of beginning()) audience.tell(frame);
	}

	function tell(fact: Event, run: Run): void {
		const told = toldFact(fact, run);
		kept.push(told);
		if (kept.length > mostKept * 2) kept = kept.slice(-mostKept);
		audience.tell(told.frame);
	}

	function tellState(): void {
		callOffState ??= clock.timer(gatherMs, () => {
			callOffState = undefined;
			const known = current();
			if (!known) return;
			const changed = told ? changedBatches(told, known.run) : [];
			if (told?.seq === known.run.seq && toldState === stateWords(known)) return;
			told = known.run;
			toldState = stateWords(known);
			audience.tell(stateFrame(known, changed));
		});
	}

	/** What a listener without a past hears first. */
	function beginning(): Frame[] {
		const known = current();
		if (!known) return [];
		return [snapshotFrame(known), ...output.tail()];
	}

	/** What a listener that was here before has missed; undefined where it has to begin anew. */
	async function since(mark: Mark): Promise<Frame[] | undefined> {
		const known = current();
		if (!known) return undefined;
		const {run} = known;
		const {seq, startedAt = run.startedAt} = mark;
		if (startedAt !== run.startedAt || seq > run.seq || run.seq - seq > mostReplayed) return undefined;
		const missed =
			seq === run.seq || (kept[0]?.seq ?? run.seq + 1) <= seq + 1 ? keptAfter(seq) : await readAfter(seq, run);
		if (!missed) return undefined;
		const numbers = new Set([...run.live, ...missed.flatMap(({batch}) => batch ?? [])]);
		const batches = [...numbers].filter(number => number <= run.total).map(number => batchAt(run, number));
		// Also without a fact its program may be gone, or another one.
		return [...missed.map(({frame}) => frame), stateFrame(known, batches), ...output.tail()];
	}

	const keptAfter = (seq: number) => kept.filter(fact => fact.seq > seq);

	async function readAfter(seq: number, run: Run): Promise<ToldFact[] | undefined> {
		const facts = await jobs.facts(job, seq);
		if ('problem' in facts) return undefined;
		const missed = facts.filter(fact => fact.seq <= run.seq);
		return missed.length === run.seq - seq ? missed.map(fact => toldFact(fact, run)) : undefined;
	}

	async function begin(seat: Seat, mark: Mark | undefined): Promise<void> {
		const found = await look();
		if (!seat.isTaken) return;
		if ('problem' in found) return seat.lost(found.problem);
		// From here on nothing that happens is missed: it waits.
		seat.hold();
		const missed = mark && (await since(mark));
		if (!seat.isTaken) return;
		if (!missed) seat.hold();
		seat.begin(missed ?? beginning());
		follow();
	}

	function follow(): void {
		if (isFollowing) return;
		isFollowing = true;
		followOn()
			.catch(onBug)
			.finally(() => {
				isFollowing = false;
				watched = undefined;
				if (isWanted()) pause().then(follow, () => {});
			});
	}

	async function followOn(): Promise<void> {
		for (let unread = 0; isWanted(); ) {
			const found = await look();
			unread = 'problem' in found ? unread + 1 : 0;
			if ('problem' in found) {
				if (unread >= mostUnread) audience.lose(found.problem);
			} else if (found.owner && isWanted()) await watch();
			if (isWanted()) await pause();
		}
	}

	/** Listens to the program that runs the job, until that is done or nobody listens here. */
	async function watch(): Promise<void> {
		const found = await jobs.watch(job);
		if (!found || 'problem' in found) return;
		try {
			const run = found.getSnapshot();
			const facts = await factsUpTo(run);
			if (!isWanted() || !seen) return;
			adopt({...seen, run, state: summarize(run, now()).state}, facts);
			// What the program folds on from here is a state of its own: only so can be seen what of it changes.
			const untold = told ? changedBatches(told, seen.run).map(({number}) => batchAt(run, number)) : [];
			seen = {...seen, run};
			told = run;
			if (untold.length > 0) audience.tell(stateFrame(seen, untold));
			watched = found;
			output.restart();
			const stopFacts = found.subscribe((events, run) => {
				if (!seen) return;
				for (const event of events) tell(event, run);
				seen = {...seen, run};
				tellState();
			});
			const stopSignals = found.onSignal(signal => {
				const frame = output.take(signal);
				if (frame) audience.tell(frame);
			});
			const {promise: left, resolve} = Promise.withResolvers<void>();
			rouse = resolve;
			found.start();
			await Promise.race([found.closed, left]);
			stopFacts();
			stopSignals();
		} finally {
			watched = undefined;
			signature = '';
			rouse = () => {};
			found.disconnect();
		}
	}

	async function pause(): Promise<void> {
		const {promise, resolve} = Promise.withResolvers<void>();
		const callOff = clock.timer(lookMs, resolve);
		rouse = resolve;
		await promise;
		callOff();
		rouse = () => {};
	}

	return {
		get isIdle() {
			return audience.size === 0;
		},
		look,
		listen(listener, mark) {
			const seat = audience.seat(listener);
			begin(seat, mark).catch(error => {
				onBug(error);
				seat.lost(errorWords(error));
			});
			return () => {
				seat.leave();
				if (audience.size === 0) rouse();
			};
		},
		close() {
			isClosed = true;
			audience.clear();
			callOffState?.();
			rouse();
		},
	};
}

/** What of a job can change without a fact. */
const stateWords = ({state, owner}: SeenJob) => `${state} ${owner?.pid} ${owner?.startTime}`;
