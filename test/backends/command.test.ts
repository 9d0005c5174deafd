import assert from 'node:assert/strict';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import type {BackendRequest, Output} from '../../source/backends/backend.js';
import {createCommandBackend} from '../../source/backends/command.js';
import {failureSchema} from '../../source/core/failure.js';

describe('the command backend', () => {
	let folder = '';
	before(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'command-'));
		writeFileSync(path.join(folder, 'prompt.md'), 'kept prompt');
	});
	after(() => rmSync(folder, {recursive: true}));

	const attempt = async (command: string[], changes: Partial<BackendRequest> & {stdin?: 'prompt' | 'none'} = {}) => {
		const {stdin = 'prompt', ...rest} = changes;
		const heard: Output[] = [];
		const pids: number[] = [];
		const request: BackendRequest = {
			mode: 'normal',
			prompt: 'the prompt',
			promptFile: path.join(folder, 'prompt.md'),
			cwd: folder,
			placeholders: {batch_num: '7', items: 'a b'},
			env: {PATH: process.env.PATH ?? '/usr/bin:/bin'},
			marker: 'run/7-1',
			logs: {stdout: path.join(folder, 'stdout.log'), stderr: path.join(folder, 'stderr.log')},
			timeoutMs: 60_000,
			signal: new AbortController().signal,
			newSession: () => assert.fail('it keeps no sessions'),
			keepPrompt: () => assert.fail('it asks once'),
			onSpawn: pid => pids.push(pid ?? 0),
			onOutput: output => heard.push(output),
			...rest,
		};
		rmSync(request.logs.stdout, {force: true});
		rmSync(request.logs.stderr, {force: true});
		const result = await createCommandBackend({type: 'command', command, stdin, timeout_seconds: 60}).run(request);
		if (result.failure) failureSchema.parse(result.failure);
		assert.equal(result.spawned, pids.length === 1);
		return {
			result,
			heard,
			log: existsSync(request.logs.stdout) ? readFileSync(request.logs.stdout, 'utf8') : undefined,
		};
	};

	test('gives the prompt on standard input, hears the output live and keeps it in the log', async () => {
		const {result, heard, log} = await attempt(['cat']);
		const {durationMs, ...rest} = result;
		assert.deepEqual(rest, {spawned: true, exitCode: 0, aborted: false});
		assert.ok(durationMs > 0);
		assert.deepEqual(heard, [{stream: 'stdout', text: 'the prompt'}]);
		assert.equal(log, 'the prompt');
	});

	test('gives nothing on standard input when the job says so; the prompt file is there all the same', async () => {
		assert.equal((await attempt(['cat'], {stdin: 'none'})).log, undefined);
		assert.equal((await attempt(['cat', '{prompt_file}'], {stdin: 'none'})).log, 'kept prompt');
	});

	test('fills in placeholders in every word, once, and leaves the rest alone', async () => {
		const {log} = await attempt(['printf', '%s|', '{batch_num}', 'x{items}y', '{{batch_num}}', '{other}'], {
			placeholders: {batch_num: '7', items: '{batch_num} $(echo no)'},
		});
		assert.equal(log, '7|x{batch_num} $(echo no)y|{batch_num}|{other}|');
	});

	test('carries the marker in the environment', async () => {
		assert.equal((await attempt(['sh', '-c', 'echo $MOZART_ATTEMPT'])).log, 'run/7-1\n');
	});

	test('a bad end is transient, with the last that was said on stderr', async () => {
		const {result} = await attempt([
			'sh',
			'-c',
			String.raw`echo out; printf '\033[31mno\007 luck\033[0m\n' >&2; exit 3`,
		]);
		assert.equal(result.exitCode, 3);
		assert.deepEqual(result.failure, {kind: 'transient', message: 'sh ended with exit code 3.', raw: 'no luck'});
	});

	test('with nothing on stderr, the end of stdout tells', async () => {
		const {result} = await attempt(['sh', '-c', 'seq 1 5000; exit 1']);
		assert.match(result.failure?.raw ?? '', /^\d{4}\n[\d\n]+\n5000$/);
		assert.ok((result.failure?.raw?.length ?? 0) <= 4_000);
		const silent = await attempt(['false']);
		assert.deepEqual(silent.result.failure, {
			kind: 'transient',
			message: 'false ended with exit code 1. It printed nothing.',
		});
	});

	test('an end by a signal is transient and names it', async () => {
		const {result} = await attempt(['sh', '-c', 'echo x; kill -KILL $$']);
		assert.equal(result.endedBy, 'SIGKILL');
		assert.equal(result.exitCode, undefined);
		assert.equal(result.failure?.kind, 'transient');
		assert.match(result.failure?.message ?? '', /^sh was ended from outside by SIGKILL \(.*memory runs out\)\.$/);
	});

	test('too long is a timeout', async () => {
		const {result} = await attempt(['sleep', '60'], {timeoutMs: 50});
		assert.equal(result.aborted, false);
		assert.equal(result.endedBy, 'SIGTERM');
		assert.equal(result.failure?.kind, 'timeout');
		assert.match(result.failure?.message ?? '', /^sleep was not done after 0\.05 s \(backend\.timeout_seconds\)/);
	});

	test('stopped is interrupted, whether it had begun or not', async () => {
		const stop = new AbortController();
		const {result} = await attempt(['sh', '-c', 'echo begun; exec sleep 60'], {
			signal: stop.signal,
			onOutput: () => stop.abort(),
		});
		assert.equal(result.aborted, true);
		assert.equal(result.spawned, true);
		assert.equal(result.failure?.kind, 'interrupted');
		const before = await attempt(['true'], {signal: stop.signal});
		assert.equal(before.result.aborted, true);
		assert.equal(before.result.spawned, false);
		assert.equal(before.result.failure?.kind, 'interrupted');
	});

	test('a program that cannot be started is a matter of configuration', async () => {
		const {result} = await attempt(['no-such-cli', '-p']);
		assert.equal(result.spawned, false);
		assert.equal(result.failure?.kind, 'config');
		assert.match(result.failure?.message ?? '', /^The program no-such-cli was not found in PATH/);
		assert.match(result.failure?.raw ?? '', /ENOENT/);
	});

	test('a word that no program can be given is refused with the way out', async () => {
		const long = await attempt(['echo', 'see {items}'], {placeholders: {items: 'x'.repeat(131_072 - 4)}});
		assert.deepEqual(long.result, {
			spawned: false,
			durationMs: 0,
			aborted: false,
			failure: {
				kind: 'config',
				message:
					'Word 2 of backend.command ("see {items}") is 129 KB long; the system takes 128 KB a word. Give long or unusual text on standard input (stdin: prompt) or as a file ({prompt_file}) instead.',
			},
		});
		const fits = await attempt(['true', 'see {items}'], {placeholders: {items: 'x'.repeat(131_072 - 5)}});
		assert.equal(fits.result.exitCode, 0);
		const nul = await attempt(['echo', '{items}'], {placeholders: {items: 'a\0b'}});
		assert.match(nul.result.failure?.message ?? '', /^Word 2 .* holds a NUL character/);
		assert.equal(nul.result.failure?.kind, 'config');
	});

	test('a log that cannot be written is said, live and with the failure', async () => {
		const gone = path.join(folder, 'gone', 'log');
		const {result, heard} = await attempt(['sh', '-c', 'echo x; exit 1'], {logs: {stdout: gone, stderr: gone}});
		assert.match(result.failure?.message ?? '', /^sh ended with exit code 1\. The log .* could not be written/);
		assert.match(heard.at(-1)?.text ?? '', /The log .* could not be written/);
	});
});
