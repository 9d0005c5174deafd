import assert from 'node:assert/strict';
import test from 'node:test';
import {doneWords, durationWords, timeOfDayFrom} from '../../source/headless/words.js';

test('a time of another day names that day, by the calendar', () => {
	const at = (day: number, hour: number, minute = 0) => new Date(2025, 6, day, hour, minute).getTime();
	const now = at(11, 23, 59);
	for (const [then, words] of [
		[at(11, 23, 59), '23:59:00'],
		[at(11, 0), '00:00:00'],
		[at(12, 0), 'tomorrow 00:00:00'],
		[at(12, 23, 59), 'tomorrow 23:59:00'],
		[at(13, 6), 'Sun 06:00:00'],
		[at(17, 6), 'Thu 06:00:00'],
		[at(18, 6), '18 Jul 06:00:00'],
		[at(10, 6), '10 Jul 06:00:00'],
	] as const)
		assert.equal(timeOfDayFrom(then, now), words);
});

test('a duration is rounded before it is cut into hours, minutes and seconds', () => {
	for (const [ms, words] of [
		[0, '0 ms'],
		[999.4, '999 ms'],
		[999.6, '1.0 s'],
		[9_940, '9.9 s'],
		[9_960, '10 s'],
		[59_400, '59 s'],
		[59_600, '1 min 0 s'],
		[3_599_400, '59 min 59 s'],
		[3_599_600, '1 h 0 min'],
		[7_500_000, '2 h 5 min'],
	] as const)
		assert.equal(durationWords(ms), words);
});

test('a batch without rules is done by its exit code, or by its reply where an API has none', () => {
	assert.equal(doneWords({passed: 2, exitCode: 3}, 2), '2 of 2 rules pass');
	assert.equal(doneWords({passed: 0, exitCode: 0}, 0), 'exit code 0');
	assert.equal(doneWords({passed: 0}, 0), 'its reply came whole');
});
