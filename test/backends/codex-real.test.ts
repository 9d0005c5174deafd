import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {RealCli} from '../support/real-cli.js';
import {ResponsesApi} from '../support/responses-api.js';
import {describeReal} from './real-stories.js';

/** The service of a model of one's own, which is never asked twice for one thing: a retry here would only take time. */
const settings = (url: string) => `model = "model"
model_provider = "stand-in"
[model_providers.stand-in]
name = "stand-in"
base_url = "${url}/v1"
env_key = "STAND_IN_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
`;

const codex: RealCli = {
	title: 'Codex',
	program: 'codex',
	variable: 'MOZART_TEST_CODEX',
	backend: {type: 'codex_cli'},
	createApi: () => new ResponsesApi(),
	settle(home, url) {
		const folder = path.join(home, '.codex');
		mkdirSync(folder, {recursive: true});
		writeFileSync(path.join(folder, 'config.toml'), settings(url));
		return {STAND_IN_KEY: 'test-key'};
	},
	sessions: '.codex/sessions',
	limit: (until, now) => ({
		status: 429,
		error: 'usage_limit_reached',
		body: {
			error: {
				...{type: 'usage_limit_reached', message: 'The usage limit has been reached', plan_type: 'plus'},
				...{resets_at: Math.floor(until / 1000), resets_in_seconds: Math.ceil((until - now) / 1000)},
			},
		},
	}),
	overloaded: {status: 503, error: 'server_is_overloaded'},
	badKey: {
		status: 401,
		error: 'invalid_api_key',
		body: {error: {type: 'invalid_request_error', code: 'invalid_api_key', message: 'Incorrect API key provided.'}},
	},
	tooLong: {
		status: 400,
		error: 'context_length_exceeded',
		body: {
			error: {
				...{type: 'invalid_request_error', code: 'context_length_exceeded', param: 'input'},
				message: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
			},
		},
	},
};

describeReal(codex);
