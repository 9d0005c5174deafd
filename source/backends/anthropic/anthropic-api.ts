import type {AnthropicBackend} from '../../config/backend-schema.js';
import type {Around} from '../api/api-attempt.js';
import type {Backend} from '../backend.js';

/** What APIs need from elsewhere. `env` is this program's own environment: it holds the keys. */
export type ApiSurroundings = Around & {env: Readonly<Record<string, string | undefined>>};

/** The Anthropic API, without a CLI. What it takes, the SDK first of all, is loaded when an attempt begins. */
export function createAnthropicBackend(settings: AnthropicBackend, around: ApiSurroundings): Backend {
	return {
		keepsSessions: true,
		cachesPrompts: true,
		async run(request) {
			const {runAnthropicAttempt} = await import('./attempt.js');
			return runAnthropicAttempt(settings, request, around);
		},
	};
}
