import * as z from 'zod';

/** Tokens, and US dollars where the CLI tells them. */
export const usageSchema = z.object({
	inputTokens: z.number(),
	outputTokens: z.number(),
	cacheReadTokens: z.number(),
	cacheWriteTokens: z.number(),
	costUsd: z.number().optional(),
});
export type Usage = z.infer<typeof usageSchema>;

/** The sum; a cost that only one of them tells is the sum's. */
export function addUsage(before: Usage | undefined, more: Usage): Usage {
	if (!before) return more;
	const costUsd = before.costUsd === undefined ? more.costUsd : before.costUsd + (more.costUsd ?? 0);
	return {
		inputTokens: before.inputTokens + more.inputTokens,
		outputTokens: before.outputTokens + more.outputTokens,
		cacheReadTokens: before.cacheReadTokens + more.cacheReadTokens,
		cacheWriteTokens: before.cacheWriteTokens + more.cacheWriteTokens,
		...(costUsd !== undefined && {costUsd}),
	};
}

/**
 * What has been used since a session had come to `before`, by a count that goes on with the session. A count that is
 * smaller than before has begun anew, and is all there is.
 */
export function usageSince(before: Usage | undefined, total: Usage): Usage {
	if (!before || tokensOf(total) < tokensOf(before)) return total;
	const since = (now: number, then: number) => Math.max(now - then, 0);
	return {
		inputTokens: since(total.inputTokens, before.inputTokens),
		outputTokens: since(total.outputTokens, before.outputTokens),
		cacheReadTokens: since(total.cacheReadTokens, before.cacheReadTokens),
		cacheWriteTokens: since(total.cacheWriteTokens, before.cacheWriteTokens),
		...(total.costUsd !== undefined && {costUsd: since(total.costUsd, before.costUsd ?? 0)}),
	};
}

/** All tokens, in and out, cached ones too: what a budget of tokens counts. */
export const tokensOf = (usage: Usage | undefined): number =>
	usage ? usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens + usage.outputTokens : 0;

/** `$0.0051`, `$0.05`, `$12.30`: two places, more where they would hide most of it. */
export const costWords = (usd: number): string => {
	const isSmall = usd < 0.1 && Math.abs(usd * 100 - Math.round(usd * 100)) > 1e-6;
	return `$${usd.toFixed(isSmall ? 4 : 2)}`;
};

/** `950`, `9.5k`, `120k`, `1.5M`. */
export function tokenWords(tokens: number): string {
	if (tokens < 1000) return String(tokens);
	if (tokens < 999_500) return `${(tokens / 1000).toFixed(tokens < 9950 ? 1 : 0)}k`;
	return `${(tokens / 1_000_000).toFixed(1)}M`;
}
