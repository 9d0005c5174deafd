import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {GeminiApi} from '../support/gemini-api.js';
import type {RealCli} from '../support/real-cli.js';
import {describeReal} from './real-stories.js';

/** It asks once for one thing, where it would try ten times over minutes, and tells nobody of its use. */
const settings = {
	general: {maxAttempts: 1, enableAutoUpdate: false, disableUpdateNag: true},
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

describeReal(gemini);
