import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import type {Signal} from '../../source/engine/engine.js';
import {createTail} from '../../source/engine/tail.js';

const output = (batch: number, text: string, more: Partial<Signal> = {}): Signal => ({
	...{type: 'output', batch, attempt: 1, stream: 'stdout', text},
	...more,
});

describe('the end of what was printed', () => {
	it('is kept in order, one signal for neighbours of a stream', () => {
		const tail = createTail();
		const said = [output(1, 'a'), output(2, 'x'), output(1, 'b'), output(1, 'oh', {stream: 'stderr'}), output(1, 'c')];
		for (const signal of said) tail.note(signal);
		assert.deepEqual(tail.signals(), [
			output(1, 'ab'),
			output(1, 'oh', {stream: 'stderr'}),
			output(1, 'c'),
			output(2, 'x'),
		]);
		assert.equal(said[0]?.text, 'a', 'what was noted is left as it was');
	});

	it('is that of the last attempt', () => {
		const tail = createTail();
		for (const signal of [output(1, 'old'), output(1, 'new', {attempt: 2})]) tail.note(signal);
		assert.deepEqual(tail.signals(), [output(1, 'new', {attempt: 2})]);
	});

	it('is bounded, whatever comes: large pieces, many pieces, many batches', () => {
		const tail = createTail();
		tail.note(output(1, `${'x'.repeat(10_000_000)}\nend`));
		for (let n = 0; n < 100_000; n++) tail.note(output(2, `line ${n}\n`));
		const size = tail.signals().reduce((sum, {text}) => sum + text.length, 0);
		assert.ok(size < 200_000, `${size}`);
		assert.match(tail.signals().at(-1)?.text ?? '', /^line \d+\n[\s\S]*\nline 99999\n$/);
		for (let batch = 3; batch < 100; batch++) tail.note(output(batch, 'x'));
		assert.deepEqual(
			tail.signals().map(({batch}) => batch),
			Array.from({length: 16}, (_, index) => 84 + index),
		);
	});
});
