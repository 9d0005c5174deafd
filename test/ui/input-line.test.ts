import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import fc from 'fast-check';
import {editLine, emptyLine, graphemesOf, type InputLine, insertText} from '../../source/ui/input-line.js';

const typed = (...keys: string[]): InputLine => keys.reduce(editLine, emptyLine);
const signs = (text: string) => [...text];

describe('a line that is typed', () => {
	test('signs stand where the cursor is', () => {
		assert.deepEqual(typed(...signs('abc')), {text: 'abc', cursor: 3});
		assert.deepEqual(typed(...signs('ac'), 'left', 'b'), {text: 'abc', cursor: 2});
		assert.deepEqual(typed(...signs('bc'), 'home', 'a'), {text: 'abc', cursor: 1});
		assert.deepEqual(typed(...signs('ab'), 'home', 'end', 'c'), {text: 'abc', cursor: 3});
		assert.deepEqual(typed(...signs('a^'), '^a', '^e', ' '), {text: 'a^ ', cursor: 3});
	});

	test('the cursor stays within the line', () => {
		assert.deepEqual(typed('left', 'a', 'right', 'right', 'b'), {text: 'ab', cursor: 2});
		assert.deepEqual(editLine({text: 'ab', cursor: 9}, 'left'), {text: 'ab', cursor: 1});
	});

	test('backspace and delete take one sign, ^u what stands before, ^k what stands behind, ^w a word', () => {
		assert.deepEqual(typed(...signs('abc'), 'backspace'), {text: 'ab', cursor: 2});
		assert.deepEqual(typed('backspace'), emptyLine);
		assert.deepEqual(typed(...signs('abc'), 'left', 'left', 'delete'), {text: 'ac', cursor: 1});
		assert.deepEqual(typed('a', 'delete'), {text: 'a', cursor: 1});
		assert.deepEqual(typed(...signs('abc'), 'left', '^u'), {text: 'c', cursor: 0});
		assert.deepEqual(typed(...signs('abc'), 'left', '^k'), {text: 'ab', cursor: 2});
		assert.deepEqual(typed(...signs('one two  '), '^w'), {text: 'one ', cursor: 4});
		assert.deepEqual(typed(...signs('one'), 'ctrl-w'), emptyLine);
	});

	test('what a person sees as one sign is one', () => {
		for (const sign of ['日', 'é', 'e\u0301', '👩‍💻', '🇩🇪', '👍🏽']) {
			const line = insertText(emptyLine, `a${sign}b`);
			assert.equal(line.cursor, 3);
			assert.deepEqual(typed('a', ...signs(sign), 'b'), line, 'also when it comes in pieces');
			assert.deepEqual(editLine(editLine(line, 'left'), 'backspace'), {text: 'ab', cursor: 1});
		}
	});

	test('keys that mean nothing here change nothing', () => {
		for (const key of ['up', 'return', 'escape', 'tab', '^c', '^x', '\x00', '\x1b', ''])
			assert.deepEqual(editLine({text: 'ab', cursor: 1}, key), {text: 'ab', cursor: 1});
	});

	test('a pasted text is one line, and nothing in it acts', () => {
		assert.deepEqual(insertText({text: '[]', cursor: 1}, 'one\r\n\ttwo\x1b[2J\u202e'), {
			text: '[one two[2J]',
			cursor: 11,
		});
	});

	test('whatever is typed, the cursor is within the line and the text holds no control character', () => {
		const names = ['left', 'right', 'home', 'end', 'backspace', 'delete', '^u', '^w', '^a', '^e', '^k'];
		const key = fc.oneof(
			fc.constantFrom(...names),
			fc.string({unit: 'binary', maxLength: 2}),
			fc.constantFrom('\u200d'),
		);
		fc.assert(
			fc.property(fc.array(key), all => {
				const {text, cursor} = all.reduce(editLine, emptyLine);
				assert.ok(cursor >= 0 && cursor <= graphemesOf(text).length);
				assert.doesNotMatch(text, /\p{Cc}/u);
			}),
		);
	});
});
