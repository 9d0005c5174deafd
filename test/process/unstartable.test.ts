import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import {runProcess} from '../../source/process/run.js';
import {explain, type Unstartable} from '../../source/process/unstartable.js';
import {env} from './children.js';

describe('a program that cannot be started', () => {
	let folder = '';
	before(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'unstartable-'));
		writeFileSync(path.join(folder, 'plain.sh'), 'echo hi\n', {mode: 0o644});
		writeFileSync(path.join(folder, 'lost.sh'), '#!/no/such/interpreter -x\necho hi\n', {mode: 0o755});
		mkdirSync(path.join(folder, 'inner'));
	});
	after(() => rmSync(folder, {recursive: true}));

	const attempt = async (argv: string[], options: {cwd?: string; env?: Record<string, string>} = {}) => {
		const spawned: number[] = [];
		const input = 'never read';
		const result = await runProcess({argv, cwd: folder, env, input, onSpawn: pid => spawned.push(pid), ...options});
		assert.equal(result.type, 'unstartable', JSON.stringify(result));
		assert.deepEqual(spawned, []);
		const {message, raw, temporary} = result as Unstartable;
		assert.ok(raw.length > 0 && raw.length <= 1_000);
		assert.doesNotMatch(message, /\n/);
		assert.equal(temporary, false);
		return message;
	};
	const here = (name: string) => path.join(folder, name);

	test('because it is missing: the sentence names it and the way out', async () => {
		assert.equal(
			await attempt(['no-such-program', '-p']),
			'The program no-such-program was not found in PATH: install it, or write its full path.',
		);
		assert.equal(
			await attempt(['./inner/none']),
			`The program ./inner/none does not exist (looked for at ${here('inner/none')}): correct the path.`,
		);
		assert.match(await attempt(['true'], {env: {PATH: here('inner')}}), /^The program true was not found in PATH/);
	});

	test('because it is in the folder, not in PATH', async () => {
		assert.equal(
			await attempt(['plain.sh']),
			`The program plain.sh is not in PATH, but in ${folder}: write ./plain.sh.`,
		);
	});

	test('because a whole command line was written as one word', async () => {
		assert.match(await attempt(['echo hello']), /no program named "echo hello": write program and arguments as words/);
	});

	test('because it is not executable', async () => {
		assert.match(await attempt(['./plain.sh']), new RegExp(`^${here('plain.sh')} is not executable: run chmod \\+x`));
	});

	test('because it is a folder', async () => {
		assert.equal(await attempt(['./inner']), `${here('inner')} is a folder, not a program: write the program itself.`);
	});

	test('because its interpreter is missing', async () => {
		assert.equal(
			await attempt(['./lost.sh']),
			`${here('lost.sh')} exists, but the interpreter that it names ("#!/no/such/interpreter -x") does not: install that, or correct its first line.`,
		);
	});

	test('because the folder to run in is missing, or none', async () => {
		assert.match(await attempt(['true'], {cwd: here('gone')}), /^The folder .*gone, .* true .* does not exist/);
		assert.match(await attempt(['true'], {cwd: here('plain.sh')}), /plain\.sh, .* true .* is not a folder/);
	});

	test('because its arguments are too long for the system', async () => {
		assert.match(
			await attempt(['true', 'x'.repeat(9 << 20)]),
			/^The command of true is too long .*\(9217 KB .*: hand long text over on standard input or in a file\.$/,
		);
	});

	test('because the command is empty or holds a NUL', async () => {
		assert.match(await attempt([]), /^The command is empty/);
		assert.match(await attempt(['']), /^The command is empty/);
		assert.match(await attempt(['true', 'a\0b']), /^Word 2 of the command of true holds a NUL/);
		assert.match(await attempt(['true'], {cwd: `${folder}\0`}), /NUL/);
		assert.match(await attempt(['true'], {env: {A: '\0'}}), /variable "A" holds a NUL/);
	});

	test('just now, because the system is short of something, may be tried again', () => {
		const error = Object.assign(new Error('spawn true EAGAIN'), {code: 'EAGAIN'});
		const {message, temporary} = explain(error, {argv: ['true'], cwd: folder, env});
		assert.equal(temporary, true);
		assert.match(message, /^true could not be started just now.*EAGAIN/);
	});
});
