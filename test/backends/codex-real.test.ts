import assert from 'node:assert/strict';
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {stream} from '../support/model-api.js';
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
		// News and statistics of its maker go nowhere; the stand-in needs no proxy.
		return {STAND_IN_KEY: 'test-key', HTTPS_PROXY: 'http://127.0.0.1:9'};
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

describeReal(codex, stage => {
	test('a limit that lifts on another day is told with its date, and waited out until then', async () => {
		const {api, story} = stage;
		const reset = Math.ceil(Date.now() / 60_000) * 60_000 + 50 * 3_600_000;
		api.onAsked = () =>
			story.clock.time < reset ? codex.limit(reset, story.clock.time) : (api.replies.shift() ?? {text: 'Done.'});
		api.replies.push(...['a.md', 'b.md', 'c.md'].map(stage.write));
		const ended = await story.run(stage.job());
		assert.equal(ended.result, 'completed');
		assert.deepEqual(
			story.of('limit-seen').map(({until}) => until),
			[reset],
		);
	});

	test('a limit that only the stream tells is one too: requests a minute pass within seconds', async () => {
		const {api, story} = stage;
		const message = 'Rate limit reached for model on tokens per min (TPM): Limit 30000. Please try again in 11.054s.';
		api.replies.push(response => {
			const send = stream(response);
			send('response.created', {response: {id: 'resp_1'}});
			const error = {code: 'rate_limit_exceeded', message};
			send('response.failed', {response: {id: 'resp_1', status: 'failed', error}});
			response.end();
		});
		api.replies.push(...['a.md', 'b.md', 'c.md'].map(stage.write));
		const ended = await story.run(stage.job({retry: {max_retries: 0, max_completion_attempts: 0}}));
		assert.equal(ended.result, 'completed');
		const [limit, ...others] = story.of('limit-seen');
		assert.ok(limit && others.length === 0);
		assert.ok(limit.until - limit.at < 60_000, 'seconds');
	});
});
