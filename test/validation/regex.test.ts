import assert from 'node:assert/strict';
import {test} from 'node:test';
import {compileRegex, fillPattern} from '../../source/validation/regex.js';

function find(pattern: string, text: string): string | undefined {
	const compiled = compileRegex(pattern);
	if ('error' in compiled) throw new Error(`${pattern}: ${compiled.error}`);
	return compiled.regex.exec(text)?.[0];
}

/** Pattern, text, and what Python's `re.search` finds: undefined for nothing. */
const likePython: readonly [pattern: string, text: string, found: string | undefined][] = [
	['(?i)success', 'A SUCCESS', 'SUCCESS'],
	['(?m)^line2$', 'line1\nline2\n', 'line2'],
	['^line2$', 'line1\nline2\n', undefined],
	['(?s)a.b', 'a\nb', 'a\nb'],
	['a.b', 'a\nb', undefined],
	['a.b', 'a\u2028b', 'a\u2028b'],
	['(?m)^b', 'a\rb', undefined],
	['end$', 'end\n', 'end'],
	['end\\Z', 'end\n', undefined],
	['\\Aend', 'x\nend', undefined],
	['(?m)\\Aend', 'x\nend', undefined],
	['(?im)^TODO$', 'x\ntodo', 'todo'],
	['(?i)(?m)^TODO$', 'x\ntodo', 'todo'],
	['(?P<n>a+)-(?P=n)', 'aa-aa', 'aa-aa'],
	['(?P<n>a)(b)\\2', 'abb', 'abb'],
	['(?x) a \\ b # a comment\n c', 'a bc', 'a bc'],
	['(?x)[ #]a', '#a', '#a'],
	['\\w+', '-größe_1-', 'größe_1'],
	['(?a)\\w+', 'größe', 'gr'],
	['\\bé', 'aé é', 'é'],
	['\\d', '٣', '٣'],
	['\\s', '\u00a0', '\u00a0'],
	['\\s', '\ufeff', undefined],
	['^.$', '😀', '😀'],
	['[^a]', '😀', '😀'],
	['[]a]+', 'a]', 'a]'],
	['[\\W_]+', 'a-_b', '-_'],
	['[a&&b]+', '&', '&'],
	['\\-\\_\\"\\/', '-_"/', '-_"/'],
	['\\x41\\u00e9\\U0001f600\\101\\0', 'Aé😀A\0', 'Aé😀A\0'],
	['a{,2}', 'aaa', 'aa'],
	['a{x}', 'a{x}', 'a{x}'],
	['{"a": {}}', '{"a": {}}', '{"a": {}}'],
	['(?#note)a(?#note)+', 'aa', 'aa'],
	['(?:(?=a))?a', 'a', 'a'],
	['(?=a)*a', 'a', 'a'],
	['(?s:a.)b', 'a\nb', 'a\nb'],
	['(?s)(?-s:a.)b', 'a\nb', undefined],
	['(?<=x)a(?!b)', 'xab xac', 'a'],
];

test('patterns mean what they mean in Python', () => {
	for (const [pattern, text, found] of likePython) assert.equal(find(pattern, text), found, `${pattern} in ${text}`);
});

test('flags for a part hold there, or are refused with the way out', () => {
	const compiled = compileRegex('(?i:yes) no');
	if ('error' in compiled) assert.match(compiled.error, /need Node 24; put \(\?i\) in front/);
	else {
		assert.equal(find('(?i:yes) no', 'YES no'), 'YES no');
		assert.equal(find('(?i:yes) no', 'YES NO'), undefined);
		assert.equal(find('(?i)(?-i:yes) no', 'yes NO'), 'yes NO');
		assert.equal(find('(?i)(?-i:yes) no', 'YES NO'), undefined);
	}
});

const refused: readonly [pattern: string, error: RegExp, offset: number][] = [
	['([', /\[ has no closing \]/, 1],
	['a(b', /\( has no closing \)/, 1],
	['ab)', /\) closes nothing/, 2],
	['*a', /nothing to repeat before \*/, 0],
	['a|{2}', /nothing to repeat before \{/, 2],
	['^*', /nothing to repeat/, 1],
	['a**', /two repetitions in a row/, 2],
	['a++', /possessive/, 2],
	['(?>a)', /atomic/, 0],
	['(a)?(?(1)b|c)', /conditional/, 4],
	['a(?i)b', /very front/, 1],
	['(?q)a', /no flag q/, 2],
	['(?z', /begins no group/, 0],
	['\\q', /\\q means nothing/, 0],
	['a\\', /lone backslash/, 1],
	['[b-a]', /backwards/, 2],
	['[a-\\d]', /range cannot end/, 2],
	['\\2(a)', /no group 2/, 0],
	['(a\\1)', /still open/, 2],
	['(?P=n)', /no group named n/, 0],
	['(?P<n>a)(?P<n>b)', /two groups are named n/, 8],
	['(?P<1>a)', /group name/, 0],
	['a{3,2}', /least count/, 1],
	['a{99999999}', /larger than 65535/, 1],
	['(?#x', /comment has no closing/, 0],
	['('.repeat(101), /nested more than/, 100],
	['a'.repeat(20_001), /longer than/, 20_000],
];

test('what Python refuses, or what cannot be done, is an error with its place', () => {
	for (const [pattern, error, offset] of refused) {
		const compiled = compileRegex(pattern);
		assert.ok('error' in compiled, pattern);
		assert.match(compiled.error, error);
		assert.equal(compiled.offset, offset, pattern);
	}
});

test('the work a pattern can need is bounded from above, and without a bound where repetitions nest', () => {
	const steps = (pattern: string, length: number) => {
		const compiled = compileRegex(pattern);
		return 'error' in compiled ? Number.NaN : compiled.worstSteps(length);
	};
	assert.ok(steps('(?i)success', 10_000) <= 100_000);
	assert.ok(steps('(?m)^## (Risk|Size)', 10_000) <= 500_000);
	assert.ok(steps('(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)', 10) > 10_000);
	assert.ok(steps('a+b', 1_000) >= 1_000_000);
	assert.equal(steps('(a+)+$', 10), Number.POSITIVE_INFINITY);
	assert.equal(steps('(a|b)*$', 10), Number.POSITIVE_INFINITY);
});

test('values of placeholders are matched letter by letter', () => {
	const pattern = fillPattern('^{a}\\d{{2}}$', {a: '.*(x) #-^|é{2}'});
	assert.equal(find(pattern, '.*(x) #-^|é{2}77'), '.*(x) #-^|é{2}77');
	assert.equal(find(`(?x)${pattern}`, '.*(x) #-^|é{2}77'), '.*(x) #-^|é{2}77');
});
