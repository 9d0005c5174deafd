import assert from 'node:assert/strict';
import {test} from 'node:test';
import {looksCatastrophic} from '../../source/validation/catastrophic.js';

const bad: Record<string, string> = {
	'(a+)+$': '(a+)+',
	'(a*)*b': '(a*)*',
	'(a|a)*b': '(a|a)*',
	'(a|aa)+$': '(a|aa)+',
	'(\\w+\\s*)+:': '(\\w+\\s*)+',
	'^(\\w+\\s?)*$': '(\\w+\\s?)*',
	'(.*,)*x': '(.*,)*',
	'x(?:\\d+,?)+;': '(?:\\d+,?)+',
	'(?i)(?:a|A)+!': '(?:a|A)+',
	'([a-z]{2,10}\\s?)+$': '([a-z]{2,10}\\s?)+',
	'(?=(a+)+$)': '(a+)+',
};

const good = [
	'SUCCESS',
	'(a+)+',
	'(\\w+\\s)*x',
	'(,\\d+)*$',
	'(.*\\n)*x',
	'\\s+$',
	'.*foo.*bar',
	'(?m)^- .+$',
	'(?:a|A)+!',
	'(\\d{1,3}\\.){3}\\d{1,3}$',
	'(?s)# Risk.*# Size.*# Message',
	'(\\d{20})*x',
	'(?:[^"\\\\]|\\\\.)*"',
	'(?:.|\\n)*END',
	'(?:ab|cd)*e',
	'([',
	'(?:a{1,50}b{1,50}){1,50}c',
	`(?:${'a|b'.repeat(200)})*c`,
];

test('a loop that can match one text in several ways is named', () => {
	for (const [pattern, loop] of Object.entries(bad)) {
		assert.ok(
			looksCatastrophic(pattern)?.startsWith(`"${loop}" can match`),
			`${pattern}: ${looksCatastrophic(pattern)}`,
		);
	}
});

test('harmless patterns, broken ones and very large ones give no warning', () => {
	for (const pattern of good) assert.equal(looksCatastrophic(pattern), undefined, pattern);
});
