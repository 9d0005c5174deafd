import assert from 'node:assert/strict';
import {chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {makeFolder} from '../../source/store/make-folder.js';
import {openStateFolder, setStateAside} from '../../source/store/state-folder.js';
import {failureOf, fill, ok, readOnlyFolder, scratch, smallDisk} from './scratch.js';

const mode = (path: string) => statSync(path).mode & 0o777;

test('a state folder is private, unseen by git, and knows the path of every file in it', async t => {
	const workspace = join(scratch(t), 'new', 'workspace');
	const {paths} = ok(await openStateFolder(workspace, 'hello-1'));
	const root = join(workspace, '.mozart', 'hello-1');
	assert.equal(paths.root, root);
	assert.equal(paths.journal, join(root, 'journal.jsonl'));
	assert.equal(paths.checkpoint, join(root, 'checkpoint.json'));
	assert.equal(paths.promptFile(3, 1), join(root, 'attempts', '3-1.prompt.md'));
	assert.equal(paths.stdoutLog(3, 1), join(root, 'attempts', '3-1.stdout.log'));
	assert.equal(paths.stderrLog(12, 4), join(root, 'attempts', '12-4.stderr.log'));
	assert.equal(paths.snapshotFile('ab12'), join(root, 'snapshots', 'ab12'));
	for (const folder of [join(workspace, '.mozart'), root, paths.attempts, paths.snapshots])
		assert.equal(mode(folder), 0o700);
	assert.equal(readFileSync(join(workspace, '.mozart', '.gitignore'), 'utf8'), '*\n');
	assert.notEqual(mode(workspace), 0o700, 'the workspace itself is an ordinary folder');
});

test('opening again keeps what is there, mends permissions and an empty .gitignore', async t => {
	const workspace = scratch(t);
	const {paths} = ok(await openStateFolder(workspace, 'hello-1'));
	writeFileSync(paths.journal, 'kept');
	chmodSync(paths.root, 0o755);
	writeFileSync(join(workspace, '.mozart', '.gitignore'), '');
	ok(await openStateFolder(workspace, 'hello-1'));
	assert.equal(readFileSync(paths.journal, 'utf8'), 'kept');
	assert.equal(mode(paths.root), 0o700);
	assert.equal(readFileSync(join(workspace, '.mozart', '.gitignore'), 'utf8'), '*\n');
});

test('a fresh start moves the old state aside and overwrites no older one', async t => {
	const workspace = scratch(t);
	const now = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
	assert.deepEqual(await setStateAside(workspace, 'a-1', now), {movedTo: undefined});
	const moved: (string | undefined)[] = [];
	for (const text of ['first', 'second']) {
		const {paths} = ok(await openStateFolder(workspace, 'a-1'));
		writeFileSync(paths.journal, text);
		moved.push(ok(await setStateAside(workspace, 'a-1', now)).movedTo);
		assert.equal(existsSync(paths.root), false);
	}
	const stamp = join(workspace, '.mozart', 'a-1.2026-01-02T030405.006Z');
	assert.deepEqual(moved, [stamp, `${stamp}-2`]);
	assert.equal(readFileSync(join(stamp, 'journal.jsonl'), 'utf8'), 'first');
});

test('a workspace that cannot hold state is refused in one sentence with the path', async t => {
	const folder = scratch(t);
	const file = join(folder, 'file');
	writeFileSync(file, '');
	for (const workspace of [file, join(file, 'below')]) {
		const {message} = failureOf(await openStateFolder(workspace, 'a-1'));
		assert.match(message, /^A folder is needed at .*, but a file is there or above it: .*--workspace\.$/);
		assert.ok(message.includes(workspace), message);
	}
	mkdirSync(join(folder, 'w'));
	writeFileSync(join(folder, 'w', '.mozart'), '');
	assert.match(
		failureOf(await openStateFolder(join(folder, 'w'), 'a-1')).message,
		/needed at .*w\/\.mozart, but a file/,
	);
	const readOnly = readOnlyFolder(t);
	if (readOnly) {
		const {message} = failureOf(await openStateFolder(join(readOnly, 'w'), 'a-1'));
		assert.match(message, /\/w( is on a read-only disk: .*|: change its owner .*)--workspace\.$/);
	}
	const disk = smallDisk(t);
	if (!disk) return;
	fill(disk);
	const {message} = failureOf(await openStateFolder(disk, 'a-1'));
	assert.match(message, /^No space is left on the disk that holds .*: free some, then run the same command again\.$/);
});

test('a place where no folder can be made at all is said, and not tried for ever', {
	skip: process.platform !== 'linux',
}, async () => {
	const opened = await openStateFolder('/proc/no-such-place/deeper', 'job-1');
	assert.ok('failure' in opened);
	assert.match(opened.failure.message, /\/proc/);
});

test('several programs may make the same folders at the same moment', async t => {
	const folder = join(scratch(t), 'a', 'b', 'c');
	const made = await Promise.all([1, 2, 3].map(() => makeFolder(folder)));
	assert.equal(made.filter(Boolean).length, 1);
	assert.ok(existsSync(folder));
});
