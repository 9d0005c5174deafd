import assert from 'node:assert/strict';
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {tokensOf} from '../../source/core/usage.js';
import {GeminiApi} from '../support/gemini-api.js';
import {tokens} from '../support/model-api.js';
import type {RealCli} from '../support/real-cli.js';
import {describeReal} from './real-stories.js';

/** It asks once for one thing, where it would try ten times over minutes, and tells nobody of its use. */
const settings = {
	general: {maxAttempts: 1, enableAutoUpdate: false, enableAutoUpdateNotification: false},
	security: {auth: {selectedType: 'gemini-api-key'}},
	privacy: {usageStatisticsEnabled: false},
	telemetry: {enabled: false},
};

const refused = (code: number, status: string, message: string, details: object[] = []) => ({
	status: code,
	error: status,
	body: {error: {code, status, message, details}},
});

const gemini: RealCli = {
	title: 'Gemini CLI',
	program: 'gemini',
	variable: 'MOZART_TEST_GEMINI',
	backend: {type: 'gemini_cli'},
	createApi: () => new GeminiApi(),
	settle(home, url) {
		const folder = path.join(home, '.gemini');
		mkdirSync(folder, {recursive: true});
		writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings));
		return {GEMINI_API_KEY: 'test-key', GOOGLE_GEMINI_BASE_URL: url};
	},
	sessions: '.gemini/tmp',
	limit(until, now) {
		const left = Math.ceil((until - now) / 1000);
		const spans = `${Math.floor(left / 3600)}h${Math.floor(left / 60) % 60}m${left % 60}s`;
		return refused(
			429,
			'RESOURCE_EXHAUSTED',
			`You have exhausted your capacity on this model. Your quota will reset after ${spans}.`,
			[
				{
					'@type': 'type.googleapis.com/google.rpc.ErrorInfo',
					...{reason: 'QUOTA_EXHAUSTED', domain: 'cloudcode-pa.googleapis.com'},
				},
				{'@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${left}s`},
			],
		);
	},
	overloaded: refused(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
	badKey: refused(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
		{
			'@type': 'type.googleapis.com/google.rpc.ErrorInfo',
			...{reason: 'API_KEY_INVALID', domain: 'googleapis.com'},
		},
	]),
	tooLong: refused(
		400,
		'INVALID_ARGUMENT',
		'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
	),
};

describeReal(gemini, stage => {
	test('a reply that was blocked is a failure, though it exits 0 and there are no rules that would find it', async () => {
		const {api, story} = stage;
		api.replies.push(response => {
			const usageMetadata = {promptTokenCount: tokens.read, totalTokenCount: tokens.read};
			const blocked = {candidates: [{finishReason: 'SAFETY', index: 0}], usageMetadata, modelVersion: 'model'};
			response.writeHead(200, {'content-type': 'text/event-stream'});
			response.end(`data: ${JSON.stringify(blocked)}\r\n\r\n`);
		});
		const ended = await story.run(stage.job({validations: [], retry: {max_retries: 0}}));
		assert.equal(ended.result, 'failed');
		const [{outcome} = assert.fail()] = story.of('attempt-ended');
		assert.deepEqual([outcome.exitCode, outcome.failure?.kind], [0, 'refused']);
		assert.ok(tokensOf(outcome.usage) >= tokens.read, 'what was read is paid for');
	});

	test('a quota of requests a minute, told in its second line, is waited for as long as it says', async () => {
		const {api, story} = stage;
		const message =
			'You exceeded your current quota, please check your plan and billing details.\nPlease retry in 541.5s.';
		const info = {'@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '541s'};
		api.replies.push(refused(429, 'RESOURCE_EXHAUSTED', message, [info]));
		api.replies.push(...['a.md', 'b.md', 'c.md'].map(stage.write));
		const ended = await story.run(stage.job({retry: {max_retries: 0, max_completion_attempts: 0}}));
		assert.equal(ended.result, 'completed');
		const [limit, ...others] = story.of('limit-seen');
		assert.ok(limit && others.length === 0);
		assert.ok(Math.abs(limit.until - limit.at - 541_500) < 2000, String(limit.until - limit.at));
	});
});
