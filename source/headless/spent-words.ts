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
	return against([costUsd ?? 0, limit], costWords, budget?.per);
}

/** The tokens against a budget of them; undefined without one. */
export function tokenBudgetWords({
	tokensIn,
	tokensOut,
	budget,
}: Pick<Summary, 'tokensIn' | 'tokensOut' | 'budget'>): string | undefined {
	if (budget?.maxTokens === undefined) return undefined;
	return against([tokensIn + tokensOut, budget.maxTokens], tokenWords, budget.per, ' tokens');
}

/** What ran when a budget was spent has been finished: that it cost more is said. */
function against(
	[spent, limit]: readonly [spent: number, limit: number],
	words: (value: number) => string,
	per: 'job' | 'batch' | undefined,
	unit = '',
): string {
	if (per === 'batch') return `${words(spent)} (${words(limit)}${unit} a batch at most)`;
	return `${words(spent)} of ${words(limit)}${unit}${spent > limit ? ' (over budget)' : ''}`;
}

/**
 * Attempts whose cost, or whose tokens where a budget bounds them, are in no figure: what a budget cannot see is said.
 * Undefined where all is told, or nobody asks.
 */
export function untoldWords({
	untold,
	untoldTokens,
	costUsd,
	budget,
}: Pick<Summary, 'untold' | 'untoldTokens' | 'costUsd' | 'budget'>): string | undefined {
	const tokens =
		budget?.maxTokens !== undefined && untoldTokens > 0 && `${counted(untoldTokens, 'attempt')} told no tokens`;
	const asksCost = costUsd !== undefined || budget?.maxCostUsd !== undefined;
	const cost = asksCost && untold > 0 && `${counted(untold, 'attempt')} told no cost`;
	return [tokens, cost].filter(Boolean).join(', ') || undefined;
}
