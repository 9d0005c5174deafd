import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import {toAscii} from '../../source/ui/ascii.js';
import {wantsAscii} from '../../source/ui/charset.js';
import {selectionMark, spinnerSigns, statusLooks} from '../../source/ui/theme.js';

describe('a terminal that shows ASCII only', () => {
	const cases: [env: Record<string, string>, ascii: boolean][] = [
		[{LANG: 'en_US.UTF-8', TERM: 'xterm-256color'}, false],
		[{LANG: 'C.utf8'}, false],
		[{}, false],
		[{LANG: ''}, false],
		[{LANG: 'C'}, true],
		[{LANG: 'de_DE.ISO-8859-1'}, true],
		[{LANG: 'de_DE.UTF-8', LC_ALL: 'POSIX'}, true],
		[{LANG: 'C', LC_CTYPE: 'C.UTF-8'}, false],
		[{LANG: 'C.UTF-8', TERM: 'linux'}, true],
		[{LANG: 'C.UTF-8', TERM: 'vt100'}, true],
		[{LANG: 'C.UTF-8', MOZART_ASCII: '1'}, true],
		[{LANG: 'C', TERM: 'linux', MOZART_ASCII: '0'}, false],
	];
	for (const [env, ascii] of cases) {
		test(`${JSON.stringify(env)}: ${ascii ? 'yes' : 'no'}`, () => assert.equal(wantsAscii(env), ascii));
	}

	test('each sign of ours has a likeness of its own width', () => {
		const glyphs = Object.values(statusLooks).map(({glyph}) => glyph);
		for (const sign of [selectionMark, ...spinnerSigns, ...glyphs, ...'─│┬├█▓▒░·–…▲▼↵↑↓“”']) {
			assert.match(toAscii(sign), /^[!-~]$/, sign);
		}
		assert.equal(new Set(glyphs.map(toAscii)).size, glyphs.length, 'and no two states the same');
	});

	test('letters lose their accents, wide signs keep their two cells, sequences stay as they are', () => {
		assert.equal(toAscii('\x1b[31mCafé ﬁn\x1b[39m 日本 🎉|'), '\x1b[31mCafe ?n\x1b[39m ???? ??|');
	});

	test('any text is as wide as before', () =>
		fc.assert(
			fc.property(fc.string({unit: 'grapheme'}), text => {
				assert.match(toAscii(text), /^[\0-\x7f]*$/);
				assert.equal(stringWidth(toAscii(text)), stringWidth(text));
			}),
		));
});
