import assert from 'node:assert/strict';
import test from 'node:test';
import {timeOfDayFrom} from '../../source/headless/words.js';

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
