import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {FakeClaude, optionOf, type Play} from '../support/claude.js';
import {batchOf, JumpingClock, Story} from '../support/story.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A job of one rule a file: a.md, b.md and c.md of each batch. */
const job = (more: object = {}) => ({
	name: 'story',
	backend: {skip_permissions: false},
	batch: {size: 1, total_items: 1},
	prompt: {template: 'Write a, b and c for batch {{ batch_num }}.'},
	validations: ['a', 'b', 'c'].map(name => ({type: 'file_exists', path: `${name}-{batch_num}.md`})),
	pause_between_batches_seconds: 0,
	...more,
});
const files = (batch: number, names: string) =>
	Object.fromEntries([...names].map(name => [`workspace/${name}-${batch}.md`, `${name}\n`]));

describe('a job done by Claude Code', () => {
	let claude: FakeClaude;
	let story: Story;
	beforeEach(() => {
		claude = new FakeClaude();
		story = new Story(claude.env);
	});
	afterEach(() => {
		claude.remove();
		story.remove();
	});

	const run = (plays: Play[], more: object = {}) => {
		claude.plays(plays);
		return story.run(story.write(job(more)));
	};

	test('the prompt is read on standard input, in a session with an id of ours', async () => {
		const ended = await run([{write: files(1, 'abc')}]);
		assert.equal(ended.result, 'completed');
		const [call, ...others] = claude.calls();
		assert.ok(call);
		assert.deepEqual(others, []);
		assert.equal(call.prompt, 'Write a, b and c for batch 1.');
		assert.equal(call.cwd, story.folder);
		const id = optionOf(call, '--session-id') ?? '';
		assert.match(id, uuid);
		assert.deepEqual(call.argv, ['-p', '--output-format', 'stream-json', '--verbose', '--session-id', id]);
		assert.equal(batchOf(ended, 1).session?.id, id);
		assert.match(story.live, /^I begin \(call 1\)\.\n\n● Write workspace\/a-1\.md\n {2}↳ File created\n/);
		assert.match(story.live, /\n\nDone\.\n\n✔ done · 2 turns · 1\.2 s · \$0\.05\n$/);
		const log = readFileSync(story.paths.stdoutLog(1, 1), 'utf8').trim().split('\n');
		assert.deepEqual([JSON.parse(log[0] ?? '').subtype, JSON.parse(log.at(-1) ?? '').type], ['init', 'result']);
	});

	test('settings become options, and a model is passed only when it is set', async () => {
		const backend = {model: 'opus', output_format: 'json', skip_permissions: true};
		const ended = await run([{write: files(1, 'abc')}], {backend});
		assert.equal(ended.result, 'completed');
		assert.deepEqual(claude.calls()[0]?.argv.slice(0, -2), [
			...['-p', '--output-format', 'json', '--dangerously-skip-permissions', '--model', 'opus'],
		]);
		assert.equal(batchOf(ended, 1).usage?.costUsd, 0.05);
		assert.match(story.live, /^Done\.\n\n✔ done/);
	});

	test('a completion goes on with the session and asks for what is missing alone; its cost is the difference', async () => {
		const ended = await run([{write: files(1, 'ab')}, {write: files(1, 'c'), costUsd: 0.01}]);
		assert.equal(ended.result, 'completed');
		const [first, second] = claude.calls();
		assert.ok(first && second);
		assert.equal(optionOf(second, '--resume'), optionOf(first, '--session-id'));
		assert.equal(optionOf(second, '--session-id'), undefined);
		assert.match(second.prompt, /c-1\.md/);
		assert.doesNotMatch(second.prompt, /Write a, b and c/);
		assert.equal(readFileSync(story.paths.promptFile(1, 2), 'utf8'), second.prompt);
		const usages = story.of('attempt-ended').map(({outcome}) => outcome);
		assert.deepEqual(
			usages.map(({usage}) => usage?.costUsd?.toFixed(2)),
			['0.05', '0.01'],
		);
		assert.equal(usages[1]?.sessionCostUsd?.toFixed(2), '0.06');
		assert.equal(ended.totals.usage?.costUsd?.toFixed(2), '0.06');
		assert.equal(ended.totals.usage?.inputTokens, 200);
	});

	test('a session that is gone costs no attempt: the whole prompt goes to a new one within the same', async () => {
		const ended = await run([{write: files(1, 'ab')}, {forget: true}, {write: files(1, 'c')}]);
		assert.equal(ended.result, 'completed');
		assert.equal(batchOf(ended, 1).attempt, 2);
		const [first, second, third] = claude.calls();
		assert.ok(first && second && third);
		assert.equal(second.marker, third.marker);
		const fresh = optionOf(third, '--session-id');
		assert.match(fresh ?? '', uuid);
		assert.notEqual(fresh, optionOf(first, '--session-id'));
		assert.match(third.prompt, /c-1\.md[\s\S]*Write a, b and c for batch 1\./);
		assert.equal(readFileSync(story.paths.promptFile(1, 2), 'utf8'), third.prompt);
		assert.equal(batchOf(ended, 1).session?.id, fresh);
		assert.match(story.live, /the session cannot go on: the whole prompt goes to a new one/);
	});

	test('so does one whose conversation has become too long', async () => {
		const ended = await run([{write: files(1, 'ab')}, {transcript: 'long-prompt'}, {write: files(1, 'c')}]);
		assert.equal(ended.result, 'completed');
		assert.equal(batchOf(ended, 1).attempt, 2);
		assert.equal(claude.calls().length, 3);
	});

	test('no session id is ever used twice, also not in full retries', async () => {
		const ended = await run([{}, {transcript: 'server-error'}, {write: files(1, 'abc')}]);
		assert.equal(ended.result, 'completed');
		const ids = claude.calls().map(call => optionOf(call, '--session-id'));
		assert.equal(new Set(ids).size, 3);
		assert.ok(ids.every(id => uuid.test(id ?? '')));
		const prompts = new Set(claude.calls().map(({prompt}) => prompt));
		assert.deepEqual([...prompts], ['Write a, b and c for batch 1.']);
	});

	test('a limit is waited out to its reset and costs no budget', async () => {
		const reset = 1_795_422_433_000;
		story.remove();
		story = new Story(claude.env, new JumpingClock(reset - 7_200_000));
		const ended = await run([{transcript: 'limit-5-hours'}, {write: files(1, 'abc')}], {retry: {max_retries: 0}});
		assert.equal(ended.result, 'completed');
		const [seen] = story.of('limit-seen');
		assert.equal(seen?.until, reset);
		assert.match(
			seen?.failure.message ?? '',
			/^The 5-hour limit of this Claude account is reached; it resets 2026-11-23 08:27 UTC/,
		);
		const [, again] = story.of('attempt-started');
		assert.ok((again?.at ?? 0) >= reset && (again?.at ?? 0) < reset + 60_000);
		const {retries, completions, attempt} = batchOf(ended, 1);
		assert.deepEqual({retries, completions, attempt}, {retries: 0, completions: 0, attempt: 2});
	});

	test('a limit of which only the words tell the reset is waited out as well, in each format', async () => {
		for (const output_format of ['json', 'text'] as const) {
			story.remove();
			claude.remove();
			claude = new FakeClaude();
			const backend = {output_format, skip_permissions: false};
			story = new Story(claude.env, new JumpingClock(Date.parse('2026-11-23T06:27:20Z')));
			const transcript = `limit-5-hours-${output_format}`;
			const ended = await run([{transcript}, {write: files(1, 'abc')}], {backend, retry: {max_retries: 0}});
			assert.equal(ended.result, 'completed');
			assert.deepEqual(
				story.of('limit-seen').map(({until}) => until),
				[Date.parse('2026-11-23T08:27:00Z')],
			);
		}
	});

	test('requests that are rejected without a word of when are tried again after a short time that grows', async () => {
		const rejected = {transcript: 'too-many-requests'};
		const ended = await run([rejected, rejected, rejected, {write: files(1, 'abc')}], {retry: {max_retries: 0}});
		assert.equal(ended.result, 'completed');
		assert.deepEqual(
			story.of('limit-seen').map(({until, at}) => (until - at) / 1000),
			[30, 60, 120],
		);
		assert.equal(batchOf(ended, 1).retries, 0);
	});

	test('a warning that the quota is nearly used becomes a fact once, and its batch is done', async () => {
		story.remove();
		story = new Story(claude.env, new JumpingClock(Date.parse('2026-11-23T06:27:20Z')));
		const warned = (batch: number) => ({transcript: 'limit-warning-ok', write: files(batch, 'abc')});
		const ended = await run([warned(1), warned(2)], {batch: {size: 1, total_items: 2}});
		assert.equal(ended.result, 'completed');
		assert.deepEqual(
			story.of('limit-warned').map(({utilization, window, until}) => ({utilization, window, until})),
			[{utilization: 0.92, window: 'five_hour', until: 1_795_421_271_000}],
		);
	});

	test('what a tool printed before a crash is no limit, whatever the job’s patterns are', async () => {
		const settings = {rate_limit: {detection_patterns: ['4\\d\\d', 'hello', 'limit']}};
		const ended = await run([{transcript: 'tools', exitCode: 139}, {write: files(1, 'abc')}], settings);
		assert.equal(ended.result, 'completed');
		assert.deepEqual(story.of('limit-seen'), []);
		assert.equal(story.of('attempt-ended')[0]?.outcome.failure?.kind, 'transient');
	});

	test('finished work counts although a limit came at its end', async () => {
		const ended = await run([{transcript: 'limit-5-hours', write: files(1, 'abc')}]);
		assert.equal(ended.result, 'completed');
		assert.deepEqual(story.of('limit-seen'), []);
	});

	test('a login that has expired pauses the job, with the batch as it was', async () => {
		const ended = await run([{transcript: 'bad-key'}]);
		assert.equal(ended.result, 'paused');
		assert.equal(batchOf(ended, 1).status, 'pending');
		assert.equal(batchOf(ended, 1).retries, 0);
		const [returned] = story.of('batch-returned');
		assert.equal(returned?.failure?.kind, 'auth');
		assert.match(returned?.failure?.message ?? '', /run claude once and log in with \/login/);
	});

	test('a prompt that is too long fails its batch alone, and a retry of it is not paid for', async () => {
		const plays = [{transcript: 'long-prompt'}, {write: files(2, 'abc')}];
		const ended = await run(plays, {batch: {size: 1, total_items: 2}, on_batch_failure: 'continue'});
		assert.equal(ended.result, 'failed');
		assert.deepEqual([batchOf(ended, 1).status, batchOf(ended, 2).status], ['failed', 'completed']);
		assert.equal(claude.calls().length, 2);
	});

	test('reached max turns is judged by the rules, and a completion follows', async () => {
		const ended = await run([{transcript: 'max-turns', write: files(1, 'ab')}, {write: files(1, 'c')}]);
		assert.equal(ended.result, 'completed');
		assert.ok(optionOf(claude.calls()[1]!, '--resume'));
	});

	test('tools that were denied are told, live, with the attempt and with the failure', async () => {
		const retry = {max_retries: 0, max_completion_attempts: 0};
		const ended = await run([{transcript: 'denied'}], {retry});
		const batch = batchOf(ended, 1);
		assert.ok(batch.status === 'failed');
		assert.match(batch.failure.message, /a-1\.md.*It was not allowed to use Write, Bash/);
		assert.deepEqual(story.of('attempt-ended')[0]?.outcome.denied, ['Write', 'Bash']);
		assert.match(story.live, / {2}✗ not allowed: Write\n/);
	});

	test('a reply that talks about limits starts no wait, and neither does one with 429 in it', async () => {
		const talk = "You've hit your 5-hour limit three times: the code in limits.ts handles it. Wrote 429 lines.";
		const ended = await run([{say: talk}, {say: 'Rate limit reached: I documented it.', write: files(1, 'abc')}]);
		assert.equal(ended.result, 'completed');
		assert.deepEqual(story.of('limit-seen'), []);
		assert.equal(story.of('retry-scheduled')[0]?.failure.kind, 'validation');
	});

	test('a reply that is the sentence of a limit and nothing else starts one, although it exits 0', async () => {
		const plays = [
			{say: "You've hit your limit · resets 4pm (Asia/Kuala_Lumpur)"},
			{say: 'Out of pretzels.'},
			{write: files(1, 'abc')},
		];
		const ended = await run(plays, {rate_limit: {detection_patterns: ['out of pretzels.']}});
		assert.equal(ended.result, 'completed');
		assert.equal(story.of('limit-seen').length, 2, 'of the CLI, and of the job’s own patterns');
	});

	test('the job’s own patterns find a limit in the last words of a failed attempt, and only there', async () => {
		const settings = {rate_limit: {detection_patterns: ['(', 'internal SERVER error', '(x+x+)+y']}};
		const ended = await run(
			[{transcript: 'server-error'}, {say: 'internal server error', write: files(1, 'abc')}],
			settings,
		).catch((error: Error) => error);
		assert.match(String(ended), /the regular expression is not valid/);
		settings.rate_limit.detection_patterns.shift();
		claude.remove();
		claude = new FakeClaude();
		story.remove();
		story = new Story(claude.env);
		const again = await run(
			[{transcript: 'server-error'}, {say: 'An internal server error is caught now.'}, {write: files(1, 'abc')}],
			settings,
		);
		assert.equal(again.result, 'completed');
		assert.equal(story.of('limit-seen').length, 1);
		assert.match(
			story.of('limit-seen')[0]?.failure.message ?? '',
			/"internal SERVER error" of rate_limit\.detection_patterns/,
		);
	});

	test('a prompt of 120 KB and more arrives whole', async () => {
		const text = `${'Größe '.repeat(40_000)}end`;
		const ended = await run([{write: files(1, 'abc')}], {prompt: {template: text}});
		assert.equal(ended.result, 'completed');
		assert.ok(Buffer.byteLength(text) > 240_000);
		assert.equal(claude.calls()[0]?.prompt, text);
	});

	test('stopping ends it at once, and the run can be taken up again', async () => {
		story.onEvent = (event, {engine}) => {
			if (event.type === 'attempt-spawned') void engine.send({type: 'stop', mode: 'now'});
		};
		const stopped = await run([{hang: true}, {write: files(1, 'abc')}]);
		assert.equal(stopped.result, 'paused');
		assert.equal(story.of('attempt-ended')[0]?.outcome.aborted, true);
		story.onEvent = undefined;
		// It may have been stopped before it took its number.
		if (claude.calls().length === 0) claude.plays([{write: files(1, 'abc')}]);
		const ended = await story.run(`${story.folder}/job.yaml`);
		assert.equal(ended.result, 'completed');
	});

	test('without Claude Code one sentence says how to get it, and the job pauses', async () => {
		story.remove();
		story = new Story({...claude.env, PATH: '/nowhere'});
		const ended = await run([]);
		assert.equal(ended.result, 'paused');
		const {failure} = story.of('batch-returned')[0] ?? {};
		assert.equal(failure?.kind, 'config');
		assert.match(failure?.message ?? '', /^Claude Code is not installed.*npm install -g @anthropic-ai\/claude-code/);
	});
});
