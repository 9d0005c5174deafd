import assert from 'node:assert/strict';
import {test} from 'node:test';
import {closest} from '../../source/config/closest.js';

test('a near word is found, a far one is not', () => {
	const fields = ['size', 'total_items', 'start_item', 'items'];
	const cases: [string, string | undefined][] = [
		['sise', 'size'],
		['Size', 'size'],
		['total-items', 'total_items'],
		['totalitems', 'total_items'],
		['tital_itmes', 'total_items'],
		['item', 'items'],
		['sizes', 'size'],
		['banana', undefined],
		['x', undefined],
		['', undefined],
		['a'.repeat(100_000), undefined],
	];
	for (const [word, wanted] of cases) assert.equal(closest(word, fields), wanted, word.slice(0, 20));
});
