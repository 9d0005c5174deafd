import assert from 'node:assert/strict';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {MessagesApi, type Reply, type RequestBody} from '../support/messages-api.js';
import {batchOf, Story} from '../support/story.js';

const call = (name: string, input: object) => ({name, input});
const write = (...names: string[]): Reply => ({
	text: '',
	calls: names.map(name => call('write_file', {path: name, content: `${name}\n`})),
});
const rulesFor = (names: string) => [...names].map(name => ({type: 'file_exists', path: `${name}-{batch_num}.md`}));

/** The texts and results of one message. */
const textsOf = (body: RequestBody | undefined, index: number): string[] => {
	const content = body?.messages.at(index)?.content ?? [];
	return typeof content === 'string' ? [content] : content.map(({text, content: result}) => text ?? String(result));
};

describe('a job done by the Anthropic API', () => {
	let api: MessagesApi;
	let story: Story;
	beforeEach(async () => {
		api = await new MessagesApi('all').open();
		story = new Story({PATH: process.env.PATH ?? '', ANTHROPIC_API_KEY: 'sk-ant-story-4711', TZ: 'UTC'});
	});
	afterEach(async () => {
		story.remove();
		await api.close();
	});

	const job = (backend: object, more: object = {}) => ({
		name: 'story',
		backend: {type: 'anthropic_api', base_url: api.url, ...backend},
		batch: {size: 1, total_items: 1},
		prompt: {template: 'Write a, b and c for batch {{ batch_num }}.'},
		validations: rulesFor('abc'),
		pause_between_batches_seconds: 0,
		...more,
	});
	const run = (replies: Reply[], backend: object, more: object = {}) => {
		api.replies.push(...replies);
		return story.run(story.write(job(backend, more)));
	};
	const bodies = () => api.requests.map(({body}) => body);

	test('with tools it writes files, turn by turn, and everything it used is counted', async () => {
		const replies: Reply[] = [
			{text: 'Let me begin.', calls: [call('write_file', {path: 'a-1.md', content: 'a\n'})]},
			write('b-1.md', 'c-1.md'),
			{text: 'All three are there.'},
		];
		const ended = await run(replies, {tools: 'workspace'});
		assert.equal(ended.result, 'completed');
		assert.equal(story.read('workspace/c-1.md'), 'c-1.md\n');
		assert.match(story.live, /^Let me begin\.\n\n● write_file a-1\.md\n {2}↳ .*\n● write_file b-1\.md\n/);
		assert.match(story.live, /\nAll three are there\.\n$/);
		assert.deepEqual([batchOf(ended, 1).usage?.inputTokens, batchOf(ended, 1).usage?.outputTokens], [3000, 30]);
		const [first, second, third] = bodies();
		assert.deepEqual(
			[first, second, third].map(body => body?.messages.length),
			[1, 3, 5],
		);
		assert.ok(first?.tools?.some(({name}) => name === 'write_file'));
		const [system] = (first?.system ?? []) as {text: string; cache_control?: object}[];
		assert.match(system?.text ?? '', /^You work on files in the folder \S+\/workspace/);
		assert.deepEqual(system?.cache_control, {type: 'ephemeral'}, 'the tools are the same for all batches');
		assert.equal(textsOf(third, -1).length, 2, 'the results of one turn go back together');
	});

	test('a tool that is used wrongly, or would leave the workspace, tells the model so', async () => {
		const replies: Reply[] = [
			{text: '', calls: [call('write_file', {path: '../out.md', content: 'x'}), call('run_shell', {command: 'true'})]},
			write('a-1.md', 'b-1.md', 'c-1.md'),
			{text: 'done'},
		];
		const ended = await run(replies, {tools: 'workspace'});
		assert.equal(ended.result, 'completed');
		assert.ok(!existsSync(path.join(story.folder, 'out.md')));
		const results = bodies()[1]?.messages.at(-1)?.content as unknown as {is_error: boolean}[];
		assert.deepEqual(
			results.map(({is_error: isError}) => isError),
			[true, true],
		);
	});

	test('a tool loop marks the ends of what was told last, so that the next turn reads them from the cache', async () => {
		await run([write('a-1.md'), write('b-1.md'), write('c-1.md'), {text: 'done'}], {tools: 'workspace'});
		const marks = bodies().map(({messages}) =>
			messages.flatMap(({content}, index) =>
				(content as {cache_control?: unknown}[]).flatMap(block => (block.cache_control ? [index] : [])),
			),
		);
		assert.deepEqual(marks, [[0], [0, 2], [2, 4], [4, 6]]);
	});

	test('what is the same for all batches stands in a marked block of its own, byte by byte the same', async () => {
		const rules = 'Mind the rules, each and every one of them.\n'.repeat(60);
		const template = `${rules}Items {{ start_item }} to {{ end_item }}, for {{ stakes }}.`;
		const more = {batch: {size: 10, total_items: 120}, prompt: {template, stakes: 'science'}, validations: []};
		api.onAsked = () => ({text: 'ok'});
		const ended = await run([], {output: {file: 'reply-{batch_num}.md'}}, more);
		assert.equal(ended.result, 'completed');
		const contents = bodies().map(({messages}) => messages[0]?.content as {text: string; cache_control?: object}[]);
		assert.equal(contents.length, 12);
		assert.equal(new Set(bodies().map(({system}) => system)).size, 1);
		for (const [index, [head, rest]] of contents.entries()) {
			assert.deepEqual(head, {type: 'text', text: rules, cache_control: {type: 'ephemeral'}});
			assert.deepEqual(rest, {type: 'text', text: `Items ${index * 10 + 1} to ${index * 10 + 10}, for science.`});
		}
		assert.equal(readFileSync(story.paths.promptFile(2, 1), 'utf8'), `${rules}Items 11 to 20, for science.`);
	});

	test('a completion goes on with the conversation: what was said, then only what is missing', async () => {
		const replies: Reply[] = [write('a-1.md', 'b-1.md'), {text: 'Done.'}, write('c-1.md'), {text: 'Now it is.'}];
		const ended = await run(replies, {tools: 'workspace'});
		assert.equal(ended.result, 'completed');
		assert.equal(batchOf(ended, 1).attempt, 2);
		assert.deepEqual(
			story.of('attempt-prepared').map(({sessionId}) => sessionId),
			['1-1', '1-2'],
		);
		const [, , completion] = bodies();
		assert.equal(completion?.messages.length, 5);
		assert.deepEqual(textsOf(completion, 0), ['Write a, b and c for batch 1.']);
		assert.deepEqual(textsOf(completion, 3), ['Done.']);
		assert.match(textsOf(completion, 4).join(), /c-1\.md/);
		assert.doesNotMatch(textsOf(completion, 4).join(), /Write a, b and c/);
		assert.equal(readFileSync(story.paths.promptFile(1, 2), 'utf8'), textsOf(completion, 4).join());
	});

	test('a conversation outlives the program: what comes later goes on with it', async () => {
		story.onEvent = (event, {engine}) => {
			if (event.type === 'completion-scheduled') void engine.send({type: 'stop', mode: 'now'});
		};
		const stopped = await run([write('a-1.md', 'b-1.md'), {text: 'Done.'}], {tools: 'workspace'});
		assert.equal(stopped.result, 'paused');
		const ended = await run([write('c-1.md'), {text: 'Now it is.'}], {tools: 'workspace', model: 'claude-opus-5-5'});
		assert.equal(ended.result, 'completed');
		assert.deepEqual(
			bodies().map(({model, messages}) => [model, messages.length]),
			[
				['claude-sonnet-5-5', 1],
				['claude-sonnet-5-5', 3],
				['claude-opus-5-5', 5],
				['claude-opus-5-5', 7],
			],
		);
	});

	test('a completion that cannot go on begins anew with the whole prompt, in the same attempt', async () => {
		const lost: Record<string, (file: string) => void> = {
			damaged: file => writeFileSync(file, '{"format":1,"messages":[{"role":"us'),
			'of another kind': file => writeFileSync(file, JSON.stringify({format: 1, api: 'other', messages: ['x']})),
		};
		for (const [what, spoil] of Object.entries(lost)) {
			api.requests.length = 0;
			story.remove();
			mkdirSync(story.folder);
			story.events.length = 0;
			story.onEvent = (event, {paths}) => {
				if (event.type === 'completion-scheduled') spoil(path.join(paths.attempts, '1-1.conversation.json'));
			};
			const ended = await run([write('a-1.md', 'b-1.md'), {text: 'Done.'}, write('c-1.md'), {text: 'So.'}], {
				tools: 'workspace',
			});
			assert.equal(ended.result, 'completed', what);
			assert.equal(batchOf(ended, 1).attempt, 2);
			assert.equal(bodies()[2]?.messages.length, 1, what);
			assert.match(textsOf(bodies()[2], 0).join(), /Write a, b and c for batch 1\./);
			assert.match(story.live, /the conversation cannot go on: the whole prompt begins a new one/);
			assert.match(readFileSync(story.paths.promptFile(1, 2), 'utf8'), /Write a, b and c for batch 1\./);
		}
	});

	for (const refusal of [
		{status: 400, error: 'invalid_request_error', message: 'messages.1: unexpected thinking block'},
		{status: 413, error: 'request_too_large', message: 'Request exceeds the maximum size'},
	])
		test(`a conversation that the API does not take any more (${refusal.error}) is given up for the whole prompt`, async () => {
			const replies: Reply[] = [write('a-1.md', 'b-1.md'), {text: 'Done.'}, refusal, write('c-1.md'), {text: 'So.'}];
			const ended = await run(replies, {tools: 'workspace'});
			assert.equal(ended.result, 'completed');
			assert.equal(batchOf(ended, 1).attempt, 2);
			assert.deepEqual(
				bodies().map(({messages}) => messages.length),
				[1, 3, 5, 1, 3],
			);
		});

	test('a limit is waited out until its reset, and an overloaded service for a moment; neither costs a retry', async () => {
		const limit = {status: 429, error: 'rate_limit_error', headers: {'retry-after': '120'}};
		const before = story.clock.time;
		const replies: Reply[] = [limit, {text: 'some', broken: {error: 'overloaded_error'}}, {text: 'reply'}];
		const ended = await run(replies, {output: {file: 'a-{batch_num}.md'}}, {validations: rulesFor('a')});
		assert.equal(ended.result, 'completed');
		assert.deepEqual(
			story.of('limit-seen').map(({failure}) => failure.kind),
			['rate_limit', 'overloaded'],
		);
		const waited = (story.of('limit-seen')[0]?.until ?? 0) - before;
		// The clock of a story goes on while a busy machine is slow.
		assert.ok(waited >= 120_000 && waited < 180_000, String(waited));
		assert.deepEqual([batchOf(ended, 1).retries, ended.totals.waits], [0, 2]);
		assert.equal(story.read('workspace/a-1.md'), 'reply\n');
	});

	test('a quota that is nearly used up is told to the run, which then starts fewer at once', async () => {
		const headers = {'anthropic-ratelimit-unified-5h-utilization': '0.9'};
		const ended = await run([{text: 'a', headers}], {}, {validations: []});
		assert.equal(ended.result, 'completed');
		assert.deepEqual(
			story.of('limit-warned').map(({utilization, window}) => [utilization, window]),
			[[0.9, 'five_hour']],
		);
	});

	test('without a key the job pauses and says what to do; no request was sent, and nothing is judged', async () => {
		const ended = await run([], {api_key_env: 'NO_SUCH_KEY'});
		assert.equal(ended.result, 'paused');
		assert.match(ended.reason ?? '', /There is no key for the Anthropic API: set NO_SUCH_KEY in your environment/);
		assert.deepEqual([story.of('attempt-spawned').length, story.of('validated').length], [0, 0]);
	});

	test('a key by any name is masked, in what is said and in what is kept', async () => {
		story.remove();
		story = new Story({PATH: process.env.PATH ?? '', MY_CLAUDE: 'no-prefix-4711-at-all'});
		const failing = {status: 401, error: 'authentication_error', message: 'no-prefix-4711-at-all is not valid'};
		const ended = await run([failing], {api_key_env: 'MY_CLAUDE'});
		assert.equal(ended.result, 'paused');
		assert.match(ended.reason ?? '', /does not take the key \("\*\*\* is not valid"\)/);
		assert.doesNotMatch(readFileSync(story.paths.journal, 'utf8') + story.live, /4711/);
	});

	test('turns are limited, and what is there by then counts', async () => {
		const more: Reply[] = Array.from({length: 3}, () => write('a-1.md'));
		const backend = {tools: 'workspace', max_turns: 3};
		const ended = await run(more, backend, {retry: {max_retries: 0, max_completion_attempts: 0}});
		assert.equal(ended.result, 'failed');
		assert.match(
			story.of('attempt-ended')[0]?.outcome.failure?.message ?? '',
			/not done after 3 turns \(backend\.max_turns\)/,
		);
		assert.equal(api.requests.length, 3);
	});

	test('its costs count towards the budget, by the prices of the job where it has any', async () => {
		api.onAsked = () => ({text: 'ok'});
		const more = {validations: [], batch: {size: 1, total_items: 5}, budget: {max_cost_usd: 0.2}};
		const ended = await run([], {model: 'my-own', prices: {input: 100, output: 0}}, more);
		assert.equal(ended.result, 'paused');
		assert.match(ended.reason ?? '', /budget of the job is spent: \$0\.20 of \$0\.20/);
		assert.equal(ended.totals.attempts, 2);
	});
});
