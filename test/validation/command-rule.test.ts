import assert from 'node:assert/strict';
import {existsSync, readFileSync, watch} from 'node:fs';
import {test} from 'node:test';
import {Workspace} from './workspace.js';

const runs = (command: string | string[], more = {}) => ({type: 'command_succeeds', command, ...more});

test('a list runs without a shell in the workspace, with its placeholders filled in', async () => {
	using workspace = new Workspace();
	const script = 'require("fs").writeFileSync("out", process.cwd() + process.argv[1])';
	const verdict = await workspace.check(runs([process.execPath, '-e', script, ';{batch_num}$HOME{{}}']));
	assert.equal(verdict.passed, true);
	assert.match(readFileSync(workspace.file('out'), 'utf8'), /;2\$HOME\{\}$/);
});

test('a string is for the shell, and a value never becomes a command there', async () => {
	using workspace = new Workspace();
	const placeholders = {item: '\'; touch hacked; $(touch hacked) `touch hacked` "x'};
	const command = 'a=1; printf %s "{item}" > out; printf %s "${a}{unknown}" >> out; test -n {item}x || true';
	await workspace.check(runs(command), {placeholders});
	assert.equal(readFileSync(workspace.file('out'), 'utf8'), `${placeholders.item}1{unknown}`);
	assert.equal(existsSync(workspace.file('hacked')), false);
});

test('a number or a plain path is the same in any quotes, and the verdict shows what was run', async () => {
	using workspace = new Workspace();
	const passes = await workspace.check(runs("echo 'batch 2' | grep -q 'batch {batch_num}$'"));
	assert.equal(passes.passed, true);
	const fails = await workspace.check(runs("echo no | grep -q 'batch {batch_num}$'"));
	assert.match(fails.expected, /grep -q 'batch 2\$'/);
	assert.match(fails.message, /grep -q 'batch 2\$'/);
});

test('a failing command is told with its exit code and the end of its output, control sequences taken out', async () => {
	using workspace = new Workspace();
	const verdict = await workspace.check(runs('printf "\\033[31mred\\033[0m\\n"; echo bad >&2; exit 3'));
	assert.equal(verdict.passed, false);
	assert.equal(verdict.actual, 'exit code 3, output:\nred\nbad');
	assert.match(
		verdict.message,
		/failed after \d+\.\d s with exit code 3; expected exit code 0 \(its last output: "red\\nbad"\)/,
	);
});

test('a command that takes too long is ended', async () => {
	using workspace = new Workspace();
	const verdict = await workspace.check(runs('sleep 600', {timeout_seconds: 0.2}));
	assert.equal(verdict.passed, false);
	assert.match(verdict.message, /was ended after 0\.2 s, its timeout_seconds/);
});

test('a command stopped by the user is interrupted, not failed', async () => {
	using workspace = new Workspace();
	const stop = new AbortController();
	const watcher = watch(workspace.root, () => stop.abort());
	const verdict = await workspace.check(runs('touch started; exec sleep 600'), {signal: stop.signal});
	watcher.close();
	assert.deepEqual([verdict.passed, verdict.actual], [false, 'interrupted']);
});

test('a command that cannot be started is a verdict', async () => {
	using workspace = new Workspace();
	assert.match((await workspace.check(runs(['no-such-program-here']))).message, /no-such-program-here/);
	assert.match((await workspace.check(runs(['echo', '{nosuch}']))).message, /uses \{nosuch\}/);
	assert.equal((await workspace.check(runs(['echo', 'a\0b']))).passed, false);
});
