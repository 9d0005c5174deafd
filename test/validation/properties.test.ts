import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import fc from 'fast-check';
import {looksCatastrophic} from '../../source/validation/catastrophic.js';
import {closeMatcher} from '../../source/validation/match.js';
import {checkRules} from '../../source/validation/rules.js';
import {bounded} from '../../source/validation/wording.js';
import {Workspace} from './workspace.js';

after(closeMatcher);

const anyText = fc.oneof(
	fc.string({unit: 'binary', minLength: 1}),
	fc.string({unit: 'grapheme', minLength: 1}),
	fc.constantFrom('\ud800', 'a\udc00b', '\x1b[2J', '\u202e'),
);
const piece = fc.constantFrom(
	...'ab.*+?|()[]{}^$\\\n-é',
	'(?:',
	'(?i:',
	'(?=',
	'(?<!',
	'\\w',
	'\\b',
	'{1,3}',
	'+',
	'(?P<n>',
	'(?P=n)',
	'\\1',
	'\ud800',
);
const anyPattern = fc.oneof(
	anyText,
	fc.array(piece, {minLength: 1, maxLength: 15}).map(pieces => pieces.join('')),
);
const harmless = /^[^\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$/;

test('any bytes, any pattern and any path give bounded, valid, harmless verdicts, and never an exception', async () => {
	using workspace = new Workspace();
	await fc.assert(
		fc.asyncProperty(
			fc.uint8Array({maxLength: 3_000, size: 'max'}),
			anyPattern,
			anyText,
			async (bytes, pattern, path) => {
				workspace.write('file', bytes);
				const rules = [
					{type: 'content_regex', path: 'file', pattern} as const,
					{type: 'content_contains', path: 'file', pattern} as const,
					{type: 'file_exists', path, description: pattern.repeat(500)} as const,
					{type: 'content_contains', path, pattern} as const,
					{type: 'file_modified', path} as const,
				];
				const verdicts = await checkRules(rules, workspace.context({regexLimitMs: 100}));
				assert.deepEqual(
					verdicts.map(({rule, type}) => [rule, type]),
					rules.map(({type}, index) => [index, type]),
				);
				for (const {expected, actual, message, description = ''} of verdicts) {
					for (const text of [expected, actual, message, description]) {
						assert.ok(text.length <= 2_000 && text.isWellFormed() && harmless.test(text), JSON.stringify(text));
					}
				}
			},
		),
		{numRuns: 150},
	);
});

test('any pattern is looked through for loops without an exception', () => {
	fc.assert(
		fc.property(anyPattern, pattern => ['string', 'undefined'].includes(typeof looksCatastrophic(pattern))),
		{numRuns: 500},
	);
});

test('a text cut in its middle keeps its ends and whole characters', () => {
	fc.assert(
		fc.property(
			fc.string({unit: fc.constantFrom('a', '😀'), minLength: 0, maxLength: 300, size: 'max'}),
			fc.integer({min: 60, max: 200}),
			(text, limit) => {
				const cut = bounded(text, limit);
				assert.ok(cut.length <= limit && cut.isWellFormed() && !cut.includes('\ufffd'));
				if (text.length <= limit) assert.equal(cut, text);
				else
					assert.ok(
						cut.startsWith(text.slice(0, 2)) && cut.endsWith(text.slice(-2).toWellFormed().replace('\ufffd', '')),
					);
			},
		),
	);
});
