import assert from 'node:assert/strict';
import {mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import path from 'node:path';
import {after, before, beforeEach, describe, test} from 'node:test';
import {Attempts, key, now} from './attempts.js';

describe('an attempt by the Anthropic API', () => {
	let attempts: Attempts;
	before(async () => {
		attempts = await new Attempts().open();
	});
	after(() => attempts.close());
	beforeEach(() => {
		attempts.api.replies.length = 0;
		attempts.api.requests.length = 0;
	});

	const kindOf = async (settings: object = {}) => {
		const {failure} = await attempts.run(settings);
		return failure?.kind;
	};

	test('sends the prompt with its settings and the key, and tells the reply, what it used and what it cost', async () => {
		attempts.api.replies.push({text: 'All is well.', usage: {input_tokens: 400, cache_read_input_tokens: 5_000}});
		const {live, failure, usage, spawned, aborted, sessions} = await attempts.run({
			model: 'claude-sonnet-5',
			max_tokens: 99,
		});
		assert.deepEqual(
			{failure, spawned, aborted, live},
			{failure: undefined, spawned: true, aborted: false, live: 'All is well.\n'},
		);
		assert.deepEqual(usage, {
			...{inputTokens: 400, outputTokens: 10, cacheReadTokens: 5_000, cacheWriteTokens: 0},
			costUsd: (400 * 2 + 10 * 10 + 5_000 * 0.2) / 1e6,
		});
		assert.equal(attempts.kept(path.basename(attempts.log('stdout'))), 'All is well.\n');
		assert.deepEqual(sessions, [path.basename(attempts.log('stdout'), '.stdout.log')]);
		const [{headers, body} = assert.fail()] = attempts.api.requests;
		assert.equal(headers.authorization, `Bearer ${key}`);
		assert.deepEqual(body, {
			...{model: 'claude-sonnet-5', max_tokens: 99, stream: true},
			messages: [{role: 'user', content: [{type: 'text', text: 'Write the report.'}]}],
		});
	});

	test('sends a temperature only when it is set, with the version of the API that takes one', async () => {
		attempts.api.replies.push({text: 'a'}, {text: 'b'});
		await attempts.run();
		await attempts.run({temperature: 0.2});
		const [without, withOne] = attempts.api.requests;
		assert.equal(without?.body.temperature, undefined);
		assert.notEqual(without?.headers['anthropic-version'], '2023-06-01');
		assert.deepEqual([withOne?.body.temperature, withOne?.headers['anthropic-version']], [0.2, '2023-06-01']);
	});

	test('writes the reply to its file, whole and with nothing beside it; the model is told so', async () => {
		attempts.api.replies.push({text: '# Report\n\nfine'});
		const {failure} = await attempts.run({output: {file: '{workspace}/out/batch-{batch_num}.md'}});
		assert.equal(failure, undefined);
		assert.equal(attempts.read('out/batch-1.md'), '# Report\n\nfine\n');
		assert.deepEqual(readdirSync(path.join(attempts.workspace, 'out')), ['batch-1.md']);
		assert.match(String(attempts.api.requests[0]?.body.system), /^Your last reply is written to a file as it is/);
	});

	test('writes nowhere but in the workspace: no way out by dots, links or batches of that name', async () => {
		symlinkSync(attempts.folder, path.join(attempts.workspace, 'link'));
		mkdirSync(path.join(attempts.workspace, '.mozart'));
		symlinkSync('.mozart', path.join(attempts.workspace, 'state'));
		mkdirSync(path.join(attempts.workspace, 'there'));
		writeFileSync(path.join(attempts.workspace, 'plain'), '');
		for (const file of [
			'../out.md',
			'/tmp/out.md',
			'link/out.md',
			'link/new/out.md',
			'.mozart/journal.jsonl',
			'.Mozart/journal.jsonl',
			'deeper/.mozart/journal.jsonl',
			'state/journal.jsonl',
			'state/new/journal.jsonl',
			'there',
			'plain/out.md',
			'plain/new/out.md',
			'folder/',
			'.',
		]) {
			const {failure, spawned} = await attempts.run({output: {file}});
			assert.deepEqual([failure?.kind, spawned], ['config', false], file);
		}
		assert.equal(attempts.api.requests.length, 0);
	});

	test('a link that leads out by the time of the reply is not followed, and a file keeps its mode', async () => {
		const folder = path.join(attempts.workspace, 'later');
		attempts.api.replies.push(response => {
			symlinkSync(attempts.folder, folder);
			attempts.api.answer(response, {text: 'out'});
		});
		const {failure, spawned} = await attempts.run({output: {file: 'later/out.md'}});
		assert.deepEqual([failure?.kind, spawned], ['config', true]);
		assert.ok(!readdirSync(attempts.folder).includes('out.md'));

		const file = path.join(attempts.workspace, 'mine.md');
		writeFileSync(file, 'before', {mode: 0o600});
		attempts.api.replies.push({text: 'after'});
		assert.equal((await attempts.run({output: {file: 'mine.md'}})).failure, undefined);
		assert.deepEqual([attempts.read('mine.md'), statSync(file).mode & 0o777], ['after\n', 0o600]);
	});

	test('a reply that was cut off or is empty is not written', async () => {
		attempts.api.replies.push({text: 'half of it', stop: 'max_tokens'}, {text: ''}, {text: 'No.', stop: 'refusal'});
		const output = {output: {file: 'never.md'}};
		const cut = await attempts.run({...output, max_tokens: 5});
		assert.equal(cut.failure?.kind, 'transient');
		assert.match(
			cut.failure.message,
			/cut off after 5 tokens \(backend\.max_tokens\), and another try may fare no better: raise it/,
		);
		assert.equal((await attempts.run(output)).failure?.kind, 'transient');
		assert.equal((await attempts.run(output)).failure?.kind, 'refused');
		assert.ok(!readdirSync(attempts.workspace).includes('never.md'));
	});

	test('a limit is known by its status, and when it lifts by whatever header tells that', async () => {
		const reset = new Date(now + 90_000).toISOString();
		const headers: Record<string, string>[] = [
			{'retry-after': '90'},
			{'retry-after-ms': '90000'},
			{'retry-after': new Date(now + 90_000).toUTCString()},
			{'anthropic-ratelimit-requests-remaining': '0', 'anthropic-ratelimit-requests-reset': reset},
			{'anthropic-ratelimit-tokens-remaining': '0', 'anthropic-ratelimit-tokens-reset': reset},
			{
				'anthropic-ratelimit-input-tokens-remaining': '0',
				'anthropic-ratelimit-input-tokens-reset': reset,
				'anthropic-ratelimit-output-tokens-remaining': '70',
				'anthropic-ratelimit-output-tokens-reset': new Date(now + 900_000).toISOString(),
			},
			{
				'anthropic-ratelimit-unified-status': 'rejected',
				'anthropic-ratelimit-unified-representative-claim': 'five_hour',
				'anthropic-ratelimit-unified-reset': String((now + 90_000) / 1000),
			},
		];
		for (const one of headers) {
			attempts.api.replies.push({status: 429, error: 'rate_limit_error', headers: one});
			const {failure} = await attempts.run();
			assert.deepEqual([failure?.kind, failure?.until], ['rate_limit', now + 90_000], JSON.stringify(one));
		}
		attempts.api.replies.push({status: 429, error: 'rate_limit_error'});
		const {failure} = await attempts.run();
		assert.deepEqual([failure?.kind, failure?.until, failure?.brief], ['rate_limit', undefined, true]);
		assert.equal(attempts.api.requests.length, headers.length + 1, 'the SDK asks once, the engine decides');
	});

	test('a service that is too busy is asked again when it says so', async () => {
		const headers = {'retry-after': '90', 'anthropic-ratelimit-requests-reset': new Date(now + 9_000).toISOString()};
		attempts.api.replies.push(
			{status: 529, error: 'overloaded_error', headers},
			{status: 503, error: 'api_error_of_a_gateway', headers},
			{status: 529, error: 'overloaded_error', headers: {...headers, 'retry-after': 'soon'}},
		);
		for (const until of [now + 90_000, now + 90_000, undefined]) {
			const {failure} = await attempts.run();
			assert.deepEqual([failure?.kind, failure?.until], ['overloaded', until], failure?.message);
		}
	});

	test('what is left of a quota is told once little is left, the least of all windows', async () => {
		const quota = {
			'anthropic-ratelimit-requests-limit': '50',
			'anthropic-ratelimit-requests-remaining': '5',
			'anthropic-ratelimit-requests-reset': new Date(now + 30_000).toISOString(),
			'anthropic-ratelimit-tokens-limit': '1000',
			'anthropic-ratelimit-tokens-remaining': '900',
			'anthropic-ratelimit-unified-5h-utilization': '0.84',
		};
		attempts.api.replies.push(
			{text: 'a', headers: quota},
			{text: 'b', headers: {'anthropic-ratelimit-unified-5h-utilization': '0.4'}},
		);
		assert.deepEqual((await attempts.run()).warned, [{utilization: 0.9, window: 'requests', resetsAt: now + 30_000}]);
		assert.deepEqual((await attempts.run()).warned, []);
	});

	test('refusals are known by status and words, and their sentences quote them', async () => {
		const refusals = [
			[401, 'authentication_error', 'invalid x-api-key', 'auth'],
			[403, 'permission_error', 'Your API key does not have permission', 'auth'],
			[400, 'invalid_request_error', 'Your credit balance is too low to access the API', 'billing'],
			[400, 'invalid_request_error', 'prompt is too long: 213477 tokens > 200000 maximum', 'prompt_too_long'],
			[413, 'request_too_large', 'Request exceeds the maximum size', 'prompt_too_long'],
			[404, 'not_found_error', 'model: claude-nothing', 'config'],
			[400, 'invalid_request_error', 'temperature: Extra inputs are not permitted', 'config'],
			[529, 'overloaded_error', 'Overloaded', 'overloaded'],
			[500, 'api_error', 'Internal server error', 'transient'],
		] as const;
		for (const [status, error, message, kind] of refusals) {
			attempts.api.replies.push({status, error, message});
			const {failure, live} = await attempts.run();
			assert.equal(failure?.kind, kind, message);
			assert.ok(failure.message.includes(message), failure.message);
			assert.equal(live, `${failure.message}\n`);
			assert.equal(attempts.kept(path.basename(attempts.log('stderr'))), live);
		}
	});

	test('a spending limit lifts when its sentence says so', async () => {
		const message =
			'You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.';
		attempts.api.replies.push({status: 400, error: 'invalid_request_error', message});
		const {failure} = await attempts.run();
		assert.deepEqual([failure?.kind, failure?.until], ['rate_limit', Date.parse('2026-12-01T00:00:00Z')]);
	});

	test('an error page of a proxy is quoted by its title', async () => {
		attempts.api.replies.push(response =>
			response
				.writeHead(502, {'content-type': 'text/html'})
				.end('<html>\r\n<head><title>502 Bad Gateway</title></head></html>'),
		);
		const {failure} = await attempts.run();
		assert.equal(failure?.message, 'The Anthropic API failed on its side ("502 Bad Gateway").');
	});

	test('a page in place of an answer is no reply', async () => {
		attempts.api.replies.push(response =>
			response.writeHead(200, {'content-type': 'text/html'}).end('<html>Log in to the network</html>'),
		);
		const {failure} = await attempts.run({output: {file: 'page.md'}});
		assert.equal(failure?.kind, 'transient');
		assert.match(failure.message, /answered in a way that is not known/);
	});

	test('a stream that breaks off has failed, however it does so, and what it had used is counted', async () => {
		const text = 'some of it';
		attempts.api.replies.push(
			{text, broken: 'cut'},
			{text, broken: 'end'},
			{text, broken: {error: 'overloaded_error'}},
			{text, broken: {error: 'api_error'}},
			{text, broken: {error: 'rate_limit_error'}},
		);
		const output = {output: {file: 'broken.md'}};
		for (const kind of ['network', 'network', 'overloaded', 'transient', 'rate_limit']) {
			const {failure, usage, live} = await attempts.run(output);
			assert.equal(failure?.kind, kind, failure?.message);
			assert.equal(usage?.inputTokens, 1000);
			assert.match(live, /^some of it/);
		}
		assert.ok(!readdirSync(attempts.workspace).includes('broken.md'));
	});

	test('a stream that stalls, and a server that never answers, are given up after a while', async () => {
		attempts.api.replies.push({text: 'some', broken: 'stall'}, {hang: true});
		for (const live of ['some\n', '']) {
			const ended = await attempts.run({idle_timeout_seconds: 0.1});
			assert.deepEqual([ended.failure?.kind, ended.aborted], ['timeout', false]);
			assert.match(ended.failure?.message ?? '', /was silent for 0\.1 s \(backend\.idle_timeout_seconds\)/);
			assert.ok(ended.live.startsWith(live), ended.live);
		}
	});

	test('each request has a connection of its own: none is lost with one that the server closes', async () => {
		const used = new WeakSet<object>();
		const once = (text: string, calls: {name: string; input: object}[] = []) =>
			attempts.api.replies.push({text, calls});
		attempts.api.onConnected = socket => {
			if (used.has(socket)) socket.destroy();
			used.add(socket);
		};
		once('', [{name: 'list_files', input: {}}]);
		once('done');
		once('again');
		for (let n = 0; n < 2; n++) assert.equal((await attempts.run({tools: 'workspace'})).failure, undefined);
		attempts.api.onConnected = () => {};
	});

	test('slow is not silent, also when only signs of life come', async () => {
		attempts.api.replies.push(response => {
			response.writeHead(200, {'content-type': 'text/event-stream'});
			let left = 8;
			const timer = setInterval(() => {
				response.write('event: ping\ndata: {"type": "ping"}\n\n');
				if (--left > 0) return;
				clearInterval(timer);
				response.destroy();
			}, 60);
		});
		assert.equal(await kindOf({idle_timeout_seconds: 0.4}), 'network');
	});

	test('an attempt has its time, however much is said', async () => {
		attempts.api.replies.push(response => {
			response.writeHead(200, {'content-type': 'text/event-stream'});
			const timer = setInterval(() => response.write('event: ping\ndata: {}\n\n'), 20);
			response.once('close', () => clearInterval(timer));
		});
		const {failure} = await attempts.run({timeout_seconds: 0.2, idle_timeout_seconds: 5});
		assert.equal(failure?.kind, 'timeout');
		assert.match(failure.message, /was not done after 0\.2 s \(backend\.timeout_seconds\)/);
	});

	test('a stop ends it at once: in a stalled stream, while connecting, and before it has begun', async () => {
		const stop = new AbortController();
		const calls = [{name: 'write_file', input: {path: 'a.md', content: 'a'}}];
		attempts.api.replies.push({text: '', calls}, {text: 'some', broken: 'stall'});
		const onOutput = ({text}: {text: string}) => text.includes('some') && stop.abort();
		const stalled = await attempts.run({tools: 'workspace'}, {signal: stop.signal, onOutput});
		assert.deepEqual([stalled.failure?.kind, stalled.aborted, stalled.sessions], ['interrupted', true, []]);
		assert.equal(stalled.usage?.inputTokens, 2000, 'what it used is known all the same');

		const connecting = new AbortController();
		const silent = createServer(() => connecting.abort()).listen(0, '127.0.0.1');
		await new Promise(resolve => silent.once('listening', resolve));
		const port = (silent.address() as {port: number}).port;
		const ended = await attempts.run({base_url: `http://127.0.0.1:${port}`}, {signal: connecting.signal});
		assert.deepEqual([ended.failure?.kind, ended.aborted], ['interrupted', true]);
		await new Promise(resolve => silent.close(resolve));

		const {spawned, aborted} = await attempts.run({}, {signal: AbortSignal.abort()});
		assert.deepEqual({spawned, aborted}, {spawned: false, aborted: true});
	});

	test('what cannot be reached is a fault of the network, with a word on where to look', async () => {
		const closed = createServer().listen(0, '127.0.0.1');
		await new Promise(resolve => closed.once('listening', resolve));
		const {port} = closed.address() as {port: number};
		await new Promise(resolve => closed.close(resolve));
		const refused = await attempts.run({base_url: `http://127.0.0.1:${port}`});
		assert.equal(refused.failure?.kind, 'network');
		assert.match(
			refused.failure.message,
			/cannot be reached \("connect ECONNREFUSED .*check the network, the proxy and backend\.base_url/,
		);
		const unknown = await attempts.run({base_url: 'http://no-such-host.invalid'});
		assert.equal(unknown.failure?.kind, 'network');
		const secure = await attempts.run({base_url: attempts.api.url.replace('http:', 'https:')});
		assert.equal(secure.failure?.kind, 'network');
	});

	test('no redirect is followed: the key goes where it was meant for, and nowhere else', async () => {
		attempts.api.replies.push(response =>
			response.writeHead(307, {location: `${attempts.api.url}/elsewhere?key=${key}`}).end(),
		);
		const {failure} = await attempts.run();
		assert.equal(failure?.kind, 'config');
		assert.match(
			failure.message,
			/is not at this address and points to http:\/\/127\.0\.0\.1:\d+\/elsewhere: .*backend\.base_url/,
		);
		assert.doesNotMatch(failure.message, /4711/);
		assert.equal(attempts.api.requests.length, 1);
	});

	test('a reply of 10 MB comes whole to file, log and screen', async () => {
		const text = 'All work and no play. '.repeat(500_000).trim();
		attempts.api.replies.push({text});
		const {failure, live} = await attempts.run({output: {file: 'long.md'}});
		assert.equal(failure, undefined);
		assert.ok(attempts.read('long.md') === `${text}\n`);
		assert.ok(live === `${text}\n`);
		assert.equal(statSync(attempts.log('stdout')).size, text.length + 1);
	});

	test('without a key, or with one that cannot be one, nothing is sent', async () => {
		const none = await attempts.run({api_key_env: 'MY_KEY'});
		assert.deepEqual([none.failure?.kind, none.spawned], ['auth', false]);
		assert.match(none.failure?.message ?? '', /^There is no key for the Anthropic API: set MY_KEY in your environment/);
		const odd = await attempts.run({}, {env: {ANTHROPIC_API_KEY: 'two words'}});
		assert.deepEqual([odd.failure?.kind, odd.spawned], ['auth', false]);
		assert.doesNotMatch(odd.failure?.message ?? '', /two words/);
		const user = await attempts.run({base_url: 'https://me:secret@example.org'});
		assert.deepEqual([user.failure?.kind, user.spawned], ['config', false]);
		assert.doesNotMatch(user.failure?.message ?? '', /secret/);
		assert.equal(attempts.api.requests.length, 0);
	});

	test('a key that the model has come to know reaches neither screen nor log nor what is kept', async () => {
		attempts.api.replies.push({text: `The key is ${key}, and it opens everything.`});
		const {live, sessions} = await attempts.run();
		const stars = 'The key is ***, and it opens everything.';
		assert.equal(live, `${stars}\n`);
		assert.equal(attempts.kept(path.basename(attempts.log('stdout'))), `${stars}\n`);
		const conversation = `${sessions[0]}.conversation.json`;
		assert.match(attempts.kept(conversation), /The key is \*\*\*, and/);
		assert.equal(statSync(path.join(attempts.attempts, conversation)).mode & 0o777, 0o600);
	});
});
