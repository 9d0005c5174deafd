import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import {shownLine} from '../../../source/headless/find-text.js';
import {type Doc, lastPlace, movedBy, placeFor, rowsFrom, start} from '../../../source/ui/reading/place.js';
import {wrapLine} from '../../../source/ui/reading/wrap.js';

const docOf = (...lines: string[]): Doc => ({of: 'x', first: 0, lines: lines.map(text => ({text, look: 'plain'}))});
const numbered = (count: number): Doc => ({
	...docOf(),
	lines: Array.from({length: count}, (_, index) => ({text: `line ${index + 1}`, look: 'plain'})),
});
const texts = (doc: Doc, place: typeof start, rows: number, columns = 80) =>
	rowsFrom(doc, place, {rows, columns}).map(({text}) => text);

describe('lines as rows', () => {
	test('a long line is broken at its spaces; a row begins with a sign, and knows where that stands', () => {
		assert.deepEqual(wrapLine('one two three', 7), [
			{text: 'one two', start: 0},
			{text: 'three', start: 8},
		]);
		assert.deepEqual(wrapLine('', 7), [{text: '', start: 0}]);
		assert.deepEqual(wrapLine(shownLine('日本語\t!'), 4), [
			{text: '日本', start: 0},
			{text: '語  ', start: 2},
			{text: ' !', start: 6},
		]);
	});

	test('rows fit, and hold what the line has at that place', () => {
		const sign = fc.constantFrom('a', 'b', ' ', '日', '👩‍💻', 'e\u0301', '\t', '-');
		fc.assert(
			fc.property(fc.array(sign, {maxLength: 60}), fc.integer({min: 2, max: 20}), (signs, columns) => {
				const line = shownLine(signs.join(''));
				let end = 0;
				for (const {text, start} of wrapLine(line, columns)) {
					assert.ok(stringWidth(text) <= columns, JSON.stringify(text));
					assert.equal(line.slice(start, start + text.length), text);
					assert.equal(line.slice(end, start).trim(), '');
					end = start + text.length;
				}
				assert.equal(end, line.length);
			}),
		);
	});
});

describe('a place in a text', () => {
	test('moves by rows, from the beginning to the last full pane', () => {
		const doc = numbered(10);
		const pane = {rows: 4, columns: 80};
		assert.deepEqual(lastPlace(doc, pane), {line: 6, row: 0});
		assert.deepEqual(movedBy(doc, start, 2, pane), {line: 2, row: 0});
		assert.deepEqual(movedBy(doc, start, 20, pane), {line: 6, row: 0});
		assert.deepEqual(movedBy(doc, {line: 6, row: 0}, -20, pane), start);
		assert.deepEqual(movedBy(doc, {line: 9, row: 0}, 0, pane), {line: 6, row: 0});
		assert.deepEqual(texts(doc, {line: 6, row: 0}, 4), ['line 7', 'line 8', 'line 9', 'line 10']);
		assert.deepEqual(lastPlace(numbered(3), pane), start);
		assert.deepEqual(lastPlace(docOf(), pane), start);
		assert.deepEqual(movedBy(docOf(), start, 1, pane), start);
	});

	test('may lie within a line that takes several rows', () => {
		const doc = docOf('a', 'one two three four', 'b');
		const pane = {rows: 3, columns: 7};
		assert.deepEqual(lastPlace(doc, pane), {line: 1, row: 1});
		assert.deepEqual(movedBy(doc, start, 2, pane), {line: 1, row: 1});
		assert.deepEqual(texts(doc, {line: 1, row: 1}, 3, 7), ['three ', 'four', 'b']);
		assert.deepEqual(texts(doc, {line: 1, row: 9}, 1, 80), ['one two three four'], 'in a window that became wider');
	});

	test('a line that is looked for is left where it is when it is seen, else comes to a third of the pane', () => {
		const doc = numbered(100);
		const pane = {rows: 9, columns: 80};
		assert.deepEqual(placeFor(doc, {line: 8, start: 0}, start, pane), start);
		assert.deepEqual(placeFor(doc, {line: 50, start: 0}, start, pane), {line: 47, row: 0});
		assert.deepEqual(placeFor(doc, {line: 99, start: 0}, start, pane), {line: 91, row: 0});
		assert.deepEqual(placeFor(doc, {line: 1, start: 0}, {line: 50, row: 0}, pane), start);
		const wide = docOf(`${'x'.repeat(30)}y`);
		assert.deepEqual(placeFor(wide, {line: 0, start: 30}, start, {rows: 2, columns: 10}), {line: 0, row: 2});
	});

	test('costs what is seen, not what there is', () => {
		const few = numbered(1000);
		const many = numbered(200_000);
		const pane = {rows: 50, columns: 200};
		const costOf = (doc: Doc) => {
			const before = process.cpuUsage();
			for (let count = 0; count < 200; count++) {
				const place = movedBy(doc, {line: doc.lines.length >> 1, row: 0}, -25, pane);
				rowsFrom(doc, place, pane);
			}
			const {user, system} = process.cpuUsage(before);
			return user + system;
		};
		costOf(few);
		const [small, large] = [costOf(few), costOf(many)];
		assert.ok(large < small * 5 + 20_000, `${small} µs, ${large} µs`);
	});
});
