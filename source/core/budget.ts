import type {Budget} from '../config/schema.js';
import {batchAt} from './batch-table.js';
import {put} from './bookkeeping.js';
import type {EventOf, Fact} from './event.js';
import type {Failure} from './failure.js';
import type {Batch, Run} from './run.js';
import {costWords, tokensOf, tokenWords, type Usage} from './usage.js';

/**
 * The budget is looked at whenever an attempt would start, never while one runs: with n batches at once it can be
 * overshot by what n attempts cost. What an attempt that was cut off has cost is known only if its CLI still told it.
 */

type Measure = {of: 'cost' | 'tokens'; spent: number; limit: number};

function measures(budget: Budget, usage: Usage | undefined): Measure[] {
	const {max_cost_usd: cost, max_tokens: tokens} = budget;
	return [
		...(cost === undefined ? [] : [{of: 'cost' as const, spent: usage?.costUsd ?? 0, limit: cost}]),
		...(tokens === undefined ? [] : [{of: 'tokens' as const, spent: tokensOf(usage), limit: tokens}]),
	];
}

const exhausted = (budget: Budget, usage: Usage | undefined): Measure | undefined =>
	measures(budget, usage).find(({spent, limit}) => spent >= limit);

/** `$5.02 of $5.00`, `120k of 100k tokens`. */
export const spentWords = ({of, spent, limit}: Measure): string =>
	of === 'cost' ? `${costWords(spent)} of ${costWords(limit)}` : `${tokenWords(spent)} of ${tokenWords(limit)} tokens`;

const fieldOf = ({of}: Measure) => (of === 'cost' ? 'budget.max_cost_usd' : 'budget.max_tokens');

/** The first fact that the budget leads to before anything else may start; undefined where it allows an attempt. */
export function beforeStart(run: Run): Fact | undefined {
	const {budget} = run.job;
	if (!budget) return undefined;
	const next = run.cursor <= run.total ? batchAt(run, run.cursor) : undefined;
	const judgedFirst = next?.status === 'pending' && next.recheck;
	if (budget.per === 'batch') {
		for (const number of run.live) {
			const batch = batchAt(run, number);
			const over = batch.status === 'waiting' ? batchBudgetSpent(run, batch) : undefined;
			if (over) return over;
		}
		return next && !judgedFirst ? batchBudgetSpent(run, next) : undefined;
	}
	if (!next && (run.counts.waiting ?? 0) === 0) return undefined;
	const over = exhausted(budget, run.totals.usage);
	if (!over) return undefined;
	// Work that was cut off may be done: to judge it costs nothing.
	if (next && judgedFirst && run.live.length < run.concurrency) return {type: 'recheck-started', batch: next.number};
	const reason = `the budget of the job is spent: ${spentWords(over)}; raise ${fieldOf(over)} in the job file, then resume`;
	return {type: 'paused', mode: 'drain', reason};
}

/** The end of a batch that has a budget of its own and has spent it, with what was still wrong; undefined while it has not. */
export function batchBudgetSpent({job: {budget}}: Run, batch: Batch, why?: Failure): Fact | undefined {
	const over = budget?.per === 'batch' ? exhausted(budget, batch.usage) : undefined;
	if (!over) return undefined;
	const wrong = why ? `; what was still wrong: ${why.message.replace(/\.$/, '')}` : '';
	const message = `the budget of this batch is spent: ${spentWords(over)}${wrong}. Raise ${fieldOf(over)} in the job file, then run it again`;
	return {type: 'batch-failed', batch: batch.number, failure: {kind: 'budget', message}};
}

/** That so much of a budget is spent, said once for each limit: of the job, or of a live batch where each has its own. */
export function budgetWarning(run: Run): Fact | undefined {
	const {budget} = run.job;
	if (!budget) return undefined;
	if (budget.per === 'job') {
		const near = unsaid(budget, run.totals.usage, run.budgetWarned);
		return near && {type: 'budget-warned', ...near};
	}
	for (const number of run.live) {
		const batch = batchAt(run, number);
		const near = unsaid(budget, batch.usage, batch.budgetWarned);
		if (near) return {type: 'budget-warned', batch: number, ...near};
	}
	return undefined;
}

const isNear = ({warn_at_percent: percent}: Budget, {spent, limit}: Measure) => spent >= (limit * percent) / 100;

const unsaid = (budget: Budget, usage: Usage | undefined, said: Run['budgetWarned']) =>
	measures(budget, usage).find(measure => isNear(budget, measure) && said?.[measure.of] !== measure.limit);

/** Folds the warning: the same limit is not spoken of again. */
export function budgetWarned(run: Run, {batch: number, of, limit}: EventOf<'budget-warned'>): Run {
	if (number === undefined) return {...run, budgetWarned: {...run.budgetWarned, [of]: limit}};
	const batch = batchAt(run, number);
	return put(run, {...batch, budgetWarned: {...batch.budgetWarned, [of]: limit}});
}

/** A budget as the faces show it: what is spent of the job's, or the most that each batch may spend. */
export type BudgetState = {
	per: Budget['per'];
	maxCostUsd?: number;
	maxTokens?: number;
	/** So much is spent that it was or will be said. Of a job's budget only: batches say it for themselves. */
	isNear: boolean;
	isSpent: boolean;
};

export function budgetState({job: {budget}, totals}: Run): BudgetState | undefined {
	if (!budget) return undefined;
	const {per, max_cost_usd: maxCostUsd, max_tokens: maxTokens} = budget;
	return {
		per,
		...(maxCostUsd === undefined ? {} : {maxCostUsd}),
		...(maxTokens === undefined ? {} : {maxTokens}),
		isNear: per === 'job' && measures(budget, totals.usage).some(measure => isNear(budget, measure)),
		isSpent: per === 'job' && exhausted(budget, totals.usage) !== undefined,
	};
}
