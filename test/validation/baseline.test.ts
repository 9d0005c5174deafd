import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import {test} from 'node:test';
import {fileStateSchema} from '../../source/core/verdict.js';
import {takeBaseline} from '../../source/validation/baseline.js';
import {parseRule, Workspace} from './workspace.js';

const modified = (path: string) => ({type: 'file_modified', path});

async function note(workspace: Workspace, ...paths: string[]) {
	const rules = paths.map(path => parseRule(modified(path)));
	const {placeholders} = workspace.context();
	workspace.baseline = await takeBaseline(rules, {
		workspace: workspace.root,
		placeholders,
		snapshots: workspace.file('snapshots'),
	});
}

test('the baseline notes size, time and hash of each watched file once, with a private copy of the small ones', async () => {
	using workspace = new Workspace().write('t-2.md', 'tracker').write('big', Buffer.alloc(1024 * 1024 + 1));
	await note(workspace, 't-{batch_num}.md', '{workspace}/t-2.md', 'big', 'none', '../out', '{nosuch}');
	const [tracker, big, none, ...rest] = workspace.baseline.map(state => fileStateSchema.parse(state));
	const hash = createHash('sha256').update('tracker').digest('hex');
	assert.deepEqual(tracker, {
		path: 't-2.md',
		exists: true,
		size: 7,
		mtimeMs: statSync(workspace.file('t-2.md')).mtimeMs,
		hash,
		copied: true,
	});
	assert.deepEqual([big?.size, big?.copied, big?.hash?.length], [1024 * 1024 + 1, false, 64]);
	assert.deepEqual(none, {path: 'none', exists: false});
	assert.deepEqual(rest, []);
	assert.deepEqual(readdirSync(workspace.file('snapshots')), [hash]);
	assert.equal(readFileSync(workspace.file(`snapshots/${hash}`), 'utf8'), 'tracker');
	assert.equal(statSync(workspace.file(`snapshots/${hash}`)).mode & 0o777, 0o600);
	assert.equal(statSync(workspace.file('snapshots')).mode & 0o777, 0o700);
});

test('a damaged copy is written again, and a copy that cannot be kept costs only the copy', async () => {
	using workspace = new Workspace().write('t', 'tracker');
	await note(workspace, 't');
	const copy = workspace.file(`snapshots/${workspace.baseline[0]?.hash}`);
	writeFileSync(copy, '');
	await note(workspace, 't');
	assert.equal(readFileSync(copy, 'utf8'), 'tracker');
	rmSync(workspace.file('snapshots'), {recursive: true});
	workspace.write('snapshots', 'in the way');
	await note(workspace, 't');
	assert.equal(workspace.baseline[0]?.copied, false);
	assert.equal(workspace.baseline[0]?.hash?.length, 64);
});

test('a watched file passes when it is new or holds something else, and stays passed against the same baseline', async () => {
	using workspace = new Workspace().write('a', 'one').write('b', 'one');
	await note(workspace, 'a', 'b', 'c');
	workspace.write('a', 'two').write('b', 'longer').write('c', '');
	for (const round of [1, 2]) {
		for (const [path, sentence] of Object.entries({
			a: /^a changed/,
			b: /^b changed \(3 bytes before, 6 bytes now\)/,
			c: /^c was made/,
		})) {
			const verdict = await workspace.check(modified(path));
			assert.equal(verdict.passed, true, `${path} in round ${round}`);
			assert.match(verdict.message, sentence);
		}
	}
});

test('other content of the same size and with the same time counts as a change', async () => {
	using workspace = new Workspace().write('a', 'one');
	await note(workspace, 'a');
	const {atime, mtime} = statSync(workspace.file('a'));
	workspace.write('a', 'two');
	utimesSync(workspace.file('a'), atime, mtime);
	assert.equal((await workspace.check(modified('a'))).passed, true);
});

test('a watched file fails when it is untouched, only touched, deleted, never made or no file any more', async () => {
	using workspace = new Workspace();
	for (const name of ['same', 'touched', 'gone', 'folder']) workspace.write(name, 'one');
	await note(workspace, 'same', 'touched', 'gone', 'folder', 'never');
	utimesSync(workspace.file('touched'), new Date(), new Date(Date.UTC(2040, 0)));
	rmSync(workspace.file('gone'));
	rmSync(workspace.file('folder'));
	mkdirSync(workspace.file('folder'));
	const told = {
		same: 'same is unchanged (3 bytes); expected it to be changed',
		touched: 'touched was touched, but its content is the same; expected it to be changed',
		gone: 'gone does not exist; it was there before',
		folder: 'folder is a folder, not a file',
		never: 'never does not exist; expected it to be made',
	};
	for (const [path, message] of Object.entries(told)) {
		const verdict = await workspace.check(modified(path));
		assert.deepEqual([verdict.passed, verdict.message], [false, message]);
	}
});

test('without an earlier state the verdict says why', async () => {
	using workspace = new Workspace().write('a', 'one');
	assert.match((await workspace.check(modified('a'))).message, /^a has no earlier state to compare with/);
	mkdirSync(workspace.file('folder'));
	await note(workspace, 'folder');
	assert.deepEqual(workspace.baseline, []);
});

test('a file too large for a hash is told apart by size and time', async () => {
	using workspace = new Workspace().write('a', 'one');
	const {mtimeMs} = statSync(workspace.file('a'));
	workspace.baseline = [{path: 'a', exists: true, size: 3, mtimeMs}];
	assert.equal((await workspace.check(modified('a'))).passed, false);
	workspace.baseline = [{path: 'a', exists: true, size: 3, mtimeMs: mtimeMs - 1}];
	assert.equal((await workspace.check(modified('a'))).passed, true);
});
