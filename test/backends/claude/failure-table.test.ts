import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {failureSchema} from '../../../source/core/failure.js';
import {judge, judgeRecorded, recorded, type Spoken} from './recorded.js';

describe('what is made of recorded runs', () => {
	for (const [name, expected] of Object.entries(recorded)) {
		const {kind, message, until, denied = [], sessionLost = false} = expected;
		test(`${name}: ${kind ?? 'nothing speaks against it'}`, () => {
			const {failure, seen, sessionLost: lost} = judgeRecorded(name);
			assert.equal(failure?.kind, kind, failure?.message);
			assert.equal(failure?.until, until);
			assert.deepEqual([...seen.denied], denied);
			assert.equal(lost, sessionLost);
			if (!failure) return;
			failureSchema.parse(failure);
			assert.ok(failure.message.includes(message ?? ''), failure.message);
			assert.match(failure.message, /^[^\n]*\.$/, 'one sentence');
			const silent = ['interrupted-silent', 'killed'].includes(name);
			assert.equal(failure.raw === undefined, silent, 'the raw cause is kept');
		});
	}
});

const kindOf = (spoken: Spoken) => judge(spoken).failure?.kind;
const line = (event: object) => `${JSON.stringify(event)}\n`;
const result = (fields: object) => line({type: 'result', subtype: 'success', is_error: false, ...fields});

describe('sentences', () => {
	const limits = [
		'Claude AI usage limit reached|1750708800',
		'Claude usage limit reached. Your limit will reset at 3pm (America/Bogota).',
		'5-hour limit reached ∙ resets 1am',
		"You've hit your limit · resets 4pm (Asia/Kuala_Lumpur)",
		'You’ve hit your limit · resets Feb 16, 11am (Europe/Berlin)',
		"You've hit your session limit · resets 5:10pm (Europe/Paris)",
		"You've hit your session limit",
		"You've hit your Sonnet limit · resets May 5 at 9pm (America/New_York)",
		"You've hit your org's monthly spend limit · ask your admin to raise it at claude.ai/settings/usage",
		'API Error: Rate limit reached',
	];
	for (const sentence of limits) {
		test(`"${sentence}" is a limit, in each format, and also where it exits 0`, () => {
			for (const exitCode of [0, 1]) {
				assert.equal(kindOf({format: 'text', stdout: `${sentence}\n`, exitCode}), 'rate_limit');
				for (const format of ['json', 'stream-json'] as const) {
					const stdout = result({result: sentence, is_error: exitCode === 1});
					assert.equal(kindOf({format, stdout, exitCode}), 'rate_limit');
				}
			}
		});
	}

	test('a reset that is told in seconds is understood', () => {
		const {failure} = judge({format: 'text', stdout: 'Claude AI usage limit reached|1750708800\n', exitCode: 1});
		assert.equal(failure?.until, 1_750_708_800_000);
		assert.match(failure?.message ?? '', /resets 2025-06-23 20:00 UTC/);
	});

	const replies = [
		"You've hit your 5-hour limit three times this week, so I made the batches smaller.",
		"I documented it:\nYou've hit your limit · resets 4pm",
		"You've hit your limit · resets 4pm\n\nis what the program prints now.",
		'Rate limit reached: the middleware answers 429.',
		'Wrote 429 lines.',
		'disk capacity ok, quota too',
		'Credit balance is too low for the third customer; I added a test.',
		'Prompt is too long in two places; shortened both.',
		'Not logged in users now see the start page.',
		'Request timed out. I raised the limit in the client to 30 s.',
		'Invalid API key handling is done.',
	];
	for (const reply of replies) {
		test(`a reply may say "${reply.split('\n')[0]}…"`, () => {
			assert.equal(kindOf({stdout: result({result: reply}), exitCode: 0}), undefined);
			assert.equal(kindOf({format: 'text', stdout: `${reply}\n`, exitCode: 0}), undefined);
			// A run that failed for another reason is not judged by its reply either.
			assert.equal(kindOf({stdout: result({result: reply}), exitCode: 1}), 'transient');
		});
	}

	test('what a tool printed is no word of the CLI', () => {
		const tool = {
			type: 'tool_result',
			tool_use_id: 't',
			content: "You've hit your 5-hour limit · resets 1am",
			is_error: true,
		};
		const stdout = line({type: 'user', message: {content: [tool]}}) + result({is_error: true, result: 'It broke.'});
		assert.equal(kindOf({stdout, exitCode: 1}), 'transient');
	});
});

describe('structured signals', () => {
	const rejected = {
		type: 'rate_limit_event',
		rate_limit_info: {status: 'rejected', resetsAt: 1795422433, rateLimitType: 'five_hour'},
	};
	const answer = line({type: 'assistant', message: {model: 'm', content: [{type: 'text', text: 'Hello'}]}});

	test('a limit that was rejected counts although the run exits 0 with a kind word', () => {
		const {failure} = judge({stdout: line(rejected) + result({result: 'Bye.'}), exitCode: 0});
		assert.deepEqual([failure?.kind, failure?.until], ['rate_limit', 1_795_422_433_000]);
	});

	test('it counts no more once the model has answered again, the limit has lifted or extra usage is paid', () => {
		const lifted = {...rejected, rate_limit_info: {...rejected.rate_limit_info, status: 'allowed'}};
		const paid = {...rejected, rate_limit_info: {...rejected.rate_limit_info, isUsingOverage: true}};
		const done = result({result: 'Done.'});
		for (const stdout of [line(rejected) + answer + done, line(rejected) + line(lifted) + done, line(paid) + done])
			assert.equal(judge({stdout, exitCode: 0}).failure, undefined);
	});

	test('it counts before a timeout, in which the CLI sat out the limit', () => {
		assert.equal(kindOf({stdout: line(rejected), timedOut: true, exitCode: 143}), 'rate_limit');
		assert.equal(kindOf({stdout: answer, timedOut: true, exitCode: 143}), 'timeout');
		assert.equal(kindOf({stdout: line(rejected), aborted: true, exitCode: 143}), 'interrupted');
	});

	test('without a result the last message that the CLI wrote in the model’s place tells', () => {
		const error = {
			error: 'authentication_failed',
			message: {model: '<synthetic>', content: [{type: 'text', text: 'No.'}]},
		};
		assert.equal(kindOf({stdout: line({type: 'assistant', ...error}), exitCode: 1}), 'auth');
		assert.equal(kindOf({stdout: line({type: 'assistant', ...error}) + answer, exitCode: 1}), 'transient');
	});

	test('an error that is told counts although the run exits 0, and whatever its subtype says', () => {
		const {failure} = judge({stdout: result({is_error: true, result: 'API Error: odd'}), exitCode: 0});
		assert.deepEqual([failure?.kind, failure?.raw], ['transient', 'API Error: odd']);
	});

	test('no result at all is a failure, whatever the exit code; so is silence as text', () => {
		assert.equal(kindOf({stdout: answer, exitCode: 0}), 'transient');
		assert.equal(kindOf({format: 'json', exitCode: 0}), 'transient');
		assert.equal(kindOf({format: 'text', exitCode: 0}), 'transient');
	});

	test('an older list of events in place of one result is read as well', () => {
		const events = [
			{type: 'system', subtype: 'init'},
			{type: 'result', is_error: true, api_error_status: 529},
		];
		assert.equal(kindOf({format: 'json', stdout: JSON.stringify(events), exitCode: 1}), 'overloaded');
	});
});
