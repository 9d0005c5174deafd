import type {AnthropicBackend} from '../../config/backend-schema.js';
import type {Prices} from '../api/cost.js';

/** List prices of current models, as platform.claude.com/docs/en/about-claude/pricing had them in November 2026. */
const listPrices: readonly (readonly [model: RegExp, prices: Prices])[] = [
	[/^claude-(?:fable|mythos)-5-[12]$/, {input: 10, output: 50, cache_read: 0.25}],
	[/^claude-(?:fable|mythos)-5$/, {input: 10, output: 50}],
	[/^claude-opus-5-5$/, {input: 4, output: 20, cache_read: 0.2}],
	[/^claude-opus-(?:5|4-[5-8])(?:-\d{8})?$/, {input: 5, output: 25}],
	[/^claude-sonnet-5-5$/, {input: 2, output: 10, cache_read: 0.1}],
	[/^claude-sonnet-5$/, {input: 2, output: 10}],
	[/^claude-sonnet-4-[56](?:-\d{8})?$/, {input: 3, output: 15}],
	[/^claude-haiku-4-5(?:-\d{8})?$/, {input: 1, output: 5}],
];

type Priced = Pick<AnthropicBackend, 'model' | 'prices'>;

/** What the job says, or the list; undefined where nothing is known, since a wrong figure is worse than none. */
export const pricesOf = ({model, prices}: Priced): Prices | undefined =>
	prices ?? listPrices.find(([name]) => name.test(model))?.[1];
