import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Attempts, key} from '../anthropic/attempts.js';
import {ChatAttempts} from '../openai/chat-attempts.js';

test('headers of the environment go to Anthropic’s API, those of the job in their place, and none to other servers', async () => {
	const lines = 'X-Team: blue\nX-Gateway: of: all';
	const env = {ANTHROPIC_API_KEY: key, ANTHROPIC_CUSTOM_HEADERS: lines, OPENAI_CUSTOM_HEADERS: lines};
	// The SDKs look at the real one.
	const before = {...process.env};
	Object.assign(process.env, {ANTHROPIC_CUSTOM_HEADERS: lines, OPENAI_CUSTOM_HEADERS: lines});
	const attempts = await new ChatAttempts().open();
	const anthropic = await new Attempts().open();
	const shown = (headers: object | undefined) => {
		const {'x-team': team, 'x-gateway': gateway} = (headers ?? {}) as Record<string, string>;
		return [team, gateway];
	};
	try {
		await anthropic.run({}, {env});
		assert.deepEqual(shown(anthropic.api.requests.at(-1)?.headers), ['blue', 'of: all']);
		await anthropic.run({env: {ANTHROPIC_CUSTOM_HEADERS: 'x-team: red'}}, {env});
		assert.deepEqual(shown(anthropic.api.requests.at(-1)?.headers), ['red', undefined]);
		await attempts.run({}, {env});
		assert.deepEqual(shown(attempts.server.requests.at(-1)?.headers), [undefined, undefined]);
		await attempts.run({env: {OPENAI_CUSTOM_HEADERS: 'x-team: red'}}, {env});
		assert.deepEqual(shown(attempts.server.requests.at(-1)?.headers), ['red', undefined]);
	} finally {
		for (const name of ['ANTHROPIC_CUSTOM_HEADERS', 'OPENAI_CUSTOM_HEADERS'] as const) {
			if (before[name] === undefined) delete process.env[name];
			else process.env[name] = before[name];
		}
		await anthropic.close();
		await attempts.close();
	}
});
