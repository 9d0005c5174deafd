import assert from 'node:assert/strict';
import {test} from 'node:test';
import {accountOf} from '../../../source/backends/account.js';
import {marked, withHead} from '../../../source/backends/anthropic/cache-marks.js';
import {pricesOf} from '../../../source/backends/anthropic/prices.js';
import {utilizationOf} from '../../../source/backends/anthropic/quota.js';
import {priced} from '../../../source/backends/api/cost.js';
import {anthropicSchema} from '../../../source/config/backend-schema.js';

const usage = {inputTokens: 1e6, outputTokens: 1e6, cacheReadTokens: 1e6, cacheWriteTokens: 1e6};

const costOf = (used: typeof usage, settings: Parameters<typeof pricesOf>[0]) =>
	priced(used, pricesOf(settings)).costUsd;

test('a cost is told where the prices are known, and not guessed elsewhere', () => {
	assert.equal(costOf(usage, {model: 'claude-sonnet-5-5'}), 2 + 10 + 0.1 + 2.5);
	assert.equal(costOf(usage, {model: 'claude-haiku-4-5-20251001'}), 1 + 5 + 0.1 + 1.25);
	assert.equal(costOf(usage, {model: 'claude-sonnet-6'}), undefined);
	assert.equal(
		costOf(usage, {model: 'claude-sonnet-5-5', prices: {input: 4, output: 8, cache_read: 1}}),
		4 + 8 + 1 + 5,
	);
});

test('the quota that is used most is told, and nothing while enough is left or the figures make no sense', () => {
	const of = (headers: Record<string, string>) => utilizationOf(new Headers(headers), 0);
	assert.equal(of({}), undefined);
	assert.equal(of({'anthropic-ratelimit-tokens-limit': '0', 'anthropic-ratelimit-tokens-remaining': '0'}), undefined);
	assert.equal(of({'anthropic-ratelimit-tokens-remaining': '0'}), undefined);
	assert.equal(of({'anthropic-ratelimit-unified-5h-utilization': 'much'}), undefined);
	assert.deepEqual(
		of({
			'anthropic-ratelimit-unified-5h-utilization': '0.81',
			'anthropic-ratelimit-unified-7d-utilization': '0.97',
			'anthropic-ratelimit-unified-7d-reset': '1795500000',
		}),
		{utilization: 0.97, window: 'seven_day'},
		'a time that cannot be believed is left out',
	);
});

test('a head is cut off only where it is long enough for a cache', () => {
	assert.deepEqual(withHead('short\nrest', 6), ['short\nrest']);
	const head = `${'x'.repeat(2_500)}\n`;
	assert.deepEqual(withHead(`${head}rest`, head.length), [head, 'rest']);
	assert.deepEqual(withHead(head, head.length), [head], 'an empty block is none');
});

test('marks are put on copies: what is kept and sent again has none', () => {
	const messages = [{role: 'user' as const, content: [{type: 'text' as const, text: 'a'}]}];
	assert.deepEqual(marked(messages, {loops: true})[0]?.content, [
		{type: 'text', text: 'a', cache_control: {type: 'ephemeral'}},
	]);
	assert.deepEqual(messages[0]?.content, [{type: 'text', text: 'a'}]);
	assert.deepEqual(marked(messages, {loops: false}), messages);
});

test('another key, another gateway and another name are each an account of their own', () => {
	const account = (settings: object) => accountOf(anthropicSchema.parse({type: 'anthropic_api', ...settings}));
	assert.equal(account({}), 'anthropic_api');
	assert.equal(account({account: 'work'}), 'anthropic_api@work');
	assert.equal(account({api_key_env: 'MY_KEY'}), 'anthropic_api:MY_KEY');
	assert.equal(account({base_url: 'https://gateway.example.org/v1'}), 'anthropic_api:gateway.example.org');
});
