import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {chmodSync, mkdirSync, symlinkSync} from 'node:fs';
import {test} from 'node:test';
import {checkRules} from '../../source/validation/rules.js';
import {parseRule, Workspace} from './workspace.js';

const exists = (path: string) => ({type: 'file_exists', path});

test('a missing file is told with its placeholder filled in, and with a neighbour of nearly the same name', async () => {
	using workspace = new Workspace().write('reports/Batch-2.md', 'x');
	const verdict = await workspace.check({...exists('reports/batch-{batch_num}.md'), description: 'the report'});
	assert.deepEqual(verdict, {
		rule: 0,
		type: 'file_exists',
		description: 'the report',
		passed: false,
		expected: workspace.file('reports/batch-2.md'),
		actual: 'does not exist',
		message: 'reports/batch-2.md does not exist; expected the file to exist (found Batch-2.md in the same folder)',
	});
});

test('a neighbour with another ending is a hint, and a missing folder is no error', async () => {
	using workspace = new Workspace().write('notes.txt', '');
	assert.match((await workspace.check(exists('notes.md'))).message, /found notes\.txt/);
	assert.equal((await workspace.check(exists('no/such/notes.md'))).passed, false);
	assert.match((await workspace.check(exists('notes.txt/inside'))).message, /does not exist/);
});

test('what is no plain file fails with a sentence and never hangs', async () => {
	using workspace = new Workspace();
	mkdirSync(workspace.file('folder'));
	symlinkSync('nowhere', workspace.file('broken'));
	symlinkSync('circle', workspace.file('circle'));
	execFileSync('mkfifo', [workspace.file('pipe')]);
	const told: [path: string, sentence: RegExp][] = [
		['folder', /^folder is a folder, not a file/],
		['broken', /^broken is a link to a file that does not exist/],
		['circle', /^circle cannot be read: its links lead in a circle/],
		['pipe', /^pipe is a named pipe, not a file/],
		['/dev/zero', /^\/dev\/zero is a device, not a file/],
		['n\0ul', /^n\\x00ul cannot be read: its name holds a NUL/],
		['x'.repeat(5_000), /cannot be read: its name is too long/],
	];
	for (const [path, sentence] of told) {
		const rules = [
			exists(path),
			{type: 'content_contains', path, pattern: 'x'},
			{type: 'content_regex', path, pattern: 'x'},
		].map(parseRule);
		for (const verdict of await checkRules(rules, workspace.context())) {
			assert.equal(verdict.passed, false, verdict.type);
			assert.match(verdict.message, sentence, verdict.type);
		}
	}
});

test('a file that may not be read is told so', {
	skip: process.getuid?.() === 0 ? 'root reads everything' : false,
}, async () => {
	using workspace = new Workspace().write('secret', 'x');
	chmodSync(workspace.file('secret'), 0);
	const verdict = await workspace.check({type: 'content_contains', path: 'secret', pattern: 'x'});
	assert.match(verdict.message, /cannot be read: permission denied/);
});

test('a path that ends in a slash asks for a folder', async () => {
	using workspace = new Workspace().write('reports/a', '');
	assert.equal((await workspace.check(exists('reports/'))).passed, true);
	assert.equal((await workspace.check(exists('reports'))).passed, false);
	assert.equal((await workspace.check(exists('reports/a/'))).passed, false);
});

test('a path that leaves the workspace by .. fails, also out of a value; other ways are the user’s own', async () => {
	using workspace = new Workspace().write('in/a.txt', 'x');
	using outside = new Workspace().write('b.txt', 'x');
	symlinkSync(outside.root, workspace.file('link'));
	const leaving = ['../b.txt', 'in/../../b.txt', '{workspace}/../b.txt', '{item}', '/etc/../etc/passwd', '..'];
	for (const path of leaving) {
		const placeholders = {...workspace.context().placeholders, item: '../../etc/passwd'};
		const verdict = await workspace.check(exists(path), {placeholders});
		assert.equal(verdict.passed, false, path);
		assert.match(verdict.message, /leaves the workspace by \.\./, path);
	}
	for (const path of ['in/../in/a.txt', '{workspace}/in/a.txt', outside.file('b.txt'), 'link/b.txt', './in//a.txt']) {
		assert.equal((await workspace.check(exists(path))).passed, true, path);
	}
	workspace.write('..hidden', '');
	assert.equal((await workspace.check(exists('..hidden'))).passed, true);
});

test('a placeholder without a value is named, and doubled braces are braces', async () => {
	using workspace = new Workspace().write('{x}.md', '');
	assert.match((await workspace.check(exists('{nosuch}.md'))).message, /uses \{nosuch\}, which has no value/);
	assert.match((await workspace.check(exists('{constructor}.md'))).message, /uses \{constructor\}, which has no value/);
	assert.equal((await workspace.check(exists('{{x}}.md'))).passed, true);
	assert.match((await workspace.check(exists('{item}'), {placeholders: {item: ' '}})).message, /is empty/);
});

test('an aborted check gives a verdict for every rule, and knows nothing', async () => {
	using workspace = new Workspace().write('a', '');
	const verdicts = await checkRules(
		[exists('a'), exists('b')].map(parseRule),
		workspace.context({signal: AbortSignal.abort()}),
	);
	assert.deepEqual(
		verdicts.map(({rule, passed, actual}) => [rule, passed, actual]),
		[
			[0, false, 'interrupted'],
			[1, false, 'interrupted'],
		],
	);
});
