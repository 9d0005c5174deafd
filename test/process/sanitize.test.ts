import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {createStripper, stripControls} from '../../source/process/sanitize.js';

const forbidden = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** Text made of what sequences are made of, so that real and broken ones come up often. */
const nasty = fc
	.array(
		fc.oneof(
			fc.constantFrom(
				...['\x1b', '\x1b[', '\x1b]', '\x1bP', '\x1b_', '\x1b\\', '\x9b', '\x9c', '\x9d', '\x90', '\x07', '\x18'],
				...[
					'\r',
					'\n',
					'\t',
					'\b',
					'\0',
					'\x7f',
					'31m',
					';',
					'?25l',
					'8;;http://x',
					'abc',
					'é',
					'😀',
					'\u202e',
					'\u2069',
				],
			),
			fc.string({unit: 'binary', maxLength: 5}),
		),
	)
	.map(parts => parts.join(''));

const table: [title: string, given: string, shown: string][] = [
	['plain text stays', 'a\tb\nünïcode 😀 ❤️\n', 'a\tb\nünïcode 😀 ❤️\n'],
	['colours go', '\x1b[1;31mred\x1b[0m \x1b[38;2;1;2;3mx\x1b[m', 'red x'],
	['cursor movement, modes and screens go', '\x1b[2J\x1b[H\x1b[?1049h\x1b[?25la\x1b[3;4Hb\x1b[!p', 'ab'],
	['short escapes and character sets go', '\x1b7\x1bca\x1b(Bb\x1b#8c\x1b=', 'abc'],
	['titles and links go', '\x1b]0;title\x07a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\b\x1b]0;t\x9cc', 'alinkbc'],
	[
		'clipboard orders and device strings go',
		'\x1b]52;c;ZXZpbA==\x07a\x1bPq#0\x1b\\b\x1b_Gx\x1b\\c\x1b^p\x1b\\d\x1bXs\x1b\\e',
		'abcde',
	],
	['8-bit controls go like their long forms', '\x9b31ma\x9d0;t\x07b\x90q\x9cc\x85\x84', 'abc'],
	['a string that is never closed ends with its line', 'a\x1b]0;title\nb\x90q\nc', 'a\nb\nc'],
	['a sequence that is never closed swallows no more than itself', 'a\x1b[31\nb\x1b[3é\x1b', 'a\nbé'],
	['an escape in the middle of a sequence starts a new one', '\x1b[31\x1b[1mx\x1b]0;t\x1b[0my', 'xy'],
	['bells, NULs and other controls go', 'a\x07b\0c\x0bd\x0ce\x7ff\x18', 'abcdef'],
	['Windows line ends become plain', 'a\r\nb\r\r\nc\r', 'a\nb\nc'],
	['a progress line shows its last state', '10%\r50%\r100%\ndone', '100%\ndone'],
	['a line that is cleared and written anew shows the new', 'abc\r\x1b[Kx\n', 'x\n'],
	['backspaces take back what is overwritten', 'ab\bc |\b/\b-\b\n', 'ac -\n'],
	['overstruck text is there once', 'N\bNA\bAM\bM', 'NAM'],
	['backspaces stop at the beginning of the line', 'a\nb\b\b\b\bc', 'a\nc'],
	['a backspace takes a whole character', '😀\bx', 'x'],
	['marks that reorder a line for the eye go', 'a\u202eb\u2066c\u2069\u202c', 'abc'],
];

describe('what a child printed, made safe to show', () => {
	for (const [title, given, shown] of table) test(title, () => assert.equal(stripControls(given), shown));

	test('never holds an escape, a control character but tab and newline, or a reordering mark', () => {
		fc.assert(
			fc.property(nasty, text => assert.doesNotMatch(stripControls(text), forbidden)),
			{numRuns: 2_000},
		);
	});

	test('does not either when it comes in chunks, and safe text is never changed', () => {
		fc.assert(
			fc.property(fc.array(nasty), parts => {
				const stripper = createStripper();
				for (const part of parts) {
					const shown = stripper.push(part);
					assert.doesNotMatch(shown, forbidden);
					assert.equal(stripControls(shown), shown);
				}
			}),
			{numRuns: 1_000},
		);
	});

	test('is the same however it was cut, but where something given out would have to be taken back', () => {
		fc.assert(
			fc.property(nasty, fc.array(fc.nat(200)), (text, cuts) => {
				const kept = text.replaceAll(/[\r\b]/g, '');
				const stripper = createStripper();
				const places = [0, ...cuts.map(cut => Math.min(cut, kept.length)), kept.length].sort((a, b) => a - b);
				const shown = places.map((place, index) => stripper.push(kept.slice(place, places[index + 1]))).join('');
				assert.equal(shown, stripControls(kept));
			}),
			{numRuns: 1_000},
		);
	});

	test('starts a new line when what was shown already is to be overwritten', () => {
		const stripper = createStripper();
		assert.equal(stripper.push('10%'), '10%');
		assert.equal(stripper.push('\r20%\r'), '\n20%');
		assert.equal(stripper.push('30%\n'), '\n30%\n');
		assert.equal(stripper.push('\rnew'), 'new');
	});

	test('a sequence cut in two by a chunk stays invisible', () => {
		const stripper = createStripper();
		const chunks = ['a\x1b', '[3', '1mb\x1b]0;ti', 'tle\x1b', '\\c\r', '\nd'];
		assert.deepEqual(
			chunks.map(chunk => stripper.push(chunk)),
			['a', '', 'b', '', 'c', '\nd'],
		);
	});

	test('much hostile text takes no more than a moment', () => {
		const started = performance.now();
		for (const text of ['x\b', 'x\r', '\x1b', '\x1b[', '\x1b]0;', `${'y'.repeat(50)}\b`]) {
			stripControls(text.repeat(500_000 / text.length));
		}
		assert.ok(performance.now() - started < 10_000);
	});
});
