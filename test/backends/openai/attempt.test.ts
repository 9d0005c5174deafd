import assert from 'node:assert/strict';
import {existsSync, readdirSync, statSync} from 'node:fs';
import {createServer} from 'node:net';
import path from 'node:path';
import {after, before, beforeEach, describe, test} from 'node:test';
import {key, now} from '../anthropic/attempts.js';
import {ChatAttempts} from './chat-attempts.js';

describe('an attempt by a server with OpenAI’s API', () => {
	let attempts: ChatAttempts;
	before(async () => {
		attempts = await new ChatAttempts().open();
	});
	after(() => attempts.close());
	beforeEach(() => {
		attempts.server.replies.length = 0;
		attempts.server.requests.length = 0;
	});
	test('sends the prompt without any key, and tells the reply and what it used', async () => {
		process.env.OPENAI_API_KEY = 'sk-of-the-environment';
		try {
			attempts.server.replies.push({text: 'All is well.', usage: {prompt_tokens_details: {cached_tokens: 600}}});
			const {live, failure, usage, spawned, sessions} = await attempts.run();
			assert.deepEqual({failure, spawned, live}, {failure: undefined, spawned: true, live: 'All is well.\n'});
			assert.deepEqual(usage, {inputTokens: 400, outputTokens: 10, cacheReadTokens: 600, cacheWriteTokens: 0});
			assert.equal(attempts.kept(path.basename(attempts.log('stdout'))), 'All is well.\n');
			assert.equal(sessions.length, 1);
			const [{headers, body} = assert.fail()] = attempts.server.requests;
			assert.equal(headers.authorization, undefined, 'a key of the environment is not for every server');
			assert.deepEqual(body, {
				...{model: 'small', stream: true, stream_options: {include_usage: true}},
				messages: [{role: 'user', content: 'Write the report.'}],
			});
		} finally {
			delete process.env.OPENAI_API_KEY;
		}
	});

	test('sends key, limits and temperature where the job names them, and counts the cost where it knows prices', async () => {
		attempts.server.replies.push({text: 'ok'});
		const settings = {api_key_env: 'MY_KEY', max_tokens: 99, temperature: 1.5, prices: {input: 2, output: 10}};
		const {usage} = await attempts.run(settings, {env: {MY_KEY: key}});
		const [{headers, body} = assert.fail()] = attempts.server.requests;
		assert.deepEqual([headers.authorization, body.max_tokens, body.temperature], [`Bearer ${key}`, 99, 1.5]);
		assert.equal(usage?.costUsd, (1000 * 2 + 10 * 10) / 1e6);
		const none = await attempts.run({api_key_env: 'MY_KEY'});
		assert.deepEqual([none.failure?.kind, none.spawned], ['auth', false]);
		assert.match(none.failure?.message ?? '', /^There is no key for the server at 127\.0\.0\.1:\d+: set MY_KEY/);
		const odd = await attempts.run({api_key_env: 'MY_KEY'}, {env: {MY_KEY: 'two words'}});
		assert.doesNotMatch(odd.failure?.message ?? '', /two words/);
		assert.equal(attempts.server.requests.length, 1);
	});

	test('writes the reply to its file, without what the model thought aloud', async () => {
		attempts.server.replies.push({text: '<think>\nHmm.\n</think>\n\n# Report', thoughts: 'To itself.'});
		const {failure, live} = await attempts.run({output: {file: 'out/batch-{batch_num}.md'}});
		assert.equal(failure, undefined);
		assert.equal(attempts.read('out/batch-1.md'), '# Report\n');
		assert.match(live, /^<think>/);
		const [system] = attempts.server.body(0).messages;
		assert.deepEqual([system?.role, /written to a file/.test(system?.content ?? '')], ['system', true]);
	});

	test('lets the model use tools, and hands back what it thought before it called one', async () => {
		attempts.server.replies.push(
			{text: 'Let me.', thoughts: 'a file, then', calls: [{name: 'write_file', input: {path: 'a.md', content: 'ä'}}]},
			{
				text: '',
				calls: [
					{name: 'read_file', input: {path: '../x'}},
					{name: 'list_files', input: ''},
				],
			},
			{text: 'Done.'},
		);
		const {failure, live, usage} = await attempts.run({tools: 'workspace'});
		assert.equal(failure, undefined);
		assert.equal(attempts.read('a.md'), 'ä');
		assert.match(live, /● write_file a\.md/);
		assert.deepEqual([usage?.inputTokens, usage?.outputTokens], [3000, 30]);
		const [, , said, result, called, outside, listed] = attempts.server.body(-1).messages;
		assert.deepEqual(said, {
			...{role: 'assistant', content: 'Let me.', reasoning_content: 'a file, then'},
			tool_calls: [
				{
					...{id: 'call_0', type: 'function'},
					function: {name: 'write_file', arguments: '{"path":"a.md","content":"ä"}'},
				},
			],
		});
		assert.deepEqual([result?.role, result?.tool_call_id], ['tool', 'call_0']);
		assert.equal(called?.content, null);
		assert.match(outside?.content ?? '', /^Error: .*outside of the workspace/);
		assert.match(listed?.content ?? '', /^a\.md/);
		assert.equal(attempts.server.body(0).tools?.[0]?.function.name, 'read_file');
	});

	test('goes on without calls of tools that nobody has offered', async () => {
		attempts.server.replies.push({text: 'Here it is.', calls: [{name: 'browse', input: {}}]});
		const {failure, live} = await attempts.run();
		assert.deepEqual([failure, live], [undefined, 'Here it is.\n']);
	});

	test('tells a model whose arguments are no JSON so, and does not hand those back', async () => {
		attempts.server.replies.push({text: '', calls: [{name: 'read_file', input: '{"path": '}]}, {text: 'Sorry.'});
		assert.equal((await attempts.run({tools: 'workspace'})).failure, undefined);
		const [, , said, result] = attempts.server.body(-1).messages;
		assert.equal(said?.tool_calls?.[0]?.function.arguments, '{}');
		assert.match(result?.content ?? '', /^Error: The input does not fit the tool/);
	});

	test('goes on where a server minds being asked for the tokens, and does not ask again', async () => {
		for (const body of [
			{error: {message: 'Unknown field: stream_options', type: 'invalid_request_error'}},
			{object: 'error', message: 'stream_options is not supported', type: 'BadRequestError', code: 400},
			{detail: [{loc: ['body', 'stream_options'], msg: 'extra fields not permitted'}]},
		]) {
			attempts.server.requests.length = 0;
			attempts.server.replies.push({status: 400, body}, {text: 'one'}, {text: 'two'});
			const settings = {model: JSON.stringify(body).slice(0, 20)};
			const first = await attempts.run(settings);
			assert.deepEqual([first.failure, first.usage], [undefined, undefined]);
			await attempts.run(settings);
			assert.deepEqual(
				attempts.server.requests.map(({body}) => body.stream_options !== undefined),
				[true, false, false],
			);
		}
	});

	test('calls the most tokens as the server wants them called', async () => {
		const error =
			"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
		attempts.server.replies.push({status: 400, error, code: 'unsupported_parameter'}, {text: 'one'});
		assert.equal((await attempts.run({max_tokens: 50})).failure, undefined);
		const {max_tokens: before, max_completion_tokens: after} = attempts.server.body(-1);
		assert.deepEqual([before, after], [undefined, 50]);
	});

	test('a server that tells no tokens is none that used none', async () => {
		attempts.server.replies.push({text: 'ok', usage: null});
		const {usage, failure} = await attempts.run({prices: {input: 1, output: 1}});
		assert.deepEqual([usage, failure], [undefined, undefined]);
	});

	test('a reply that was cut off, held back, declined or empty is no reply', async () => {
		const output = {output: {file: 'never.md'}};
		attempts.server.replies.push(
			{text: 'half', finish: 'length'},
			{text: '', calls: [{name: 'write_file', input: '{"path": "never'}], finish: 'length'},
			{text: 'bad', finish: 'content_filter'},
			{chunks: [{choices: [{index: 0, delta: {refusal: 'I cannot.'}, finish_reason: 'stop'}]}]},
			{text: ''},
			{text: 'x', finish: 'abort'},
		);
		const kinds: (string | undefined)[] = [];
		const messages: string[] = [];
		for (let n = 0; n < 6; n += 1) {
			const {failure} = await attempts.run({...output, tools: 'workspace'});
			kinds.push(failure?.kind);
			messages.push(failure?.message ?? '');
		}
		assert.deepEqual(kinds, ['transient', 'transient', 'refused', 'refused', 'transient', 'transient']);
		assert.match(messages[0] ?? '', /cut off.*backend\.max_tokens/);
		assert.match(messages[3] ?? '', /declined this prompt \("I cannot\."\)/);
		assert.ok(!existsSync(path.join(attempts.workspace, 'never.md')));
	});

	test('a limit is known by its status, and when it lifts by header or words', async () => {
		const told: [headers: Record<string, string>, error: string, until: number | undefined][] = [
			[{'retry-after': '90'}, 'slow down', now + 90_000],
			[{'retry-after-ms': '90000'}, 'slow down', now + 90_000],
			[{'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1m30s'}, 'slow down', now + 90_000],
			[
				{
					...{'x-ratelimit-remaining-requests': '7', 'x-ratelimit-reset-requests': '20m0s'},
					...{'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '90s'},
				},
				'slow down',
				now + 90_000,
			],
			[{}, 'Rate limit reached for small on tokens per min. Please try again in 1m30s.', now + 90_000],
			[{}, 'slow down', undefined],
		];
		for (const [headers, error, until] of told) {
			attempts.server.replies.push({status: 429, error, headers, code: 'rate_limit_exceeded'});
			const {failure} = await attempts.run();
			assert.deepEqual([failure?.kind, failure?.until], ['rate_limit', until], JSON.stringify([headers, error]));
			assert.equal(failure?.brief, until === undefined ? true : undefined);
		}
		assert.equal(attempts.server.requests.length, told.length, 'the SDK asks once, the engine decides');
	});

	test('a stream that breaks off has failed, however it does so', async () => {
		const error = (message: string, more: object = {}) => ({error: {message, ...more}});
		attempts.server.replies.push(
			{text: 'some', broken: 'cut'},
			{text: 'some', broken: 'end'},
			{text: 'some', broken: error('Context size has been exceeded.', {code: 500, type: 'server_error'})},
			{text: 'some', broken: error('slow down', {code: 'rate_limit_exceeded'})},
			{text: 'some', broken: error('no more', {code: 503})},
			{text: 'some', broken: error('what?')},
		);
		for (const kind of ['network', 'network', 'prompt_too_long', 'rate_limit', 'overloaded', 'transient']) {
			const {failure, live} = await attempts.run({output: {file: 'broken.md'}});
			assert.equal(failure?.kind, kind, failure?.message);
			assert.match(live, /^some/);
		}
		assert.ok(!readdirSync(attempts.workspace).includes('broken.md'));
	});

	test('a reply that was cut off behind its end is whole', async () => {
		attempts.server.replies.push(response => {
			response.writeHead(200, {'content-type': 'text/event-stream'});
			const chunk = {choices: [{index: 0, delta: {content: 'whole'}, finish_reason: 'stop'}]};
			response.write(`data: ${JSON.stringify(chunk)}\n\n`, () => response.destroy());
		});
		const {failure, live} = await attempts.run();
		assert.deepEqual([failure, live], [undefined, 'whole\n']);
	});

	test('a server that does not stream answers in one piece', async () => {
		const choice = (message: object, finish_reason: string) => ({choices: [{index: 0, message, finish_reason}]});
		const call = {id: 'a', type: 'function', function: {name: 'list_files', arguments: '{}'}};
		const usage = {prompt_tokens: 1000, completion_tokens: 10};
		const answers = [
			{...choice({role: 'assistant', content: null, tool_calls: [call]}, 'tool_calls'), usage},
			{...choice({role: 'assistant', content: 'in one\npiece'}, 'stop'), usage},
		];
		for (const answer of answers)
			attempts.server.replies.push(response =>
				response
					.writeHead(200, {'content-type': 'application/json; charset=utf-8'})
					.end(JSON.stringify(answer, null, 2)),
			);
		const {failure, live, usage: used} = await attempts.run({tools: 'workspace', output: {file: 'one.md'}});
		assert.equal(failure, undefined);
		assert.match(live, /● list_files[\s\S]*in one\npiece\n$/);
		assert.equal(attempts.read('one.md'), 'in one\npiece\n');
		assert.equal(used?.inputTokens, 2000);
		attempts.server.replies.push(
			response => response.writeHead(200, {'content-type': 'application/json'}).end('{"error": "out of memory"}'),
			response => response.writeHead(200, {'content-type': 'application/json'}).end('{"half'),
		);
		for (const words of [/out of memory/, /./]) {
			const ended = await attempts.run();
			assert.match(ended.failure?.kind ?? '', /transient|network/);
			assert.match(ended.failure?.message ?? '', words);
		}
	});

	test('a page or an answer without an end is no reply', async () => {
		attempts.server.replies.push(response =>
			response.writeHead(200, {'content-type': 'text/html'}).end('<html>Log in to the network</html>'),
		);
		attempts.server.replies.push(response => response.writeHead(999).end('?'));
		attempts.server.replies.push(response => response.writeHead(204).end());
		attempts.server.replies.push({chunks: [{usage: {}}, {choices: [{index: 0, delta: {}}]}]});
		for (let n = 0; n < 4; n += 1) {
			const {failure} = await attempts.run({output: {file: 'page.md'}});
			assert.ok(['network', 'transient'].includes(failure?.kind ?? ''), failure?.message);
		}
		assert.ok(!existsSync(path.join(attempts.workspace, 'page.md')));
	});

	test('a stream that stalls, and a server that never answers, are given up after a while', async () => {
		attempts.server.replies.push({text: 'some', broken: 'stall'}, {hang: true});
		for (const live of ['some\n', '']) {
			const ended = await attempts.run({idle_timeout_seconds: 0.1});
			assert.deepEqual([ended.failure?.kind, ended.aborted], ['timeout', false]);
			assert.match(ended.failure?.message ?? '', /was silent for 0\.1 s \(backend\.idle_timeout_seconds\)/);
			assert.ok(ended.live.startsWith(live));
		}
	});

	test('a stop ends it at once: in a stalled stream, while connecting, and before it has begun', async () => {
		const stop = new AbortController();
		attempts.server.replies.push({text: 'some', broken: 'stall'});
		const stalled = await attempts.run({}, {signal: stop.signal, onOutput: () => stop.abort()});
		assert.deepEqual([stalled.failure?.kind, stalled.aborted, stalled.sessions], ['interrupted', true, []]);
		const connecting = new AbortController();
		const silent = createServer(() => connecting.abort()).listen(0, '127.0.0.1');
		await new Promise(resolve => silent.once('listening', resolve));
		const {port} = silent.address() as {port: number};
		const ended = await attempts.run({base_url: `http://127.0.0.1:${port}/v1`}, {signal: connecting.signal});
		assert.deepEqual([ended.failure?.kind, ended.aborted], ['interrupted', true]);
		await new Promise(resolve => silent.close(resolve));
		const {spawned, aborted} = await attempts.run({}, {signal: AbortSignal.abort()});
		assert.deepEqual({spawned, aborted}, {spawned: false, aborted: true});
	});

	test('what cannot be reached is a fault of the network, and no redirect is followed', async () => {
		const closed = createServer().listen(0, '127.0.0.1');
		await new Promise(resolve => closed.once('listening', resolve));
		const {port} = closed.address() as {port: number};
		await new Promise(resolve => closed.close(resolve));
		const refused = await attempts.run({base_url: `http://127.0.0.1:${port}/v1`});
		assert.equal(refused.failure?.kind, 'network');
		assert.match(
			refused.failure.message,
			/^The server at 127\.0\.0\.1:\d+ does not answer \("connect ECONNREFUSED.*start it/,
		);
		assert.equal((await attempts.run({base_url: 'http://no-such-host.invalid/v1'})).failure?.kind, 'network');
		const secure = await attempts.run({base_url: attempts.server.url.replace('http:', 'https:')});
		assert.equal(secure.failure?.kind, 'network');
		attempts.server.replies.push(response => response.writeHead(308, {location: 'http://elsewhere.example/v1'}).end());
		const moved = await attempts.run();
		assert.equal(moved.failure?.kind, 'config', moved.failure?.message);
		assert.match(moved.failure.message, /points to http:\/\/elsewhere\.example\/v1/);
	});

	test('a wrong address is told from a missing model', async () => {
		const lost = await attempts.run({base_url: attempts.server.url.replace('/v1', '')});
		assert.equal(lost.failure?.kind, 'config');
		assert.match(lost.failure.message, /no chat completions at this address \("404 page not found"\).*\/v1/);
		assert.equal((await attempts.run({base_url: `${attempts.server.url}/chat/completions`})).spawned, false);
	});

	test('a reply of 10 MB comes whole to file, log and screen', async () => {
		const text = 'All work and no play. '.repeat(500_000).trim();
		attempts.server.replies.push({text});
		const {failure, live} = await attempts.run({output: {file: 'long.md'}});
		assert.equal(failure, undefined);
		assert.ok(attempts.read('long.md') === `${text}\n`);
		assert.ok(live === `${text}\n`);
		assert.equal(statSync(attempts.log('stdout')).size, text.length + 1);
	});
});
