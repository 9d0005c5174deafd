import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {type ChatReply, ChatServer} from '../support/chat-server.js';
import {batchOf, Story} from '../support/story.js';

const write = (...names: string[]): ChatReply => ({
	text: '',
	calls: names.map(name => ({name: 'write_file', input: {path: name, content: `${name}\n`}})),
});

describe('a job done by a server with OpenAI’s API', () => {
	let server: ChatServer;
	let story: Story;
	beforeEach(async () => {
		server = await new ChatServer().open();
		story = new Story({PATH: process.env.PATH ?? '', TZ: 'UTC'});
	});
	afterEach(async () => {
		story.remove();
		await server.close();
	});

	const run = (replies: ChatReply[], backend: object = {}, more: object = {}) => {
		server.replies.push(...replies);
		return story.run(
			story.write({
				name: 'story',
				backend: {type: 'openai_compatible', model: 'small', base_url: server.url, tools: 'workspace', ...backend},
				batch: {size: 1, total_items: 1},
				prompt: {template: 'Write a, b and c for batch {{ batch_num }}.'},
				validations: [...'abc'].map(name => ({type: 'file_exists', path: `${name}-{batch_num}.md`})),
				pause_between_batches_seconds: 0,
				...more,
			}),
		);
	};
	const lengths = () => server.requests.map(({body}) => body.messages.length);

	test('a completion goes on with the conversation, tools and all', async () => {
		const replies = [write('a-1.md', 'b-1.md'), {text: 'Done.'}, write('c-1.md'), {text: 'Now it is.'}];
		const ended = await run(replies);
		assert.equal(ended.result, 'completed');
		assert.equal(batchOf(ended, 1).attempt, 2);
		assert.deepEqual(lengths(), [2, 5, 7, 9]);
		assert.deepEqual(
			server.body(2).messages.map(({role}) => role),
			['system', 'user', 'assistant', 'tool', 'tool', 'assistant', 'user'],
		);
		assert.match(server.body(2).messages.at(-1)?.content ?? '', /c-1\.md/);
		assert.deepEqual([batchOf(ended, 1).usage?.inputTokens, batchOf(ended, 1).usage?.costUsd], [4000, undefined]);
	});

	test('a conversation that has grown too long for the model is given up for the whole prompt', async () => {
		const full = {status: 500, error: 'Context size has been exceeded.', type: 'server_error'};
		const ended = await run([write('a-1.md', 'b-1.md'), {text: 'Done.'}, full, write('c-1.md'), {text: 'So.'}]);
		assert.equal(ended.result, 'completed');
		assert.deepEqual(lengths(), [2, 5, 7, 2, 4]);
	});

	test('a server that still loads its model is waited for, and one that limits until it lifts that; none costs a retry', async () => {
		const replies = [
			{status: 503, error: 'Loading model', type: 'unavailable_error', code: 503},
			{status: 429, error: 'slow down', headers: {'retry-after': '120'}},
			write('a-1.md', 'b-1.md', 'c-1.md'),
			{text: 'Done.'},
		];
		const ended = await run(replies);
		assert.equal(ended.result, 'completed');
		assert.deepEqual(
			story.of('limit-seen').map(({failure}) => failure.kind),
			['overloaded', 'rate_limit'],
		);
		assert.deepEqual([batchOf(ended, 1).retries, ended.totals.waits], [0, 2]);
	});

	test('a model that cannot use tools pauses the job with a word on what to do', async () => {
		const ended = await run([{status: 400, error: 'small does not support tools', type: 'api_error'}]);
		assert.equal(ended.result, 'paused');
		assert.match(ended.reason ?? '', /cannot let this model use tools .*choose another model/);
	});

	test('a way out of the workspace is an answer for the model, and no file', async () => {
		const replies = [write('../out.md', '.mozart/x', 'a-1.md', 'b-1.md', 'c-1.md'), {text: 'Done.'}];
		assert.equal((await run(replies)).result, 'completed');
		assert.ok(!existsSync(path.join(story.folder, 'out.md')));
		const results = server.body(1).messages.filter(({role}) => role === 'tool');
		assert.deepEqual(
			results.map(({content}) => content?.startsWith('Error: ')),
			[true, true, false, false, false],
		);
	});
});
