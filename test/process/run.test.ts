import assert from 'node:assert/strict';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import {readProcess} from '../../source/process/process-table.js';
import {type Exited, type ProcessOptions, runProcess} from '../../source/process/run.js';
import {env} from './children.js';

const linux = {skip: process.platform === 'linux' ? false : 'reads /proc'};

describe('a program that runs to its end', () => {
	let folder = '';
	before(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'process-'));
	});
	after(() => rmSync(folder, {recursive: true}));

	const run = async (argv: string[], options: Partial<ProcessOptions> = {}): Promise<Exited> => {
		const result = await runProcess({argv, cwd: folder, env, ...options});
		assert.equal(result.type, 'exited', JSON.stringify(result));
		return result as Exited;
	};
	const sh = (script: string, options?: Partial<ProcessOptions>) => run(['sh', '-c', script], options);
	const logs = (name: string) => ({
		stdout: path.join(folder, `${name}.stdout.log`),
		stderr: path.join(folder, `${name}.stderr.log`),
	});

	test('tells exit code, both outputs and how long it took', async () => {
		const {exitCode, tails, durationMs, ...rest} = await sh('echo out; echo err >&2; exit 3');
		assert.equal(exitCode, 3);
		assert.deepEqual(tails, {stdout: 'out\n', stderr: 'err\n'});
		assert.ok(durationMs > 0 && durationMs < 60_000);
		assert.deepEqual(rest, {type: 'exited', timedOut: false, aborted: false, left: []});
	});

	test('tells the signal that ended it', async () => {
		const result = await sh('kill -KILL $$');
		assert.equal(result.endedBy, 'SIGKILL');
		assert.equal(result.exitCode, undefined);
		assert.equal(result.aborted, false);
	});

	test('gets the words as they are, with no shell in between', async () => {
		const {tails} = await run(['printf', '%s|', 'a b', '$HOME', '*', '"', '']);
		assert.equal(tails.stdout, 'a b|$HOME|*|"||');
	});

	test('has the environment it was given and nothing else, but for the marker', async () => {
		const {tails} = await run(['env'], {env: {...env, ONE: '1'}, marker: 'run/1-1'});
		assert.deepEqual(tails.stdout.trim().split('\n').sort(), ['MOZART_ATTEMPT=run/1-1', 'ONE=1', `PATH=${env.PATH}`]);
	});

	test('leads a session of its own, so that the terminal’s signals never reach it', linux, async () => {
		const spawned: number[] = [];
		const {tails} = await sh('cat /proc/$$/stat', {onSpawn: pid => spawned.push(pid)});
		const [pid, , , , group, session] = tails.stdout.split(' ').map(Number);
		assert.deepEqual(spawned, [pid]);
		assert.deepEqual([group, session], [pid, pid]);
	});

	test('reads its input to the last byte, 2 MB too', async () => {
		const {tails} = await run(['wc', '-c'], {input: 'ä'.repeat(1 << 20)});
		assert.equal(tails.stdout.trim(), String(2 << 20));
	});

	test('need not read its input', async () => {
		const input = 'x'.repeat(2 << 20);
		assert.equal((await run(['true'], {input})).exitCode, 0);
		assert.equal((await sh('exec <&-; echo closed; exit 4', {input})).exitCode, 4);
	});

	test('finds its input empty when it gets none', async () => {
		assert.equal((await run(['wc', '-c'])).tails.stdout.trim(), '0');
	});

	test('has all it printed in the log files, byte for byte, after what was in them', async () => {
		const files = logs('bytes');
		writeFileSync(files.stdout, 'before ');
		await sh(String.raw`printf 'a\000\377\033[31m\r\n'; printf '\303' >&2`, {logs: files});
		assert.deepEqual(readFileSync(files.stdout), Buffer.from('before a\0\xff\x1b[31m\r\n', 'latin1'));
		assert.deepEqual(readFileSync(files.stderr), Buffer.from([0xc3]));
	});

	test('leaves no log file when it prints nothing', async () => {
		const files = logs('silent');
		await sh('echo only this', {logs: files});
		assert.ok(existsSync(files.stdout));
		assert.ok(!existsSync(files.stderr));
	});

	test('is heard live, with broken UTF-8 made harmless', async () => {
		const heard = {stdout: '', stderr: ''};
		await sh(String.raw`printf '\342\202'; printf 'err\n' >&2; printf '\254 \377 \342\202'`, {
			onOutput: ({stream, text}) => {
				heard[stream] += text;
			},
		});
		assert.deepEqual(heard, {stdout: '€ \ufffd \ufffd', stderr: 'err\n'});
	});

	test('runs on when its log cannot be written, and the problem is told', async () => {
		const files = {stdout: path.join(folder, 'no-such-folder', 'log'), stderr: path.join(folder, 'fine.log')};
		const result = await sh('head -c 300000 /dev/zero; echo end >&2', {logs: files});
		assert.equal(result.exitCode, 0);
		assert.match(result.logProblem ?? '', /^The log .*no-such-folder.* could not be written to its end: ENOENT/);
		assert.equal(readFileSync(files.stderr, 'utf8'), 'end\n');
	});

	test('runs on when the disk is full', {skip: existsSync('/dev/full') ? false : 'no /dev/full'}, async () => {
		const files = {stdout: '/dev/full', stderr: path.join(folder, 'also.log')};
		const result = await sh('head -c 3000000 /dev/zero; exit 5', {logs: files});
		assert.equal(result.exitCode, 5);
		assert.match(result.logProblem ?? '', /ENOSPC/);
	});

	test('is not started when it was stopped before', async () => {
		const result = await runProcess({argv: ['true'], cwd: folder, env, signal: AbortSignal.abort()});
		assert.deepEqual(result, {type: 'not-started'});
	});

	test('has ended by itself when it was done before the stop took hold', linux, async () => {
		const stop = new AbortController();
		const result = await sh('exit 0', {
			signal: stop.signal,
			onSpawn(pid) {
				while (readProcess(pid)?.alive);
				stop.abort();
			},
		});
		assert.equal(result.aborted, false);
		assert.equal(result.exitCode, 0);
	});

	test('may be given more time than a timer holds', async () => {
		assert.equal((await run(['sleep', '0.1'], {timeoutMs: 1e12})).timedOut, false);
	});

	test('leaves no listener on the signal behind', async () => {
		const stop = new AbortController();
		let listeners = 0;
		const {addEventListener, removeEventListener} = stop.signal;
		stop.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
			listeners++;
			addEventListener.apply(stop.signal, args);
		};
		stop.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
			listeners--;
			removeEventListener.apply(stop.signal, args);
		};
		await run(['true'], {signal: stop.signal});
		assert.equal(listeners, 0);
	});
});
