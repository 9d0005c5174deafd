import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Finding, formatFinding, sortFindings} from '../../source/config/finding.js';

const at = (line: number, column: number, length: number, more: Partial<Finding> = {}): Finding => ({
	severity: 'error',
	file: 'job.yaml',
	line,
	column,
	length,
	message: 'is wrong',
	...more,
});

test('a finding shows its place, the line with a gutter, a caret and what to write', () => {
	const text = formatFinding(at(2, 9, 3, {mend: 'size: 3'}), 'name: j\n  size: "3"\n');
	assert.equal(
		text,
		['job.yaml:2:9: error: is wrong', '  |', '2 |   size: "3"', '  |         ^~~', '  write: size: 3'].join('\n'),
	);
});

test('the caret stands right below a place behind tabs', () => {
	const [, , line, caret] = formatFinding(at(1, 4, 1), '\ta\tb').split('\n');
	assert.equal(line, '1 | \ta\tb');
	assert.equal(caret, '  | \t \t^');
});

test('a long line is cut around the caret', () => {
	const source = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
	const [, , line, caret] = formatFinding(at(1, 501, 4), source).split('\n');
	assert.ok(line!.length < 110, String(line!.length));
	assert.equal(line!.slice(caret!.indexOf('^'), caret!.lastIndexOf('~') + 1), 'HERE');
	assert.ok(line!.startsWith('1 | …') && line!.endsWith('…'));
});

test('a long line is not cut where the caret stands near its beginning or end', () => {
	const source = `HEAD${'a'.repeat(300)}TAIL`;
	assert.ok(formatFinding(at(1, 1, 4), source).includes('1 | HEADa'));
	const [, , line, caret] = formatFinding(at(1, 305, 4), source).split('\n');
	assert.ok(line!.endsWith('TAIL'));
	assert.equal(line!.slice(caret!.indexOf('^')), 'TAIL');
});

test('wide letters, half letters, carriage returns and escape sequences neither crash nor reach the terminal', () => {
	const text = formatFinding(at(1, 4, 2, {message: 'has \x1b[2J'}), '日本語\ud83d\x1b[31m\u202ered\r\n');
	assert.doesNotMatch(text, /\x1b|\u202e|\r/);
	assert.ok(text.isWellFormed());
});

test('a finding about a whole file that could not be read shows no line', () => {
	assert.equal(formatFinding(at(1, 1, 1), ''), 'job.yaml:1:1: error: is wrong');
});

test('a finding in another file shows that file’s line', () => {
	const text = formatFinding(at(3, 1, 2, {file: 'prompt.md', sourceLine: 'hi there'}), 'name: j\n');
	assert.ok(text.includes('3 | hi there'));
});

test('findings are sorted by place, the job file first, each once, and bounded', () => {
	const foreign = at(1, 1, 1, {file: '--set a=b', sourceLine: 'a=b'});
	const sorted = sortFindings([foreign, at(2, 5, 1), at(10, 1, 1), at(2, 1, 1), at(2, 1, 1)]);
	assert.deepEqual(
		sorted.map(({file, line, column}) => `${file}:${line}:${column}`),
		['job.yaml:2:1', 'job.yaml:2:5', 'job.yaml:10:1', '--set a=b:1:1'],
	);
	const many = sortFindings(Array.from({length: 5000}, (_, index) => at(index + 1, 1, 1, {severity: 'warning'})));
	assert.equal(many.length, 101);
	assert.match(many.at(-1)!.message, /^4900 more findings/);
	assert.equal(many.at(-1)!.severity, 'warning');
});

test('a message as long as a hostile file is cut', () => {
	const [finding] = sortFindings([at(1, 1, 1, {message: 'x'.repeat(1_000_000), mend: 'y'.repeat(1_000_000)})]);
	assert.equal(finding?.message.length, 2001);
	assert.equal(finding?.mend, undefined);
});
