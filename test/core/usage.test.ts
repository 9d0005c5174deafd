import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {type Usage, usageSince} from '../../source/core/usage.js';

const used = (input: number, output: number, cached = 0, costUsd?: number): Usage => ({
	...{inputTokens: input, outputTokens: output, cacheReadTokens: cached, cacheWriteTokens: 0},
	...(costUsd === undefined ? {} : {costUsd}),
});

describe('what a session that goes on has used since', () => {
	test('is the difference, and all of it when nothing was known', () => {
		assert.deepEqual(usageSince(used(1200, 20, 800), used(2400, 50, 1700)), used(1200, 30, 900));
		assert.deepEqual(usageSince(undefined, used(2400, 50, 1700)), used(2400, 50, 1700));
		assert.deepEqual(usageSince(used(10, 1), used(10, 1)), used(0, 0));
	});

	test('is what was told when its count has begun anew', () => {
		assert.deepEqual(usageSince(used(1200, 20), used(700, 10)), used(700, 10));
	});

	test('is never less than nothing, whatever became of one figure', () => {
		assert.deepEqual(usageSince(used(1200, 20, 0), used(1000, 30, 900)), used(0, 10, 900));
	});

	test('has its cost too, where that is told', () => {
		assert.deepEqual(usageSince(used(10, 1, 0, 0.25), used(30, 2, 0, 1)), used(20, 1, 0, 0.75));
		assert.deepEqual(usageSince(used(10, 1), used(30, 2, 0, 1)), used(20, 1, 0, 1));
	});
});
