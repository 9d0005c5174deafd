import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {batchRanges} from '../../source/core/batches.js';
import {reduce} from '../../source/core/reduce.js';
import type {Run} from '../../source/core/run.js';
import {pageRows, windowOf} from '../../source/dashboard/pages/list-window.js';
import {makeJob} from '../support/job.js';

/** A run of so many batches of which the first ones were skipped. */
function runOf(total: number, done: number): Run {
	const job = makeJob({batches: total});
	const batches = batchRanges({size: 1, totalItems: total, startItem: 1});
	let run = reduce(undefined, {seq: 1, at: 1, type: 'run-started', job, sets: [], template: '', batches});
	for (let batch = 1; batch <= done; batch++) run = reduce(run, {seq: batch + 1, at: 1, type: 'batch-skipped', batch});
	return run;
}

describe('the list of batches', () => {
	const run = runOf(1000, 450);

	test('goes along with what runs, unless a page is asked for', () => {
		const following = windowOf(run, {filter: ''});
		assert.deepEqual([following.page, following.pages, following.isFollowing], [5, 10, true]);
		assert.deepEqual([following.numbers[0], following.numbers.length], [401, pageRows]);
		const asked = windowOf(run, {filter: '', page: 10});
		assert.deepEqual([asked.numbers[0], asked.numbers.at(-1), asked.isFollowing], [901, 1000, false]);
	});

	test('has a last page where one beyond it is asked for', () => {
		assert.deepEqual(windowOf(run, {filter: '', page: 99}).page, 10);
		assert.deepEqual(windowOf(runOf(3, 0), {filter: '', page: 7}).numbers, [1, 2, 3]);
	});

	test('is filtered as on the screen', () => {
		const skipped = windowOf(run, {filter: ' skipped ', page: 2});
		assert.deepEqual([skipped.matching, skipped.pages, skipped.numbers[0]], [450, 5, 101]);
		assert.deepEqual(windowOf(run, {filter: '7-9,450-'}).matching, 3 + 551);
		assert.deepEqual(windowOf(run, {filter: 'nothing'}).numbers, []);
	});

	test('of a run that is over is its last page', () => {
		assert.equal(windowOf(runOf(250, 250), {filter: ''}).page, 3);
	});
});
