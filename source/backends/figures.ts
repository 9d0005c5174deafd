import type {Backend as BackendSettings} from '../config/schema.js';
import {profileOf} from './profiles.js';

/** Which figures a CLI tells about its attempts, and what to do where it tells none. */
export type Figures = {tokens: boolean; cost: boolean; advice?: string};

/** What can be counted of a backend's attempts; a budget of anything else has no effect. */
export function figuresOf(settings: BackendSettings): Figures {
	if (settings.type === 'claude_cli')
		return settings.output_format === 'text'
			? {tokens: false, cost: false, advice: 'use output_format stream-json or json'}
			: {tokens: true, cost: true};
	const output = profileOf(settings)?.output;
	if (!output || output.type === 'text') return {tokens: false, cost: false};
	const told = output.events.flatMap(({usage}) => usage ?? []);
	return {
		tokens: told.some(({input, output}) => input !== undefined || output !== undefined),
		cost: told.some(({cost_usd}) => cost_usd !== undefined),
	};
}
