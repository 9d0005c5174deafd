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
