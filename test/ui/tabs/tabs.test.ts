import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {KeptAttempt} from '../../../source/store/kept-attempt.js';
import {rowsFrom, start} from '../../../source/ui/reading/place.js';
import {attemptsLines} from '../../../source/ui/tabs/attempts-text.js';
import type {NameOf} from '../../../source/ui/tabs/evidence.js';
import {fileDiffLines} from '../../../source/ui/tabs/file-diff.js';
import {harmless} from '../../../source/ui/tabs/tab-lines.js';
import {validationLines} from '../../../source/ui/tabs/validation-text.js';

const attempt = (number: number, passed: string, more: Partial<KeptAttempt> = {}): KeptAttempt => ({
	attempt: number,
	mode: number === 1 ? 'normal' : 'retry',
	startedAt: 0,
	tookMs: 5000,
	exitCode: 0,
	files: [],
	verdicts: [...passed].map((bit, rule) => ({
		rule,
		type: 'file_exists',
		description: `rule ${rule}`,
		passed: bit === '1',
		expected: `file-${rule}`,
		actual: 'nothing',
		message: `file-${rule} does not exist`,
	})),
	...more,
});

const nameOf: NameOf = ({description = '?'}) => description;

const texts = (lines: {text: string}[]) => lines.map(({text}) => text);

test('failing rules come first, with expected and actual, and a rule that flipped says so', () => {
	const said = texts(validationLines(attempt(2, '101'), attempt(1, '111'), {nameOf, lastTry: false}));
	assert.equal(said[0], 'attempt 2: 2 of 3 rules pass');
	assert.equal(said[1], '✗ rule 1  (passed before)');
	assert.equal(said[2], '  expected file-1');
	assert.equal(said[3], '  actual   nothing');
	assert.deepEqual(said.slice(5), [
		...['✓ rule 0', '  expected file-0', '  actual   nothing'],
		...['✓ rule 2', '  expected file-2', '  actual   nothing'],
	]);
});

test('attempts stand side by side, flips are marked, and the last try is named', () => {
	const said = texts(attemptsLines([attempt(1, '10'), attempt(2, '01'), attempt(3, '11')], {nameOf, lastTry: true}));
	assert.equal(said[0], 'passed on the last try');
	assert.match(said[1] ?? '', /^#1 normal · .* · exit 0 · 1\/2 rules$/);
	assert.ok(said.includes('#1 #2 #3 '));
	assert.ok(said.includes('✓  ▼  ▲  rule 0'));
	assert.ok(said.includes('✗  ▲  ✓  rule 1'));
});

test('a watched file is shown as a unified diff, and each other case in a sentence', () => {
	const state = (hash: string) => ({path: 't.md', exists: true, size: 4, mtimeMs: 0, hash, copied: true});
	const said = texts(
		fileDiffLines({
			path: 't.md',
			before: state('a'),
			after: state('b'),
			beforeText: 'one\ntwo\n',
			afterText: 'one\nthree\n',
		}),
	);
	assert.deepEqual(said.slice(1), ['@@ -1,2 +1,2 @@', ' one', '-two', '+three']);
	const absent = {path: 't.md', exists: false};
	const last = (file: Parameters<typeof fileDiffLines>[0]) => texts(fileDiffLines(file)).at(-1);
	assert.equal(last({path: 't.md', before: state('a'), after: state('a')}), 'is the same');
	assert.equal(last({path: 't.md', before: state('a'), after: absent}), 'was deleted');
	assert.equal(last({path: 't.md', before: absent, after: absent}), 'was not there, and is not there');
	assert.equal(last({path: 't.md', before: absent, after: state('b'), afterText: 'new\n'}), '+new');
	assert.match(last({path: 't.md', before: state('a'), after: state('b')}) ?? '', /too large/);
});

test('rows are no wider than the pane and hold no control sequences', () => {
	const lines = harmless([{text: `a\x1b[31m${'x'.repeat(25)}\tb`, look: 'bad'}]);
	const rows = rowsFrom({of: '', first: 0, lines}, start, {rows: 20, columns: 10});
	assert.ok(rows.length > 2);
	for (const {text, look} of rows) {
		assert.ok(text.length <= 10 && !text.includes('\x1b'), JSON.stringify(text));
		assert.equal(look, 'bad');
	}
});

test('an attempt shows what it has cost, where its CLI told it', () => {
	const usage = {inputTokens: 5, outputTokens: 5, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.25};
	const [priced, plain] = texts(attemptsLines([attempt(1, '1', {usage}), attempt(2, '1')], {nameOf, lastTry: false}));
	assert.match(priced ?? '', /exit 0 · \$0\.25 · 1\/1 rules/);
	assert.doesNotMatch(plain ?? '', /\$/);
});
