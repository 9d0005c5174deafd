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
	'(a{1,50}){1,50}b': '(a{1,50}){1,50}',
	'(.*a){20}c': '(.*a){20}',
	'(a?){30}a{30}c': '(a?){30}',
	'(\\w{1,20}-?){1,10}=': '(\\w{1,20}-?){1,10}',
	'(?:(a|aa)){12}$': '(?:(a|aa)){12}',
	'(a*)\\1*b': '\\1*',
	'(?:\\w+ ?){10,40}\\.': '(?:\\w+ ?){10,40}',
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
	'^\\s*\\w+\\s*=\\s*.*$',
	'(?m)^## Findings',
	'^\\s*(.*?)\\s*$',
	'\\s*\\w+\\s*\\w+\\s*x',
	'(\\w)\\1+x',
	'(["\'])(.*?)\\1',
	'\\b(\\w+)\\s+\\1\\b',
	'(?:[a-z]{1,63}\\.){1,10}[a-z]{2,63}$',
	'(?:\\S+\\s+){10,}x',
	'(?:.{1,80}\\n){20}END',
	'[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$',
	'(?:ab|c){12}d',
	'\\d+\\d*x',
	'(a?){3}b',
	'(?:a?){0,30}b',
	'(?:\\d{1,3},){10}\\d{1,3}$',
	'(?:\\d{1,3},)*x',
	'\\d{12}\\d{12}\\d{12}x',
	'.*.*.*',
];

test('a loop that can match one text in several ways is named', () => {
	for (const [pattern, loop] of Object.entries(bad)) {
		assert.ok(
			looksCatastrophic(pattern)?.startsWith(`"${loop}" can match`),
			`${pattern}: ${looksCatastrophic(pattern)}`,
		);
	}
});

test('a row of loops over the same characters is named from its first to its last', () => {
	const rows: Record<string, string> = {
		'\\s*\\s*\\s*\\s*x': '\\s*\\s*\\s*\\s*',
		'\\d+\\d{0,50}[0-9]*\\d*x': '\\d+\\d{0,50}[0-9]*\\d*',
		'a.*(.*)$.*b': '.*(.*)$.*',
		'(\\s*)\\s*(?:\\s*)$': '\\s*)\\s*(?:\\s*',
	};
	for (const [pattern, row] of Object.entries(rows))
		assert.ok(
			looksCatastrophic(pattern)?.startsWith(`"${row}" can match`),
			`${pattern}: ${looksCatastrophic(pattern)}`,
		);
	assert.match(looksCatastrophic('.*.*.*x') ?? '', /Make one repetition of those/);
});

test('harmless patterns, broken ones and very large ones give no warning', () => {
	for (const pattern of good) assert.equal(looksCatastrophic(pattern), undefined, pattern);
});
