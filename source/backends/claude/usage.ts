import {addUsage, tokensOf, type Usage} from '../../core/usage.js';
import type {ResultEvent, UsageFigures} from './event.js';

/**
 * What a run cost and what its session has cost in all, US dollars, when the session had cost `knownUsd` before. A
 * resumed session's total counts on in some versions of Claude Code and begins anew in others: it is this run's alone
 * when its tokens are, or when it is less than what was known. One that used no tokens tells nothing by them.
 */
export function costOf(result: ResultEvent, knownUsd: number): {ownUsd: number; sessionUsd: number} | undefined {
	const total = result.total_cost_usd;
	if (total === undefined) return undefined;
	const tokens = tokensOfRun(result);
	const alone = total < knownUsd || (tokens > 0 && tokensOfModels(result) === tokens);
	return alone ? {ownUsd: total, sessionUsd: knownUsd + total} : {ownUsd: total - knownUsd, sessionUsd: total};
}

/**
 * What a run used, by its own figures; undefined when it told none. Of a new session what its models used is known as
 * well, which holds helpers and turns that the run leaves out. A run that was cut off is as good as its messages.
 */
export function usageOf({result, messages}: Told, knownUsd: number, isNew: boolean): Usage | undefined {
	if (!result?.usage) return messages.size === 0 ? undefined : sumOf([...messages.values()].map(figuresOf));
	const cost = costOf(result, knownUsd);
	const own = figuresOf(result.usage);
	const models = sumOf(Object.values(result.modelUsage).map(ofModel));
	return {
		...(isNew && tokensOf(models) > tokensOf(own) ? models : own),
		...(cost ? {costUsd: cost.ownUsd} : {}),
	};
}

type Told = {result?: ResultEvent; messages: ReadonlyMap<string, UsageFigures>};

const figuresOf = (usage: UsageFigures): Usage => ({
	inputTokens: usage.input_tokens,
	outputTokens: usage.output_tokens,
	cacheReadTokens: usage.cache_read_input_tokens,
	cacheWriteTokens: usage.cache_creation_input_tokens,
});

const ofModel = (model: ResultEvent['modelUsage'][string]): Usage => ({
	inputTokens: model.inputTokens,
	outputTokens: model.outputTokens,
	cacheReadTokens: model.cacheReadInputTokens,
	cacheWriteTokens: model.cacheCreationInputTokens,
});

const none: Usage = {inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0};
const sumOf = (list: readonly Usage[]): Usage => list.reduce(addUsage, none);

const tokensOfModels = ({modelUsage}: ResultEvent) => tokensOf(sumOf(Object.values(modelUsage).map(ofModel)));

const tokensOfRun = ({usage}: ResultEvent) => (usage ? tokensOf(figuresOf(usage)) : 0);
