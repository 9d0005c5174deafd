import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';
import fc from 'fast-check';
import {batchCount, batchRange, batchRanges} from '../../source/core/batches.js';

type Recorded = {size: number; total_items: number; start_item: number; total_batches: number; ranges: number[][]};

const recorded: Recorded[] = JSON.parse(
	await readFile(new URL('../fixtures/config/recorded-batches.json', import.meta.url), 'utf8'),
);

test('batches are counted and cut as recorded', () => {
	assert.equal(recorded.length, 7);
	for (const {size, total_items: totalItems, start_item: startItem, total_batches, ranges} of recorded) {
		const cut = {size, totalItems, startItem};
		assert.equal(batchCount(cut), total_batches);
		assert.deepEqual(
			batchRanges(cut).map(({first, last}) => [first, last]),
			ranges,
		);
	}
});

test('ranges follow each other without a gap, from the first item to the last', () => {
	const upTo = (max: number) => fc.integer({min: 1, max});
	fc.assert(
		fc.property(upTo(50), upTo(400), upTo(400), (size, totalItems, startItem) => {
			const cut = {size, totalItems, startItem};
			const items: number[] = [];
			for (let number = 1; number <= batchCount(cut); number++) {
				const {first, last} = batchRange(number, cut);
				assert.ok(last >= first && last - first < size);
				for (let item = first; item <= last; item++) items.push(item);
			}
			const wanted = Math.max(0, totalItems - startItem + 1);
			assert.deepEqual(
				items,
				Array.from({length: wanted}, (_, index) => startItem + index),
			);
		}),
	);
});
