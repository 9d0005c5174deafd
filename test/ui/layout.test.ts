import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import fc from 'fast-check';
import {layoutOf, paneHeights, windowStart} from '../../source/ui/layout.js';

const sizes = fc.record({columns: fc.integer({min: 1, max: 300}), rows: fc.integer({min: 1, max: 100})});

describe('layout', () => {
	test('shares out every cell of any window, and none twice', () => {
		fc.assert(
			fc.property(sizes, fc.constantFrom('list' as const, 'output' as const), fc.nat(4), (size, pane, spoken) => {
				const {header, body, footer, list, output, listRows} = layoutOf(size, pane, spoken);
				assert.equal(header + body + footer, size.rows);
				for (const part of [header, body, footer, list, output, listRows]) assert.ok(part >= 0);
				assert.equal(list > 0 && output > 0 ? list + 1 + output : list + output, size.columns);
				assert.ok(spoken === 0 || footer >= 1, 'a question is seen in any window');
			}),
		);
	});

	test('below 60 columns there is room for one of list and output', () => {
		assert.ok(layoutOf({columns: 60, rows: 20}, 'list').output > 0);
		assert.deepEqual(
			(['list', 'output'] as const).map(pane => {
				const {list, output} = layoutOf({columns: 59, rows: 20}, pane);
				return [list, output];
			}),
			[
				[59, 0],
				[0, 59],
			],
		);
	});

	test('the window over the list holds the selected batch and is as full as it can be', () => {
		fc.assert(
			fc.property(fc.integer({min: 1, max: 60}), fc.integer({min: 1, max: 10_000}), fc.nat(), (rows, total, at) => {
				const selected = (at % total) + 1;
				const start = windowStart(selected, rows, total);
				assert.ok(start >= 1 && start <= selected && selected < start + rows);
				assert.ok(start === 1 || start + rows - 1 <= total);
			}),
		);
	});

	test('panes fill the height, the focused one is never the smallest, and too many are left out', () => {
		fc.assert(
			fc.property(fc.integer({min: 1, max: 100}), fc.integer({min: 1, max: 30}), (rows, panes) => {
				const heights = paneHeights(rows, panes);
				assert.equal(
					heights.reduce((sum, height) => sum + height, 0),
					rows,
				);
				assert.ok(heights.length <= panes);
				assert.equal(Math.max(...heights), heights[0]);
				assert.ok(heights.slice(1).every(height => height >= 4));
			}),
		);
		assert.deepEqual(paneHeights(21, 1), [21]);
		assert.deepEqual(paneHeights(21, 2), [14, 7]);
		assert.deepEqual(paneHeights(9, 2), [9]);
	});
});
