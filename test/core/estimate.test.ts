import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {paceOf, restOf} from '../../source/core/estimate.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';

const minute = 60_000;

/** A run of which the first batches took these times, as it looks when what runs now has lasted so long. */
async function estimate(took: readonly number[], age: number, {batches = took.length + 1, concurrency = 1} = {}) {
	const world = new World(makeJob({batches, rules: 0, concurrency}));
	world.open();
	await world.settle();
	for (const durationMs of took) {
		world.attempts[0]!.end({durationMs});
		await world.settle();
	}
	const run = world.engine.getSnapshot();
	const pace = paceOf(run);
	return pace && restOf(pace, run, world.time + age);
}

describe('the estimate of what is left', () => {
	test('is none before two batches tell, nor when nothing is left', async () => {
		assert.equal(await estimate([minute], 0, {batches: 5}), undefined);
		assert.equal(await estimate([minute, minute], 0, {batches: 2}), undefined);
	});

	test('is what the faster and the slower ones took, for each batch that is left, over the slots', async () => {
		const took = [1, 2, 3, 4].map(minutes => minutes * minute);
		assert.deepEqual(await estimate(took, 0, {batches: 14}), {fromMs: 20 * minute, toMs: 40 * minute});
		assert.deepEqual(await estimate(took, 0, {batches: 14, concurrency: 5}), {fromMs: 4 * minute, toMs: 8 * minute});
		assert.deepEqual(await estimate(took, 0), {fromMs: 2 * minute, toMs: 4 * minute});
	});

	test('grows less as a batch goes on', async () => {
		const took = [1, 2, 3, 4].map(minutes => minutes * minute);
		assert.deepEqual(await estimate(took, minute), {fromMs: minute, toMs: 3 * minute});
		assert.deepEqual(await estimate(took, 3 * minute), {fromMs: 0, toMs: minute});
	});

	test('never grows while all goes as before, however long the batches under way take of what others took', async () => {
		const minutes = [1, 1, 2, 1, 5, 1, 1, 9, 3, 1];
		for (const concurrency of [1, 4]) {
			let last = {fromMs: Infinity, toMs: Infinity};
			for (let age = 0; age <= 9 * minute; age += 10_000) {
				const rest = await estimate(
					minutes.map(minutes => minutes * minute),
					age,
					{batches: 24, concurrency},
				);
				assert.ok(rest!.toMs <= last.toMs && rest!.fromMs <= last.fromMs, `${concurrency} at once, ${age} ms`);
				last = rest!;
			}
		}
	});

	test('does not leap when a batch outlasts all others by a moment', async () => {
		const took = [60_000, 60_500, 61_000];
		const [before, after] = [await estimate(took, 61_000), await estimate(took, 61_500)];
		assert.deepEqual([before!.toMs, after!.toMs], [0, 2000]);
	});

	test('a batch that outlasts all that are finished may take as long again, and those after it too', async () => {
		const took = [5000, 5000, 6000];
		const alone = await estimate(took, 10 * minute);
		assert.deepEqual(alone, {fromMs: 0, toMs: 10 * minute});
		const more = await estimate(took, 10 * minute, {batches: 13});
		assert.ok(more!.toMs >= 100 * minute, `${more?.toMs}`);
		assert.ok(more!.fromMs < 2 * minute);
		const beside = await estimate(took, 10 * minute, {batches: 13, concurrency: 2});
		assert.ok(beside!.toMs < more!.toMs && beside!.toMs >= 10 * minute);
	});

	test('a batch that is slower than most is given as long as the slowest', async () => {
		const took = [1, 1, 1, 1, 1, 1, 1, 9].map(minutes => minutes * minute);
		assert.deepEqual(await estimate(took, 4 * minute), {fromMs: 0, toMs: 5 * minute});
	});
});
