import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {createFinder} from '../../../source/headless/find-text.js';
import {piecesOf} from '../../../source/ui/reading/highlight.js';
import {rowsFrom, start} from '../../../source/ui/reading/place.js';
import {allMatches, matchWords, nextMatch} from '../../../source/ui/reading/search.js';

const linesOf = (...texts: string[]) => texts.map(text => ({text}));

describe('search', () => {
	test('is for a plain text, in any case unless it has a capital letter', () => {
		assert.deepEqual(createFinder('a.b')('a.b axb A.B'), [0, 8]);
		assert.deepEqual(createFinder('Ab')('ab Ab AB'), [3]);
		assert.deepEqual(createFinder('aa')('aaaa'), [0, 2]);
		assert.deepEqual(createFinder('')('x'), []);
		assert.deepEqual(createFinder('é')('caf\u0065\u0301 CAFÉ'), [3, 8]);
		assert.deepEqual(
			createFinder('b')('İİb'),
			[2],
			'places are those of the text, whatever lower case does to its length',
		);
		assert.deepEqual(createFinder('b')('日\tb'), [5], 'a tab has four cells');
	});

	test('goes on from a match, and begins again at the other end', () => {
		const lines = linesOf('x', 'foo foo', '', 'foo');
		const step = (line: number, start: number, by: 1 | -1) => {
			const found = nextMatch(lines, 'foo', {line, start}, by);
			return found && [found.match.line, found.match.start, found.beganAgain];
		};
		assert.deepEqual(step(0, -1, 1), [1, 0, false]);
		assert.deepEqual(step(1, 0, 1), [1, 4, false]);
		assert.deepEqual(step(1, 4, 1), [3, 0, false]);
		assert.deepEqual(step(3, 0, 1), [1, 0, true]);
		assert.deepEqual(step(3, 0, -1), [1, 4, false]);
		assert.deepEqual(step(1, 0, -1), [3, 0, true]);
		assert.deepEqual(nextMatch(linesOf('foo'), 'foo', {line: 0, start: 0}, 1), {
			match: {line: 0, start: 0},
			beganAgain: true,
		});
		assert.equal(nextMatch(lines, 'bar', {line: 0, start: 0}, 1), undefined);
		assert.equal(nextMatch([], 'bar', {line: 0, start: -1}, 1), undefined);
	});

	test('counts the matches and says at which one is', () => {
		const matches = allMatches(linesOf('foo foo', 'FOO'), 'foo');
		assert.equal(matchWords({query: 'foo', at: {line: 1, start: 0}}, matches), '/foo 3 of 3');
		assert.equal(matchWords({query: 'foo'}, matches), '/foo 3 times');
		assert.equal(matchWords({query: 'bar'}, []), '/bar not there');
	});

	test('matches stand out, also where the end of a row breaks them', () => {
		const text = 'aaa needle needle';
		const rows = rowsFrom({of: '', first: 0, lines: [{text, look: 'plain'}]}, start, {rows: 9, columns: 7});
		const search = {query: 'a needle', at: {line: 0, start: 2}};
		assert.deepEqual(
			rows.map(row => piecesOf(row, text, search)),
			[
				[
					{text: 'aa', as: 'text'},
					{text: 'a ', as: 'current'},
				],
				[
					{text: 'needle', as: 'current'},
					{text: ' ', as: 'text'},
				],
				[{text: 'needle', as: 'text'}],
			],
		);
		assert.deepEqual(piecesOf(rows[2]!, text, {query: 'ee'}), [
			{text: 'n', as: 'text'},
			{text: 'ee', as: 'match'},
			{text: 'dle', as: 'text'},
		]);
	});
});
