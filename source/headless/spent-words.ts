import type {Summary} from '../core/summary.js';
import {costWords, tokenWords} from '../core/usage.js';
import {counted} from './words.js';

/**
 * What a run has cost, with its budget beside it: `$1.20 of $5.00`, `12.0k of 100k tokens`, `$1.20 ($2.00 a batch at
 * most)`; undefined where no figure and no budget is known.
 */
export function moneyWords({costUsd, budget}: Pick<Summary, 'costUsd' | 'budget'>): string | undefined {
	const limit = budget?.maxCostUsd;
	if (limit === undefined) return costUsd === undefined ? undefined : costWords(costUsd);
	return against(costWords(costUsd ?? 0), costWords(limit), budget?.per);
}

/** The tokens against a budget of them; undefined without one. */
export function tokenBudgetWords({
	tokensIn,
	tokensOut,
	budget,
}: Pick<Summary, 'tokensIn' | 'tokensOut' | 'budget'>): string | undefined {
	if (budget?.maxTokens === undefined) return undefined;
	return against(tokenWords(tokensIn + tokensOut), `${tokenWords(budget.maxTokens)} tokens`, budget.per);
}

const against = (spent: string, limit: string, per: 'job' | 'batch' | undefined) =>
	per === 'batch' ? `${spent} (${limit} a batch at most)` : `${spent} of ${limit}`;

/** Attempts whose cost is in no figure; undefined where all is told, or nobody asks. */
export function untoldWords({
	untold,
	costUsd,
	budget,
}: Pick<Summary, 'untold' | 'costUsd' | 'budget'>): string | undefined {
	if (untold === 0 || (costUsd === undefined && budget?.maxCostUsd === undefined)) return undefined;
	return `${counted(untold, 'attempt')} told no cost`;
}
