import type {ApiBackend} from '../../config/backend-schema.js';
import type {Usage} from '../../core/usage.js';

/** US dollars a million tokens. */
export type Prices = NonNullable<ApiBackend['prices']>;

/** What was used, with what it cost where the prices are known. */
export function priced(usage: Omit<Usage, 'costUsd'>, prices: Prices | undefined): Usage {
	if (!prices) return usage;
	const {input, output, cache_read: read = input / 10, cache_write: write = input * 1.25} = prices;
	const {inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens} = usage;
	const millionths = inputTokens * input + outputTokens * output + cacheReadTokens * read + cacheWriteTokens * write;
	return {...usage, costUsd: millionths / 1e6};
}
