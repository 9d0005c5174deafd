import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import type {Key} from 'ink';
import {helpRows} from '../../source/ui/help-text.js';
import {intentOf, keymap, keysOf} from '../../source/ui/keymap.js';

const none = {} as Key;

describe('keymap', () => {
	test('no key has two meanings', () => {
		const keys = keymap.flatMap(({keys}) => keys);
		assert.deepEqual(keys, [...new Set(keys)]);
	});

	test('every binding is in the help with its keys, in rows of any width', () => {
		for (const columns of [200, 80, 40, 12, 1]) {
			const rows = helpRows(columns);
			assert.equal(rows.filter(({keys}) => keys.trim() !== '').length, keymap.length);
			for (const {help} of rows) assert.ok(columns < 12 || help.length <= columns - 8);
		}
		assert.equal(helpRows(80).length, keymap.length);
		assert.equal(helpRows(80).find(({keys}) => keys.includes('↑'))?.keys, '     k ↑');
	});

	test('several characters of one event are as many keys, special ones among them', () => {
		assert.deepEqual(keysOf('jjG', none), ['j', 'j', 'G']);
		assert.deepEqual(keysOf('j\rk\t\x1b\x03', none), ['j', 'return', 'k', 'tab', 'escape', '^c']);
		assert.deepEqual(keysOf('a\x7f\b日', none), ['a', 'backspace', 'backspace', '日']);
	});

	test('a named key is that key, whatever its bytes', () => {
		assert.deepEqual(keysOf('', {...none, upArrow: true}), ['up']);
		assert.deepEqual(keysOf('', {...none, backspace: true}), ['backspace']);
		assert.deepEqual(keysOf('\r', {...none, return: true}), ['return']);
		assert.deepEqual(keysOf('', {...none, escape: true}, '\x1b'), ['escape']);
		assert.deepEqual(keysOf('', {...none, upArrow: true}, '\x1b[A'), ['up']);
		assert.deepEqual(keysOf('', {...none, upArrow: true, meta: true}, '\x1b[1;3A'), ['up']);
		assert.deepEqual(keysOf('', {...none, home: true}, '\x1bOH'), ['home']);
	});

	test('an escape that came together with the next key is one, and the key another', () => {
		for (const [bytes, input, key, keys] of [
			['\x1bq', 'q', {meta: true}, ['escape', 'q']],
			['\x1bG', 'G', {meta: true, shift: true}, ['escape', 'G']],
			['\x1b:', ':', {}, ['escape', ':']],
			['\x1b/', '/', {}, ['escape', '/']],
			['\x1b[', '[', {}, ['escape', '[']],
			['\x1b日', '日', {}, ['escape', '日']],
			['\x1b\r', '', {return: true, meta: true}, ['escape', 'return']],
			['\x1b\t', '', {tab: true, meta: true}, ['escape', 'tab']],
			['\x1b\x04', 'd', {ctrl: true, meta: true}, ['escape', '^d']],
			['\x1b\x1b', '', {escape: true, meta: true}, ['escape', 'escape']],
			['\x1b\x1b[A', '', {upArrow: true, meta: true}, ['escape', 'up']],
			['\x1b\x7f', '', {backspace: true, meta: true}, ['backspace']],
		] as const)
			assert.deepEqual(keysOf(input, {...none, ...key}, bytes), keys, JSON.stringify(bytes));
	});

	test('control makes another key of a letter', () => {
		assert.deepEqual(keysOf('d', {...none, ctrl: true}).map(intentOf), ['page-down']);
		assert.deepEqual(keysOf('P', {...none, shift: true}).map(intentOf), ['pause-now']);
	});
});
