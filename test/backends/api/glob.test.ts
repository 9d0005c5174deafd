import assert from 'node:assert/strict';
import path from 'node:path';
import {describe, it} from 'node:test';
import fc from 'fast-check';
import {compileGlob} from '../../../source/backends/api/tools/glob.js';

function fits(glob: string, file: string): boolean {
	const test = compileGlob(glob);
	return 'problem' in test ? assert.fail(test.problem) : test(file);
}

describe('a glob', () => {
	for (const [glob, good, bad] of [
		['*.md', 'a.md docs/b.md .hidden.md', 'a.mdx md docs.md/x'],
		['docs/*.md', 'docs/a.md', 'a.md docs/x/a.md other/docs/a.md'],
		['/docs/**', 'docs/a docs/a/b', 'docs other/docs/a'],
		['./src/**/*.{ts,tsx}', 'src/a.ts src/x/y/b.tsx', 'a.ts src/a.js srcx/a.ts'],
		['**/test/*', 'test/a x/test/a x/y/test/a', 'testa/a xtest/a test/a/b'],
		['chapter-?[0-9].txt', 'chapter-01.txt in/chapter-x9.txt', 'chapter-0x.txt chapter-1.txt'],
		['[!a-c]*', 'd x/d', 'a b/c'],
		['{a,b{c,d}}', 'a bc bd', 'b ab'],
		['a{b', 'a{b', 'ab'],
		['\\*', '*', 'a'],
		['a[b', 'a[b', 'ab'],
		['?', 'ä 😀', 'ab'],
	] as const) {
		it(`${glob} fits ${good}, and not ${bad}`, () => {
			for (const file of good.split(' ')) assert.ok(fits(glob, file), file);
			for (const file of bad.split(' ')) assert.ok(!fits(glob, file), file);
		});
	}

	it('means what Node means by it', t => {
		if (!('matchesGlob' in path)) return t.skip('this Node has no globs');
		const name = fc.string({unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 3});
		const segment = fc.string({
			unit: fc.constantFrom('a', 'b', 'c', '?', '*', '[ab]', '{a,bc}'),
			minLength: 1,
			maxLength: 4,
		});
		const pattern = fc.array(fc.oneof({arbitrary: segment, weight: 3}, fc.constant('**')), {
			minLength: 2,
			maxLength: 4,
		});
		const file = fc.array(name, {minLength: 1, maxLength: 4});
		fc.assert(
			fc.property(pattern, file, (segments, names) => {
				fc.pre(segments.every(one => one === '**' || !one.includes('**')) && segments[0] !== '');
				// A folder itself is none of what is in it.
				fc.pre(segments.at(-1) !== '**');
				const [glob, found] = [segments.join('/'), names.join('/')];
				// More alternatives are refused.
				fc.pre(glob.split('{').length <= 6);
				assert.equal(fits(glob, found), path.matchesGlob(found, glob), `${glob} on ${found}`);
			}),
			{numRuns: 400},
		);
		return undefined;
	});

	it('is done at once, whatever it is', () => {
		assert.ok(!fits(`${'*a'.repeat(200)}b`, 'a'.repeat(2_000)));
		assert.ok(!fits(`${'**/*a/'.repeat(100)}b`, 'a/'.repeat(500)));
		assert.match(JSON.stringify(compileGlob('{a,b}'.repeat(20))), /more than 64/);
		assert.ok(fits('{'.repeat(900), '{'.repeat(900)));
		assert.match(JSON.stringify(compileGlob('x'.repeat(1_001))), /longer than 1000/);
	});
});
