import type {Event} from '../core/event.js';
import type {Batch, Run} from '../core/run.js';
import type {Summary} from '../core/summary.js';
import type {KeptAttempt} from '../store/kept-attempt.js';
import type {Owner} from '../store/lock-owner.js';
import type {HistoryAnswers, Trouble} from './jobs.js';
import type {HistoryQuery} from './pages/history-query.js';
import type {ListQuery} from './pages/list-window.js';
import type {JobRow} from './shapes.js';

/** What is true of every page. */
type Common = {
	/** Epoch ms. */
	now: number;
	/** A sentence to be read first: why a command was refused, or that it was carried out. */
	notice?: {kind: 'done' | 'refused'; text: string};
};

/** A job in the list. `missing`: its state is gone; `unreadable`: `problem` says why. */
export type JobLine = JobRow;

/** `/` */
export type JobsView = Common & {jobs: JobLine[]; skipped: {file: string; problem: string}[]};

/** A job whose state could be read. */
export type SeenJob = {
	id: string;
	file: string;
	workspace: string;
	run: Run;
	state: Summary['state'] | 'interrupted';
	summary: Summary;
	/** The program that runs it. */
	owner?: Owner;
};

/** The tail of what an attempt that runs has printed, as harmless text. */
export type Pane = {batch: number; attempt: number; text: string};

/** `/jobs/:id?filter=&page=` */
export type JobView = Common & {
	job: SeenJob;
	query: ListQuery;
	/** Of the batches that run, as many as are shown (`mostPanes`). */
	panes: readonly Pane[];
};

/** `/jobs/:id/timeline` */
export type TimelineView = Common & {job: SeenJob};

/** What is told of a batch, in the order of the keys 1 to 5. */
export const batchTabs = ['output', 'validation', 'attempts', 'prompt', 'events'] as const;
export type BatchTab = (typeof batchTabs)[number];

/** `/jobs/:id/batches/:batch?tab=&attempt=` */
export type BatchView = Common & {
	job: SeenJob;
	batch: Batch;
	attempts: KeptAttempt[] | Trouble;
	/** The attempt that is looked at: the last one, unless another was asked for; 0 before the first one. */
	attempt: number;
} & ShownTab;

/** A tab with what it shows beside the attempts. */
export type ShownTab =
	/** The very text that was sent after this attempt, where that asked only for what is missing. */
	| {tab: 'validation'; told?: string}
	| {tab: 'attempts'}
	| {tab: 'prompt'; prompt?: string}
	/** What it has printed, as harmless text; `leftOut` bytes of a long log come before it. */
	| {tab: 'output'; output: {text: string; leftOut: number}}
	| {tab: 'events'; events: readonly Event[]};

/** `/history?job=&days=&failed=` */
export type HistoryView = Common & {
	query: HistoryQuery;
	/** Jobs that can be chosen. */
	jobs: readonly {id: string; name: string}[];
	answers: HistoryAnswers | Trouble;
};

/** `/login`, where a password is asked for. */
export type LoginView = Common & {next: string};

/** Any page that cannot be shown. */
export type ProblemView = Common & {status: number; title: string; text: string};
