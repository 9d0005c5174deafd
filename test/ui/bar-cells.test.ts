import assert from 'node:assert/strict';
import test from 'node:test';
import * as fc from 'fast-check';
import {barCells} from '../../source/ui/bar-cells.js';

test('a bar is full when nothing is left', () => {
	assert.deepEqual(barCells([4, 1, 1, 0], 40), [27, 7, 6, 0]);
	assert.deepEqual(barCells([6, 0, 0, 0], 40), [40, 0, 0, 0]);
	assert.deepEqual(barCells([1, 1, 1, 0], 10), [4, 3, 3, 0]);
});

test('a bar has all its cells, one at least for every part that there is, and none for one that is not', () => {
	const part = fc.nat(10_000);
	fc.assert(
		fc.property(fc.tuple(part, part, part, part), fc.integer({min: 5, max: 40}), (parts, width) => {
			const total = parts.reduce((sum, one) => sum + one, 0);
			const cells = barCells(parts, width);
			assert.equal(
				cells.reduce((sum, count) => sum + count, 0),
				total === 0 ? 0 : width,
			);
			for (const [index, count] of cells.entries()) {
				const share = total === 0 ? 0 : (parts[index]! / total) * width;
				assert.equal(count > 0, parts[index]! > 0);
				assert.ok(count <= Math.max(1, Math.ceil(share)) && count >= Math.floor(share) - parts.length);
			}
		}),
	);
});

test('one of ten thousand is seen, and one that is left too', () => {
	assert.deepEqual(barCells([1, 0, 0, 9999], 40), [1, 0, 0, 39]);
	assert.deepEqual(barCells([9998, 0, 1, 1], 40), [38, 0, 1, 1]);
});
