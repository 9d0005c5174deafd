import type {Event} from '../core/event.js';
import type {Batch, Run} from '../core/run.js';
import type {Summary} from '../core/summary.js';
import type {Signal} from '../engine/engine.js';
import type {CostAnswer, Filter, RetryAnswer, RuleAnswer, RunAnswer, SlowAnswer} from '../store/history/answers.js';
import type {KeptAttempt, LogReader} from '../store/kept-attempt.js';
import type {Owner} from '../store/lock-owner.js';
import type {KnownJob, SkippedEntry} from '../store/registry.js';
import type {Wish} from './wish.js';

/** How a job stands by its files. A run that no living program holds was interrupted, whatever its last fact says. */
export type Standing = {run: Run; state: Summary['state'] | 'interrupted'; owner?: Owner; summary: Summary};

/** What another program, or the disk, has to say against it; a sentence. */
export type Trouble = {problem: string};

/** A run that another program has under way, as a watcher sees it. Nothing that is done here reaches that program. */
export type Watched = {
	getSnapshot(): Run;
	subscribe(listener: (events: readonly Event[], run: Run) => void): () => void;
	onSignal(listener: (signal: Signal) => void): () => void;
	/** Facts and live output come from here on. */
	start(): void;
	/** Resolves when the other program is done with the job, or this side has let go. */
	closed: Promise<void>;
	disconnect(): void;
};

/** A piece of a file, and where the next one begins; bytes. */
export type Piece = {bytes: Uint8Array; size: number};

/** What the history answers to each question. A run whose program is gone was interrupted. */
export type HistoryAnswers = {
	runs: (Omit<RunAnswer, 'state'> & {state: RunAnswer['state'] | 'interrupted'})[];
	rules: RuleAnswer[];
	costs: CostAnswer[];
	slowest: SlowAnswer[];
	retries: RetryAnswer[];
};
export type HistoryQuestion = keyof HistoryAnswers;

/**
 * The dashboard's only way to this user's jobs, wherever they were started: their registry, their files, and the programs
 * that run them. A job is always looked up by its id; no path is ever made of what a browser says.
 */
export type Jobs = {
	/** All jobs, the one noted last first, and entries that could not be read. */
	list(): Promise<{jobs: KnownJob[]; skipped: SkippedEntry[]}>;
	/** The job with exactly this id. */
	find(id: string): Promise<KnownJob | undefined>;
	/** Tells a job's state from any other one that it has had: the same text means that nothing needs to be read again. */
	signature(job: KnownJob): Promise<string>;
	standing(job: KnownJob): Promise<Standing | Trouble>;
	/** Facts after `seq`, from the journal. */
	facts(job: KnownJob, after: number): Promise<Event[] | Trouble>;
	/** Watches the program that runs the job; undefined when none does. */
	watch(job: KnownJob): Promise<Watched | Trouble | undefined>;
	/** Undefined once it is on disk; else the reason in the words of the keys, or what went wrong. */
	steer(job: KnownJob, wish: Wish): Promise<{refused: string} | Trouble | undefined>;
	/** All attempts of a batch, oldest first. */
	attempts(job: KnownJob, batch: number): Promise<KeptAttempt[] | Trouble>;
	/** The very text that was sent. */
	prompt(job: KnownJob, batch: number, attempt: number): Promise<string | undefined>;
	/** What an attempt has printed, from near its end on. */
	output(job: KnownJob, run: Run, batch: Batch, attempt: number): LogReader;
	/** Asks the history these questions, after it was told what it did not know yet. */
	history<Q extends HistoryQuestion>(asked: Record<Q, Filter>): Promise<Pick<HistoryAnswers, Q> | Trouble>;
	/** Some bytes of the log of an attempt; empty where there is none. */
	log(
		job: KnownJob,
		at: {batch: number; attempt: number; stream: 'stdout' | 'stderr'; offset: number; limit: number},
	): Promise<Piece>;
};
