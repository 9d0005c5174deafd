import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {batchAt, withBatch} from '../../../source/core/batch-table.js';
import type {Run} from '../../../source/core/run.js';
import {createFilter} from '../../../source/headless/batch-filter.js';
import {fitting, further, listedOf} from '../../../source/ui/filter/listed.js';
import {makeJob} from '../../support/job.js';
import {World} from '../../support/world.js';

async function begun(batches: number): Promise<Run> {
	const world = new World(makeJob({batches, rules: 0}));
	world.open();
	await world.settle();
	return world.engine.getSnapshot();
}

const skipped = (run: Run, number: number): Run => ({
	...run,
	batches: withBatch(run.batches, {...batchAt(run, number), status: 'skipped', endedAt: 0} as never),
});

describe('a filter of the list', () => {
	test('takes numbers, statuses and names, and a batch must fit all words', async () => {
		const run = skipped(skipped(await begun(12), 4), 11);
		const names = Array.from({length: 12}, (_, index) => `src/file-${index + 1}.ts`);
		names[2] = 'Docs/skip this.md';
		const named = {...run, items: names};
		const numbers = (filter: string, of: Run = run) => [...createFilter()(of, filter)];
		assert.deepEqual(numbers('3'), [3]);
		assert.deepEqual(numbers('3-5,9'), [3, 4, 5, 9]);
		assert.deepEqual(numbers('10-'), [10, 11, 12]);
		assert.deepEqual(numbers('99'), []);
		assert.deepEqual(numbers('skipped'), [4, 11]);
		assert.deepEqual(numbers('Skipped 5-'), [11]);
		assert.deepEqual(numbers('run'), [1]);
		assert.deepEqual(numbers('docs', named), [3]);
		assert.deepEqual(numbers('DOCS', named), []);
		assert.deepEqual(numbers('skip', named), [3, 4, 11], 'the beginning of a status, and a name');
		assert.deepEqual(numbers('skipped', named), [4, 11]);
		assert.deepEqual(numbers('file-1', named), [1, 10, 11, 12]);
		assert.deepEqual(numbers('file-1'), [], 'without names');
	});

	test('sees what has changed, and looks at nothing twice', async () => {
		const run = await begun(10_000);
		const filter = createFilter();
		assert.equal(filter(run, 'pending').length, 9999);
		assert.equal(filter(run, 'pending'), filter(run, 'pending'), 'nothing is made anew for a frame');
		const after = skipped(run, 5000);
		assert.equal(filter(after, 'pending').length, 9998);
		assert.ok(!filter(after, 'pending').includes(5000));
		const costs = Array.from({length: 21}, (_, count) => {
			const changed = skipped(run, 6000 + count);
			const before = process.cpuUsage();
			filter(changed, 'pending');
			const {user, system} = process.cpuUsage(before);
			return user + system;
		}).sort((a, b) => a - b);
		assert.ok(costs[10]! < 5000, `${costs[10]} µs a fact`);
	});
});

describe('a filtered list', () => {
	test('holds what fits, and the selected batch, which keys are meant for', () => {
		const all = (numbers: number[] | undefined, selected: number) => {
			const list = listedOf(5, selected, numbers);
			return [Array.from({length: list.length}, (_, place) => list.numberAt(place)), list.selected];
		};
		assert.deepEqual(all(undefined, 3), [[1, 2, 3, 4, 5], 2]);
		assert.deepEqual(all([1, 3, 5], 3), [[1, 3, 5], 1]);
		assert.deepEqual(all([1, 5], 3), [[1, 3, 5], 1]);
		assert.deepEqual(all([4], 1), [[1, 4], 0]);
		assert.deepEqual(all([1], 5), [[1, 5], 1]);
		assert.deepEqual(all([], 2), [[2], 0]);
	});

	test('is gone through by its own steps', () => {
		const list = listedOf(9, 4, [2, 4, 9]);
		assert.deepEqual(
			[-5, -1, 0, 1, 5].map(by => further(list, by)),
			[2, 2, 4, 9, 9],
		);
		assert.deepEqual(
			[1, 4, 5, 10].map(selected => fitting([2, 4, 9], selected)),
			[2, 4, 9, 9],
		);
		assert.equal(fitting([], 1), undefined);
	});
});
