import {allBatches, batchAt} from './batch-table.js';
import {isChosen} from './bookkeeping.js';
import {type BudgetState, budgetState} from './budget.js';
import {limitOf} from './cli-limits.js';
import {backendAt, backendBeforeStart, backendName} from './fallback.js';
import {count} from './plan.js';
import type {Batch, Run} from './run.js';

/** Every number that any face shows about a run. Times in ms. */
export type Summary = {
	/** One word for people and scripts. `crashed` is said by who knows that no program holds the run. */
	state: 'running' | 'pausing' | 'paused' | 'stopping' | 'completed' | 'failed' | 'cancelled';
	reason?: string;
	total: number;
	completed: number;
	failed: number;
	skipped: number;
	pending: number;
	running: number;
	waiting: number;
	held: number;
	/** Batches that are neither completed nor skipped. */
	left: number;
	attempts: number;
	retries: number;
	completions: number;
	/** Waits for limits so far, and the one that keeps anything from starting now. */
	waits: number;
	limit?: {until: number; message: string};
	/** Moves of batches to another CLI so far, and the CLIs that nothing starts on before a time. */
	moves: number;
	closed: {backend: string; until: number; message: string}[];
	/** Tokens in (cached ones too) and out; US dollars where the CLI tells them. */
	tokensIn: number;
	tokensOut: number;
	costUsd?: number;
	/** Attempts that ran and whose cost is in no figure. */
	untold: number;
	/** Attempts that ran and whose tokens are in no figure. */
	untoldTokens: number;
	budget?: BudgetState;
	/** Since the run was first started; `attemptsMs` is what the attempts took in sum. */
	elapsedMs: number;
	attemptsMs: number;
	/** Batches that the current choice (`--batches`) leaves out and that are not done. */
	notChosen: number;
};

export function summarize(run: Run, now: number): Summary {
	const running = count(run, 'running') + count(run, 'stopping') + count(run, 'rechecking');
	const completed = count(run, 'completed');
	const skipped = count(run, 'skipped');
	const ended = run.phase === 'ended';
	const {usage} = run.totals;
	const budget = budgetState(run);
	return {
		state: stateOf(run, running),
		...(run.reason === undefined ? {} : {reason: run.reason}),
		total: run.total,
		completed,
		failed: count(run, 'failed'),
		skipped,
		pending: count(run, 'pending'),
		running,
		waiting: count(run, 'waiting'),
		held: count(run, 'held'),
		left: run.total - completed - skipped,
		...{attempts: run.totals.attempts, retries: run.totals.retries, completions: run.totals.completions},
		waits: run.totals.waits,
		...standstill(run, now),
		moves: run.totals.moves ?? 0,
		closed: closedNow(run, now),
		tokensIn: usage ? usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens : 0,
		tokensOut: usage?.outputTokens ?? 0,
		...(usage?.costUsd === undefined ? {} : {costUsd: usage.costUsd}),
		untold: run.totals.untold ?? 0,
		untoldTokens: run.totals.untoldTokens ?? 0,
		...(budget && {budget}),
		elapsedMs: ended ? untilLastFact(run) : now - run.startedAt,
		attemptsMs: run.totals.tookMs,
		notChosen: run.selection ? [...allBatches(run)].filter(batch => isUnchosen(run, batch)).length : 0,
	};
}

/** The limit that lifts first, where each CLI that a batch would be started with next has one. */
function standstill(run: Run, now: number): Pick<Summary, 'limit'> {
	const waiting = run.live.map(number => batchAt(run, number)).filter(({status}) => status === 'waiting');
	const next = run.cursor <= run.total ? [batchAt(run, run.cursor)] : [];
	const clis = new Set([...waiting, ...next].map(batch => backendBeforeStart(run, batch, now)));
	const limits = [...clis].map(cli => limitOf(run, cli));
	// Where no batch is left that could start, it is the job's own that is told.
	const all = clis.size > 0 ? limits : [run.limit];
	if (!all.every(limit => limit !== undefined && limit.until > now)) return {};
	const [first] = all.flatMap(limit => limit ?? []).toSorted((a, b) => a.until - b.until);
	return first ? {limit: {until: first.until, message: first.message}} : {};
}

/** How long a run took that no program holds, be it over or cut off: what came after its last fact is no part of it. */
export const untilLastFact = ({at, startedAt}: Run): number => at - startedAt;

const closedNow = ({closed = [], job}: Run, now: number) =>
	closed
		.filter(({until}) => until > now)
		.map(({backend, until, message}) => ({backend: backendName(backendAt(job, backend)), until, message}));

const isUnchosen = (run: Run, batch: Batch) => batch.status === 'pending' && !isChosen(run, batch.number);

function stateOf(run: Run, running: number): Summary['state'] {
	switch (run.phase) {
		case 'running':
			return 'running';
		case 'paused':
			return running > 0 ? 'pausing' : 'paused';
		case 'stopping':
			return 'stopping';
		case 'ended':
			return run.result ?? 'completed';
	}
}

/**
 * Whether a completed batch had no full retry left when it passed: had it failed once more, the batch would have failed.
 * In a job without retries that is its last completion attempt.
 */
export function passedOnLastTry({job}: Run, batch: Batch): boolean {
	const {max_retries, max_completion_attempts} = job.retry;
	if (batch.status !== 'completed' || batch.retries < max_retries) return false;
	return max_retries > 0 || (batch.completions > 0 && batch.completions >= max_completion_attempts);
}
