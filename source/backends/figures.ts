import type {Backend as BackendSettings} from '../config/schema.js';

/** Which figures a CLI tells about its attempts, and what to do where it tells none. */
export type Figures = {tokens: boolean; cost: boolean; advice?: string};

/** What can be counted of a backend's attempts; a budget of anything else has no effect. */
export function figuresOf(settings: BackendSettings): Figures {
	switch (settings.type) {
		case 'claude_cli':
			return settings.output_format === 'text'
				? {tokens: false, cost: false, advice: 'use output_format stream-json or json'}
				: {tokens: true, cost: true};
		case 'command':
			return {tokens: false, cost: false};
	}
}
