import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import type {Signal} from '../../source/engine/engine.js';
import {createOutputStore} from '../../source/ui/output-store.js';

function openStore() {
	const listeners = new Set<(signal: Signal) => void>();
	const store = createOutputStore({
		onSignal(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
	});
	const say = (text: string, {batch = 1, attempt = 1, stream = 'stdout' as Signal['stream']} = {}) => {
		for (const listener of listeners) listener({type: 'output', batch, attempt, stream, text});
	};
	return {store, say, listeners};
}

describe('live output', () => {
	test('comes in pieces and is lines; a line that is not over yet is shown too', () => {
		const {store, say} = openStore();
		say('one\ntw');
		assert.deepEqual(store.linesOf(1), ['one', 'tw']);
		say('o\nthree\n');
		assert.deepEqual(store.linesOf(1), ['one', 'two', 'three']);
		assert.deepEqual(store.linesOf(2), []);
	});

	test('is harmless, also when a sequence is cut in two', () => {
		const {store, say} = openStore();
		say('a\x1b]0;tit');
		say('le\x07b \x1b[?1049l\x1b[2Jc\x1b[3');
		say('1mred\n');
		assert.deepEqual(store.linesOf(1), ['ab cred']);
	});

	test('of the last attempt is kept, and of so many lines and batches', () => {
		const {store, say} = openStore();
		say('first\n');
		say('second\n', {attempt: 2});
		assert.deepEqual(store.linesOf(1), ['second']);
		for (let line = 1; line <= 5000; line++) say(`${line}\n`, {attempt: 2});
		assert.deepEqual([store.linesOf(1).length, store.linesOf(1).at(-1)], [1000, '5000']);
		for (let batch = 2; batch <= 65; batch++) say('x\n', {batch});
		assert.deepEqual(store.linesOf(1), []);
		assert.deepEqual(store.linesOf(65), ['x']);
	});

	test('that never ends its line does not fill the memory', () => {
		const {store, say} = openStore();
		for (let piece = 0; piece < 100; piece++) say('x'.repeat(1000));
		assert.equal(store.linesOf(1)[0]?.length, 4000);
	});

	test('changes the version, and is no longer heard after the stop', () => {
		const {store, say, listeners} = openStore();
		const before = store.version;
		say('x');
		assert.ok(store.version > before);
		store.stop();
		assert.equal(listeners.size, 0);
	});
});
