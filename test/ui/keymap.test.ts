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
		assert.deepEqual(keysOf('', {...none, escape: true, meta: true}), ['escape']);
	});

	test('control and alt make another key of a letter', () => {
		assert.deepEqual(keysOf('d', {...none, ctrl: true}).map(intentOf), ['page-down']);
		assert.deepEqual(keysOf('q', {...none, meta: true}), []);
		assert.deepEqual(keysOf('P', {...none, shift: true}).map(intentOf), ['pause-now']);
	});
});
