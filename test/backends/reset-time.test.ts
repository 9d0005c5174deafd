import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {resetTime, toldTime} from '../../source/backends/reset-time.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const at = (iso: string) => Date.parse(iso);

/** Monday, 23 November 2026, 06:27:13 in UTC. */
const now = at('2026-11-23T06:27:13Z');
const read = (text: string, zone = 'UTC', when = now) => {
	const time = resetTime(text, {now: when, zone});
	return time === undefined ? undefined : new Date(time).toISOString().replace('.000Z', 'Z');
};

describe('sentences that were seen', () => {
	const seen: readonly (readonly [sentence: string, reset: string, zone?: string])[] = [
		["You've hit your 5-hour limit · resets 8:27am (UTC)", '2026-11-23T08:27:00Z'],
		["You've hit your weekly limit · resets Nov 25, 2pm (UTC)", '2026-11-25T14:00:00Z'],
		['You’ve hit your limit · resets Nov 29, 11am (Europe/Berlin)', '2026-11-29T10:00:00Z'],
		["You've hit your Opus limit · resets Dec 5 at 9pm (America/New_York)", '2026-12-06T02:00:00Z'],
		["You've hit your session limit · resets 5:10pm (Europe/Paris)", '2026-11-23T16:10:00Z'],
		["You've hit your limit · resets 4pm (Asia/Kuala_Lumpur)", '2026-11-23T08:00:00Z'],
		['5-hour limit reached ∙ resets 1am', '2026-11-24T01:00:00Z'],
		['5-hour limit reached ∙ resets 1am', '2026-11-24T00:00:00Z', 'Europe/Berlin'],
		['Claude usage limit reached. Your limit will reset at 3pm (America/Bogota).', '2026-11-23T20:00:00Z'],
		['Claude AI usage limit reached|1795422433', '2026-11-23T08:27:13Z'],
		[
			'API Error: 400 You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.',
			'2026-12-01T00:00:00Z',
		],
		[
			"You've hit your usage limit. To get more, visit https://x.y/usage or try again at 10:28 AM.",
			'2026-11-23T10:28:00Z',
		],
		["You've hit your usage limit. Try again at Nov 25th, 2026 2:13 PM.", '2026-11-25T14:13:00Z'],
		['Try again in 2 days 17 hours 14 minutes.', '2026-11-25T23:41:13Z'],
		['Try again in less than a minute.', '2026-11-23T06:28:13Z'],
		['Your quota will reset after 5s.', '2026-11-23T06:27:18Z'],
		['Your quota will reset after 12h34m56s.', '2026-11-23T19:02:09Z'],
		['Please retry in 34.5s.', '2026-11-23T06:27:47.500Z'],
		['Usage limit reached. Access resets at 1:45\u202fPM GMT+1.', '2026-11-23T12:45:00Z', 'America/Lima'],
		['Access resets at 3:45 PM PST.', '2026-11-23T23:45:00Z', 'America/Los_Angeles'],
	];
	for (const [sentence, reset, zone] of seen) {
		test(`${sentence} ${zone ?? ''}`, () => assert.equal(read(sentence, zone), reset));
	}
});

describe('other ways to say it', () => {
	const said: readonly (readonly [text: string, reset: string])[] = [
		['resets at 14:30', '2026-11-23T14:30:00Z'],
		['resets 23:00 (Europe/Berlin)', '2026-11-23T22:00:00Z'],
		['resets 12am', '2026-11-24T00:00:00Z'],
		['resets 12pm', '2026-11-23T12:00:00Z'],
		['resets 7 a.m. UTC', '2026-11-23T07:00:00Z'],
		['resets 9:05:30 PM (UTC+5:30)', '2026-11-23T15:35:30Z'],
		['resets Wed, Nov 25 at 14:00', '2026-11-25T14:00:00Z'],
		['resets December 1st', '2026-12-01T00:00:00Z'],
		['resets on 2026-11-25', '2026-11-25T00:00:00Z'],
		['resets at 2026-11-25T14:00:00.000Z', '2026-11-25T14:00:00Z'],
		['resets at 2026-11-25T14:00:00+02:00', '2026-11-25T12:00:00Z'],
		['resets at 2026-11-25 14:00:00 Asia/Tokyo', '2026-11-25T05:00:00Z'],
		['"resetsAt":1795422433,', '2026-11-23T08:27:13Z'],
		['"resets_at": 1795422433000}', '2026-11-23T08:27:13Z'],
		['{"resets_in_seconds":600}', '2026-11-23T06:37:13Z'],
		['{"retryDelay":"34s"}', '2026-11-23T06:27:47Z'],
		['retry-after: 120', '2026-11-23T06:29:13Z'],
		['retry-after: Wed, 25 Nov 2026 07:28:00 GMT', '2026-11-25T07:28:00Z'],
		['resets 25 November at 2pm', '2026-11-25T14:00:00Z'],
		['please wait for 1h 30m', '2026-11-23T07:57:13Z'],
		['try again in an hour and 5 minutes', '2026-11-23T07:32:13Z'],
		['try again in 1 week, 2 days', '2026-12-02T06:27:13Z'],
		['Please try again later. The limit will reset in 6m0s', '2026-11-23T06:33:13Z'],
		['x-ratelimit-reset-requests 250ms: retry after 250ms', '2026-11-23T06:27:13.250Z'],
	];
	for (const [text, reset] of said) test(text, () => assert.equal(read(text), reset));

	test('a time alone, as a pattern has caught it', () => {
		assert.equal(toldTime('10:28 AM', {now, zone: 'UTC'}), at('2026-11-23T10:28:00Z'));
		assert.equal(toldTime('2 days', {now, zone: 'UTC'}), now + 2 * day);
	});
});

describe('what tells no time', () => {
	const silent = [
		'',
		'API Error: Rate limit reached',
		'try again in a moment',
		'please try again later',
		'Retry 5 times, or reset your password',
		'resets 25:10',
		'resets 13pm',
		'resets 0am',
		'resets 3',
		'resets Feb 30, 3pm',
		'resets Smarch 3, 3pm',
		'resets 3pm (Mars/Olympus)',
		'the reset script ran 5 minutes',
		'presets 3pm',
		'wrote 429 lines in 5 minutes',
		'retry after 3 failures',
		'reset 10 % of them',
		'retry 3 mar files',
		'retry after 3 decisions',
	];
	for (const text of silent) test(JSON.stringify(text), () => assert.equal(read(text), undefined));

	test('more than 35 days ahead, or long past, is not believed', () => {
		assert.equal(read('resets Dec 27, 3pm'), '2026-12-27T15:00:00Z');
		assert.equal(read('resets Dec 30, 3pm'), undefined);
		assert.equal(read('try again in 36 days'), undefined);
		assert.equal(read('usage limit reached|1750708800'), undefined);
		assert.equal(read('usage limit reached|1895422433'), undefined);
		assert.equal(read('resets Nov 20, 3pm'), undefined, 'three days ago: the next one is in a year');
		assert.equal(read('resets 2026-11-22 at 00:00 UTC'), undefined);
	});
});

describe('what is past', () => {
	test('a time of day is tomorrow’s, in the zone that is named', () => {
		assert.equal(read('resets 6am'), '2026-11-24T06:00:00Z');
		assert.equal(read('resets 1am (America/Los_Angeles)'), '2026-11-23T09:00:00Z');
		assert.equal(read('resets 10pm (America/Los_Angeles)'), '2026-11-24T06:00:00Z', 'it is 22:27 there');
	});

	test('what was a moment ago has just lifted', () => {
		assert.equal(read('resets 6:27am'), '2026-11-23T06:27:00Z');
		assert.equal(read('resets 6:26am'), '2026-11-23T06:26:00Z');
		assert.equal(read('resets 6:24am'), '2026-11-24T06:24:00Z');
		assert.equal(read('resets 11:59pm', 'UTC', at('2026-11-24T00:00:20Z')), '2026-11-23T23:59:00Z');
		assert.equal(read('resets Nov 23, 6am'), '2026-11-23T06:00:00Z');
		assert.equal(read('usage limit reached|1795415200'), '2026-11-23T06:26:40Z');
	});

	test('a date without a year is next year’s', () => {
		assert.equal(read('resets Jan 2, 11am', 'UTC', at('2026-12-30T12:00:00Z')), '2027-01-02T11:00:00Z');
		assert.equal(read('resets Jan 1, 12am', 'UTC', at('2026-12-31T23:59:59Z')), '2027-01-01T00:00:00Z');
		assert.equal(read('resets Dec 31, 11:59pm', 'UTC', at('2027-01-01T00:00:20Z')), '2026-12-31T23:59:00Z');
		assert.equal(read('resets Feb 29, 3pm', 'UTC', at('2028-02-20T00:00:00Z')), '2028-02-29T15:00:00Z');
	});
});

describe('daylight saving', () => {
	const berlin = 'Europe/Berlin';

	test('tomorrow is 23 or 25 hours away', () => {
		assert.equal(read('resets 1pm', berlin, at('2026-03-28T12:30:00Z')), '2026-03-29T11:00:00Z');
		assert.equal(read('resets 1pm', berlin, at('2026-10-24T11:30:00Z')), '2026-10-25T12:00:00Z');
	});

	test('a time that the clocks leave out is as long after the change', () => {
		assert.equal(read('resets 2:30am', berlin, at('2026-03-28T23:00:00Z')), '2026-03-29T01:30:00Z');
		assert.equal(read('resets Mar 29, 2:30am', berlin, at('2026-03-28T23:00:00Z')), '2026-03-29T01:30:00Z');
	});

	test('of a time that comes twice it is the first one that is not past', () => {
		const twice = 'resets 2:30am';
		assert.equal(read(twice, berlin, at('2026-10-24T20:00:00Z')), '2026-10-25T00:30:00Z');
		assert.equal(read(twice, berlin, at('2026-10-25T00:31:00Z')), '2026-10-25T00:30:00Z', 'it has just come');
		assert.equal(read(twice, berlin, at('2026-10-25T00:33:00Z')), '2026-10-25T01:30:00Z');
		assert.equal(read('resets Oct 25, 2:30am', berlin, at('2026-10-25T01:00:00Z')), '2026-10-25T00:30:00Z');
		assert.equal(read('resets Oct 25, 2:30am', berlin, at('2026-10-24T20:00:00Z')), '2026-10-25T00:30:00Z');
	});

	test('a zone that shifts by half an hour, and one that left out a day, are known', () => {
		assert.equal(read('resets 2:15am', 'Australia/Lord_Howe', at('2026-10-03T14:00:00Z')), '2026-10-03T15:45:00Z');
		assert.equal(read('resets 3pm', 'Pacific/Apia', at('2011-12-30T09:30:00Z')), '2011-12-31T01:00:00Z');
	});
});

describe('whatever is said', () => {
	const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
	const moments = fc.integer({min: at('2024-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z')});
	const shown = (time: number, zone: string, date: boolean) =>
		new Intl.DateTimeFormat('en-US', {
			timeZone: zone,
			hour: 'numeric',
			minute: '2-digit',
			...(date ? {month: 'short', day: 'numeric'} : {}),
		}).format(time);

	for (const [what, date, most] of [
		['time', false, day - 3 * hour],
		['date', true, 34 * day],
	] as const) {
		test(`a ${what} in a zone is read back: the next moment at which a clock there shows it`, () => {
			fc.assert(
				fc.property(moments, fc.integer({min: 0, max: most}), zones, fc.boolean(), (start, ahead, zone, named) => {
					const reset = Math.floor((start + ahead) / minute) * minute;
					const words = shown(reset, zone, date);
					const text = `You've hit your limit · resets ${words}${named ? ` (${zone})` : ''}`;
					const time = resetTime(text, {now: start, zone: named ? 'Asia/Tokyo' : zone});
					assert.ok(time !== undefined, text);
					assert.equal(shown(time, zone, date), words);
					// It may come sooner only where the clocks show the same time twice.
					assert.ok(time <= reset && reset - time <= 2 * hour && time >= start - hour, text);
				}),
				{numRuns: 300},
			);
		});
	}

	test('a duration is read back', () => {
		const amount = fc.integer({min: 0, max: 60});
		fc.assert(
			fc.property(fc.integer({min: 0, max: 30}), amount, amount, amount, fc.boolean(), (d, h, m, s, short) => {
				const words = short ? `${d}d${h}h${m}m${s}s` : `${d} days, ${h} hours ${m} minutes and ${s} seconds`;
				const expected = now + d * day + h * hour + m * minute + s * 1000;
				assert.equal(resetTime(`try again in ${words}.`, {now, zone: 'UTC'}), expected);
			}),
			{numRuns: 200},
		);
	});

	test('nothing makes it fail, take long, or answer with a time that no limit can have', () => {
		const words = fc.constantFrom(
			'resets ',
			'try again in ',
			'Nov ',
			'25',
			', ',
			'9pm',
			':',
			'|1795422433',
			' (',
			')',
			'at ',
			'-',
			'1h',
			'UTC',
			'\n',
		);
		const text = fc.oneof(
			fc.string({unit: 'grapheme', maxLength: 200}),
			fc.array(words, {maxLength: 30}).map(list => list.join('')),
		);
		fc.assert(
			fc.property(text, moments, zones, (said, start, zone) => {
				const time = resetTime(said, {now: start, zone});
				assert.ok(time === undefined || (time >= start - hour && time <= start + 35 * day && Number.isInteger(time)));
			}),
			{numRuns: 1_000},
		);
		const begun = performance.now();
		resetTime('resets at '.repeat(10_000), {now, zone: 'UTC'});
		resetTime(`try again in ${'1 '.repeat(50_000)}`, {now, zone: 'UTC'});
		assert.ok(performance.now() - begun < 2_000);
	});
});
