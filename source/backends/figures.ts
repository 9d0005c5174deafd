import type {Backend as BackendSettings} from '../config/backend-schema.js';
import {pricesOf} from './anthropic/prices.js';
import {isApi} from './keys.js';
import {profileOf} from './profiles.js';

/** Which figures a CLI tells about its attempts, and what to do where it tells too few. */
export type Figures = {tokens: boolean; cost: boolean; advice?: string};

/** What can be counted of a backend's attempts; a budget of anything else has no effect. */
export function figuresOf(settings: BackendSettings): Figures {
	if (settings.type === 'claude_cli') {
		// Read by code, which knows where the figures are.
		return settings.output_format === 'text'
			? {tokens: false, cost: false, advice: 'use output_format stream-json or json'}
			: {tokens: true, cost: true};
	}
	if (isApi(settings)) {
		const prices = settings.type === 'anthropic_api' ? pricesOf(settings) : settings.prices;
		const cost = prices !== undefined;
		const advice = `say what ${settings.model} costs (backend.prices), or set max_tokens, which it tells`;
		return {tokens: true, cost, ...(!cost && {advice})};
	}
	const output = profileOf(settings)?.output;
	const usages = output && output.type !== 'text' ? output.events.flatMap(({usage}) => usage ?? []) : [];
	const cost = usages.some(usage => usage.cost_usd !== undefined);
	const tokens = usages.some(usage => (usage.input ?? usage.output) !== undefined);
	return {tokens, cost, ...(tokens && !cost && {advice: 'set max_tokens, which it tells'})};
}
