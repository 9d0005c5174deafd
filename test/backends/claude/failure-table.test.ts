import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {failureKindSchema, failureSchema} from '../../../source/core/failure.js';
import {consequenceOf} from '../../../source/core/retry.js';
import {judge, judgeRecorded, recorded, recordedAt, type Spoken} from './recorded.js';

describe('what is made of recorded runs', () => {
	for (const [name, expected] of Object.entries(recorded)) {
		const {kind, reset, brief, effect, message, denied = [], sessionLost = false, silent = false} = expected;
		const told = reset ? ` until ${reset}` : brief ? ' for a little' : '';
		test(`${name}: ${kind ? `${kind}, ${effect}${told}` : 'nothing speaks against it'}`, async () => {
			const {failure, seen, sessionLost: lost} = await judgeRecorded(name);
			assert.equal(failure?.kind, kind, failure?.message);
			assert.equal(failure ? consequenceOf(failure.kind) : 'nothing', effect);
			assert.equal(failure?.until, reset && Date.parse(reset));
			assert.equal(failure?.brief, brief);
			assert.deepEqual([...seen.denied], denied);
			assert.equal(lost, sessionLost);
			if (!failure) return;
			failureSchema.parse(failure);
			assert.ok(failure.message.includes(message ?? ''), failure.message);
			assert.match(failure.message, /^[^\n]*\.$/, 'one sentence');
			assert.equal(failure.raw === undefined, silent, 'the raw cause is kept');
		});
	}

	test('each kind that a run of Claude Code can end with is among them, and each effect', () => {
		const seen = Object.values(recorded);
		const notByTheCli = ['validation', 'interrupted'];
		assert.deepEqual(
			failureKindSchema.options.filter(kind => !seen.some(one => one.kind === kind)),
			notByTheCli,
		);
		assert.deepEqual([...new Set(seen.map(({effect}) => effect))].toSorted(), [
			...['fail', 'nothing', 'pause', 'retry', 'wait'],
		]);
	});

	test('a limit that is met tells the same time in each format', async () => {
		for (const name of ['limit-5-hours', 'limit-weekly', 'limit-opus']) {
			const minutes = await Promise.all(
				['', '-json', '-text'].map(async format => {
					const {failure} = await judgeRecorded(`${name}${format}`);
					return Math.floor((failure?.until ?? 0) / 60_000);
				}),
			);
			assert.equal(new Set(minutes).size, 1, name);
		}
	});
});

const kindOf = async (spoken: Spoken) => (await judge(spoken)).failure?.kind;
const line = (event: object) => `${JSON.stringify(event)}\n`;
const result = (fields: object) => line({type: 'result', subtype: 'success', is_error: false, ...fields});

describe('sentences', () => {
	const limits: readonly (readonly [sentence: string, reset: string | undefined])[] = [
		['Claude AI usage limit reached|1795422433', '2026-11-23T08:27:13Z'],
		['Claude usage limit reached. Your limit will reset at 3pm (America/Bogota).', '2026-11-23T20:00:00Z'],
		['5-hour limit reached ∙ resets 1am', '2026-11-24T01:00:00Z'],
		["You've hit your limit · resets 4pm (Asia/Kuala_Lumpur)", '2026-11-23T08:00:00Z'],
		['You’ve hit your limit · resets Dec 16, 11am (Europe/Berlin)', '2026-12-16T10:00:00Z'],
		["You've hit your session limit · resets 5:10pm (Europe/Paris)", '2026-11-23T16:10:00Z'],
		["You've hit your session limit", undefined],
		["You've hit your Sonnet limit · resets Nov 25 at 9pm (America/New_York)", '2026-11-26T02:00:00Z'],
		["You've hit your org's monthly spend limit · ask your admin to raise it at claude.ai/settings/usage", undefined],
		['API Error: Rate limit reached', undefined],
	];
	for (const [sentence, reset] of limits) {
		test(`"${sentence}" is a limit, in each format, and also where it exits 0`, async () => {
			for (const exitCode of [0, 1]) {
				for (const format of ['text', 'json', 'stream-json'] as const) {
					const said = result({result: sentence, is_error: exitCode === 1});
					const {failure} = await judge({format, stdout: format === 'text' ? `${sentence}\n` : said, exitCode});
					assert.equal(failure?.kind, 'rate_limit');
					assert.equal(failure.until, reset && Date.parse(reset));
				}
			}
		});
	}

	test('a time without a zone is told in that of the child', async () => {
		const spoken = {format: 'text', stdout: '5-hour limit reached ∙ resets 1am\n', exitCode: 1} as const;
		const {failure} = await judge(spoken, recordedAt, 'America/New_York');
		assert.equal(failure?.until, Date.parse('2026-11-23T06:00:00Z') + 86_400_000);
		assert.match(failure?.message ?? '', /; it resets 2026-11-24 06:00 UTC, and the job goes on by itself then\.$/);
	});

	test('a limit of the account of which no time is told is not taken for one that passes within minutes', async () => {
		const {failure: session} = await judge({stdout: result({result: "You've hit your session limit", is_error: true})});
		assert.deepEqual([session?.until, session?.brief], [undefined, undefined]);
		assert.match(session?.message ?? '', /; when it resets was not told\.$/);
		const {failure: rejected} = await judge({stdout: result({result: 'API Error: Rate limit reached'}), exitCode: 0});
		assert.deepEqual([rejected?.until, rejected?.brief], [undefined, true]);
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
		'API Error: 429 is handled now, with a test.',
		'API Error: Rate limit reached is what users see by now.',
		'API Error: 529 waits for ten seconds.',
	];
	for (const reply of replies) {
		test(`a reply may say "${reply.split('\n')[0]}…"`, async () => {
			assert.equal(await kindOf({stdout: result({result: reply}), exitCode: 0}), undefined);
			assert.equal(await kindOf({format: 'text', stdout: `${reply}\n`, exitCode: 0}), undefined);
			// A run that failed for another reason is not judged by its reply either.
			assert.equal(await kindOf({stdout: result({result: reply}), exitCode: 1}), 'transient');
		});
	}

	test('a failure that is not known says so and keeps its last words', async () => {
		const {failure} = await judge({stdout: result({result: 'Odd: E42', is_error: true}), exitCode: 1});
		assert.deepEqual(failure, {
			kind: 'transient',
			message:
				'Claude Code failed with exit code 1 ("Odd: E42"): not a failure that is known; its last words are kept in the log of this attempt.',
			raw: 'Odd: E42',
		});
		const {failure: crash} = await judge({stderr: 'Segmentation fault\n', exitCode: 139});
		assert.match(crash?.message ?? '', /"Segmentation fault"\): not a failure that is known/);
		const {failure: mute} = await judge({stdout: line({type: 'system', subtype: 'init'}), exitCode: 3});
		assert.match(mute?.message ?? '', /exit code 3 and without a word on why: not a failure that is known/);
	});

	test('what the model and its tools printed is kept, but it is not what the CLI said', async () => {
		const content = [{type: 'tool_use', id: 't', name: 'Bash', input: {command: 'wc -l'}}];
		const back = [{type: 'tool_result', tool_use_id: 't', content: 'rate limit: 429 lines'}];
		const stdout =
			line({type: 'assistant', message: {model: 'm', content}}) + line({type: 'user', message: {content: back}});
		const {failure, evidence} = await judge({stdout, exitCode: 137});
		assert.match(failure?.raw ?? '', /● Bash: wc -l\n {2}↳ rate limit: 429 lines/);
		assert.equal(evidence.said, '');
	});

	test('what a tool printed is no word of the CLI', async () => {
		const tool = {
			type: 'tool_result',
			tool_use_id: 't',
			content: "You've hit your 5-hour limit · resets 1am",
			is_error: true,
		};
		const stdout = line({type: 'user', message: {content: [tool]}}) + result({is_error: true, result: 'It broke.'});
		assert.equal(await kindOf({stdout, exitCode: 1}), 'transient');
	});
});

describe('structured signals', () => {
	const rejected = {
		type: 'rate_limit_event',
		rate_limit_info: {status: 'rejected', resetsAt: 1795422433, rateLimitType: 'five_hour'},
	};
	const answer = line({type: 'assistant', message: {model: 'm', content: [{type: 'text', text: 'Hello'}]}});

	test('a limit that was rejected counts although the run exits 0 with a kind word', async () => {
		const {failure} = await judge({stdout: line(rejected) + result({result: 'Bye.'}), exitCode: 0});
		assert.deepEqual([failure?.kind, failure?.until], ['rate_limit', 1_795_422_433_000]);
	});

	test('a time that no limit can have is not believed', async () => {
		for (const resetsAt of [1, 1_795_422_433_000, 1_895_422_433]) {
			const info = {...rejected.rate_limit_info, resetsAt};
			const {failure} = await judge({stdout: line({...rejected, rate_limit_info: info}), exitCode: 1});
			assert.deepEqual([failure?.kind, failure?.until], ['rate_limit', undefined]);
			assert.match(failure?.message ?? '', /when it resets was not told\.$/);
		}
	});

	test('a warning tells how much of the quota is used, once for each news, and work goes on', async () => {
		const warning = (utilization?: number, more: object = {}) =>
			line({
				type: 'rate_limit_event',
				rate_limit_info: {
					status: 'allowed_warning',
					resetsAt: 1795422433,
					rateLimitType: 'five_hour',
					utilization,
					...more,
				},
			});
		const stdout = [
			warning(0.92),
			warning(0.92),
			answer,
			warning(0.95),
			warning(0.8, {rateLimitType: 'seven_day', resetsAt: undefined}),
			warning(undefined),
			warning(0.99, {status: 'allowed'}),
			result({result: 'Done.'}),
		].join('');
		const {failure, warnings} = await judge({stdout, exitCode: 0});
		assert.equal(failure, undefined);
		assert.deepEqual(warnings, [
			{utilization: 0.92, window: 'five_hour', resetsAt: 1_795_422_433_000},
			{utilization: 0.95, window: 'five_hour', resetsAt: 1_795_422_433_000},
			{utilization: 0.8, window: 'seven_day'},
		]);
	});

	test('it counts no more once the model has answered again, the limit has lifted or extra usage is paid', async () => {
		const lifted = {...rejected, rate_limit_info: {...rejected.rate_limit_info, status: 'allowed'}};
		const paid = {...rejected, rate_limit_info: {...rejected.rate_limit_info, isUsingOverage: true}};
		const done = result({result: 'Done.'});
		for (const stdout of [line(rejected) + answer + done, line(rejected) + line(lifted) + done, line(paid) + done])
			assert.equal((await judge({stdout, exitCode: 0})).failure, undefined);
	});

	test('it counts before a timeout, in which the CLI sat out the limit', async () => {
		assert.equal(await kindOf({stdout: line(rejected), timedOut: true, exitCode: 143}), 'rate_limit');
		assert.equal(await kindOf({stdout: answer, timedOut: true, exitCode: 143}), 'timeout');
		assert.equal(await kindOf({stdout: line(rejected), aborted: true, exitCode: 143}), 'interrupted');
	});

	test('without a result the last message that the CLI wrote in the model’s place tells', async () => {
		const error = {
			error: 'authentication_failed',
			message: {model: '<synthetic>', content: [{type: 'text', text: 'No.'}]},
		};
		assert.equal(await kindOf({stdout: line({type: 'assistant', ...error}), exitCode: 1}), 'auth');
		assert.equal(await kindOf({stdout: line({type: 'assistant', ...error}) + answer, exitCode: 1}), 'transient');
	});

	test('an error that is told counts although the run exits 0, and whatever its subtype says', async () => {
		const {failure} = await judge({stdout: result({is_error: true, result: 'API Error: odd'}), exitCode: 0});
		assert.deepEqual([failure?.kind, failure?.raw], ['transient', 'API Error: odd']);
	});

	test('no result at all is a failure, whatever the exit code; so is silence as text', async () => {
		assert.equal(await kindOf({stdout: answer, exitCode: 0}), 'transient');
		assert.equal(await kindOf({format: 'json', exitCode: 0}), 'transient');
		assert.equal(await kindOf({format: 'text', exitCode: 0}), 'transient');
	});

	test('an older list of events in place of one result is read as well', async () => {
		const events = [
			{type: 'system', subtype: 'init'},
			{type: 'result', is_error: true, api_error_status: 529},
		];
		assert.equal(await kindOf({format: 'json', stdout: JSON.stringify(events), exitCode: 1}), 'overloaded');
	});
});
