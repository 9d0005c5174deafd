import type {Usage} from '../../core/usage.js';
import type {ResultEvent} from './event.js';

/**
 * What a run cost and what its session has cost in all, US dollars, when the session had cost `knownUsd` before. A
 * resumed session's total counts on in some versions of Claude Code and begins anew in others: it is this run's alone
 * when its tokens are, or when it is less than what was known.
 */
export function costOf(result: ResultEvent, knownUsd: number): {ownUsd: number; sessionUsd: number} | undefined {
	const total = result.total_cost_usd;
	if (total === undefined) return undefined;
	const alone = total < knownUsd || tokensOfModels(result) === tokensOfRun(result);
	return alone ? {ownUsd: total, sessionUsd: knownUsd + total} : {ownUsd: total - knownUsd, sessionUsd: total};
}

/** What a run used, by its own figures; undefined when it told none. */
export function usageOf(result: ResultEvent | undefined, knownUsd: number): Usage | undefined {
	if (!result?.usage) return undefined;
	const {usage} = result;
	const cost = costOf(result, knownUsd);
	return {
		inputTokens: usage.input_tokens,
		outputTokens: usage.output_tokens,
		cacheReadTokens: usage.cache_read_input_tokens,
		cacheWriteTokens: usage.cache_creation_input_tokens,
		...(cost ? {costUsd: cost.ownUsd} : {}),
	};
}

const tokensOfModels = ({modelUsage}: ResultEvent) =>
	Object.values(modelUsage).reduce(
		(sum, model) =>
			sum + model.inputTokens + model.outputTokens + model.cacheReadInputTokens + model.cacheCreationInputTokens,
		0,
	);

const tokensOfRun = ({usage}: ResultEvent) =>
	usage
		? usage.input_tokens + usage.output_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens
		: 0;
