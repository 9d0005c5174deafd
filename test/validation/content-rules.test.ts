import assert from 'node:assert/strict';
import {closeSync, ftruncateSync, openSync, writeSync} from 'node:fs';
import {after, test} from 'node:test';
import {closeMatcher} from '../../source/validation/match.js';
import {checkRules} from '../../source/validation/rules.js';
import {parseRule, Workspace} from './workspace.js';

after(closeMatcher);

const contains = (pattern: string, path = 'notes.md') => ({type: 'content_contains', path, pattern});
const matches = (pattern: string, path = 'notes.md') => ({type: 'content_regex', path, pattern});

test('text that is there is told with its line, text that is not with the size and the end of the file', async () => {
	using workspace = new Workspace().write('notes.md', `one\ntwo SUCCESS\n${'x'.repeat(100)}`);
	const found = await workspace.check(contains('SUCCESS'));
	assert.deepEqual(
		[found.passed, found.actual, found.message],
		[true, 'found in line 2', 'notes.md contains "SUCCESS" in line 2'],
	);
	const missing = await workspace.check(contains('FAILURE'));
	const message = `notes.md (116 bytes) does not contain "FAILURE" (its last 80 characters: "${'x'.repeat(80)}")`;
	assert.deepEqual([missing.passed, missing.expected, missing.message], [false, 'FAILURE', message]);
});

test('near misses are told: other case, other blanks, an empty file', async () => {
	using workspace = new Workspace().write('notes.md', 'a\nSuccess:  yes\n').write('empty.md', '');
	assert.match((await workspace.check(contains('SUCCESS'))).message, /line 2 has it with other upper and lower case/);
	assert.match((await workspace.check(contains('Success: yes\n\n'))).message, /other blanks or line ends/);
	assert.match((await workspace.check(contains('SUCCESS: yes'))).message, /other case and blanks/);
	assert.match((await workspace.check(contains('x', 'empty.md'))).message, /the file is empty/);
	assert.match((await workspace.check(matches('success'))).message, /it would with \(\?i\) in front/);
	assert.match((await workspace.check(matches('^Success'))).message, /it would with \(\?m\) in front/);
	assert.match((await workspace.check(matches('a.Succ'))).message, /it would with \(\?s\) in front/);
	assert.doesNotMatch((await workspace.check(matches('zebra'))).message, /would/);
});

test('line ends of Windows are line ends, unless the pattern speaks of them', async () => {
	using workspace = new Workspace().write('notes.md', '\ufeff# Title\r\nline2\r\n');
	for (const rule of [
		contains('Title\nline2'),
		contains('Title\r\nline2'),
		matches('(?m)^line2$'),
		matches('\\r\\n'),
		matches('^# Title'),
	]) {
		assert.equal((await workspace.check(rule)).passed, true, rule.pattern);
	}
});

test('placeholders are filled in in patterns; in a regular expression their values stand for themselves', async () => {
	using workspace = new Workspace().write('notes.md', 'batch 2 done: src/a+b (1).ts');
	const placeholders = {batch_num: '2', item: 'a+b (1).ts'};
	assert.equal((await workspace.check(contains('batch {batch_num} done'), {placeholders})).passed, true);
	assert.equal((await workspace.check(matches('^batch {batch_num} .*/{item}$'), {placeholders})).passed, true);
	assert.equal((await workspace.check(matches('(?x) {item} $'), {placeholders})).passed, true);
	assert.equal((await workspace.check(matches('\\d{1,2} done'), {placeholders})).passed, true);
	assert.match((await workspace.check(matches('{nosuch}'), {placeholders})).message, /uses \{nosuch\}/);
	assert.match((await workspace.check(contains('{nosuch}'), {placeholders})).message, /uses \{nosuch\}/);
});

test('a bad regular expression is a failing verdict that says where', async () => {
	using workspace = new Workspace().write('notes.md', 'x');
	const verdict = await workspace.check(matches('a(b'));
	assert.equal(verdict.passed, false);
	assert.equal(
		verdict.message,
		'the regular expression "a(b" is not valid: this ( has no closing ); write \\( for the character (at character 2)',
	);
});

test('a regular expression that would take forever is stopped, and the verdict says how to rewrite it', async () => {
	using workspace = new Workspace().write('notes.md', `${'a'.repeat(50_000)}!`);
	const rules = [matches('(a+)+$'), matches('a!')].map(parseRule);
	const [stopped, next] = await checkRules(rules, workspace.context({regexLimitMs: 200}));
	assert.equal(stopped?.passed, false);
	assert.match(
		stopped?.message ?? '',
		/was stopped after 0\.2 s on notes\.md \(50,001 characters\): it can take forever\. "\(a\+\)\+" can match/,
	);
	assert.equal(next?.passed, true);
});

test('a regular expression that needs more stack than there is fails with a sentence', async () => {
	using workspace = new Workspace().write('notes.md', 'ab'.repeat(10 * 1024 * 1024));
	const rules = [matches('(?:a|b)*c'), matches('b+')].map(parseRule);
	const [failed, next] = await checkRules(rules, workspace.context({regexLimitMs: 20_000}));
	assert.equal(next?.passed, true);
	assert.match(failed?.message ?? '', /could not be tried on notes\.md/);
});

test('a huge file is searched as it streams by, across the seams of its chunks; a regular expression is refused', async () => {
	using workspace = new Workspace();
	const file = openSync(workspace.file('huge.log'), 'w');
	ftruncateSync(file, 40 * 1024 * 1024);
	writeSync(file, 'NEEDLE\r\nEND', 1024 * 1024 * 3 - 4);
	closeSync(file);
	assert.equal((await workspace.check(contains('NEEDLE', 'huge.log'))).passed, true);
	assert.equal((await workspace.check(contains('NEEDLE\nEND', 'huge.log'))).passed, true);
	assert.match(
		(await workspace.check(contains('NEEDLES', 'huge.log'))).message,
		/^huge\.log \(41\.9 MB\) does not contain "NEEDLES"/,
	);
	assert.match(
		(await workspace.check(matches('NEEDLE', 'huge.log'))).message,
		/too large for a regular expression \(41\.9 MB/,
	);
});

test('a file that several rules name is read once, and again after a command', async () => {
	using workspace = new Workspace().write('notes.md', 'before');
	const rules = [contains('before'), {type: 'command_succeeds', command: 'printf after > notes.md'}, contains('after')];
	const verdicts = await checkRules(rules.map(parseRule), workspace.context());
	assert.deepEqual(
		verdicts.map(verdict => verdict.passed),
		[true, true, true],
	);
});
