import assert from 'node:assert/strict';
import test from 'node:test';
import {spansOf} from '../../source/ui/spans.js';

test('neighbouring lines of one style are one piece', () => {
	const line = (text: string, color?: string, inverse = false) => ({text, color, dim: false, inverse});
	assert.deepEqual(spansOf([]), []);
	assert.deepEqual(spansOf([line('a'), line('b'), line('c', 'red'), line('d', 'red', true), line('e'), line('f')]), [
		line('a\nb'),
		line('c', 'red'),
		line('d', 'red', true),
		line('e\nf'),
	]);
});
