import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {waitUntil} from '../../source/core/retry.js';

const settings = {detection_patterns: [], max_wait_minutes: 30, wait_minutes: 60, max_waits: 24};
const now = 1_000_000;
const waitOf = (failure: Parameters<typeof waitUntil>[1], waits = 1, changes: Partial<typeof settings> = {}) =>
	(waitUntil({...settings, ...changes}, failure, waits, now) - now) / 1000;
const series = (failure: Parameters<typeof waitUntil>[1]) =>
	[1, 2, 3, 4, 5, 6, 7, 8, 9, 24].map(waits => waitOf(failure, waits));

describe('how long a limit is waited for, in seconds', () => {
	test('until it lifts, where that is known', () => {
		assert.equal(waitOf({kind: 'rate_limit', until: now + 7_200_000}), 7200);
		assert.equal(waitOf({kind: 'rate_limit', until: now + 5_000}), 5);
		assert.equal(waitOf({kind: 'rate_limit', until: now + 7_200_000}, 24), 7200);
	});

	test('wait_minutes where it is not', () => {
		assert.equal(waitOf({kind: 'rate_limit'}), 3600);
		assert.equal(waitOf({kind: 'rate_limit'}, 5, {wait_minutes: 2}), 120);
	});

	test('a limit that passes within minutes begins short and doubles, up to wait_minutes', () => {
		assert.deepEqual(series({kind: 'rate_limit', brief: true}), [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
		assert.equal(waitOf({kind: 'rate_limit', brief: true}, 4, {wait_minutes: 1}), 60);
	});

	test('a service that has too much to do is asked again after ten minutes at most', () => {
		assert.deepEqual(
			[1, 3].map(waits => waitOf({kind: 'overloaded', until: now + 90_000}, waits)),
			[90, 120],
		);
		assert.equal(waitOf({kind: 'overloaded', until: now + 7_200_000}, 1, {wait_minutes: 30}), 1800);
		assert.deepEqual(series({kind: 'overloaded'}), [30, 60, 120, 240, 480, 600, 600, 600, 600, 600]);
	});

	test('a reset that was wrong is trusted less with each wait, so that a false one cannot use up max_waits at once', () => {
		assert.deepEqual(series({kind: 'rate_limit', until: now}), [60, 60, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
		assert.deepEqual(
			series({kind: 'rate_limit', until: now + 5_000}),
			[5, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600],
		);
	});
});
