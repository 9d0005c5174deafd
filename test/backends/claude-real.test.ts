import assert from 'node:assert/strict';
import {accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, afterEach, before, beforeEach, describe, test} from 'node:test';
import {endMarked} from '../../source/process/strays.js';
import {MessagesApi} from '../support/messages-api.js';
import {assertAllGiven} from '../support/model-api.js';
import {batchOf, JumpingClock, Story} from '../support/story.js';

/** The real Claude Code: MOZART_TEST_CLAUDE, or the one in PATH. Its API is ours, its home is empty, its key a dummy. */
function findClaude(): string | undefined {
	const named = process.env.MOZART_TEST_CLAUDE;
	const places = (process.env.PATH ?? '').split(path.delimiter).map(folder => path.join(folder, 'claude'));
	return (named ? [path.resolve(named)] : places).find(place => {
		try {
			accessSync(place, constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}

const claude = findClaude();
const skip = claude ? false : 'Claude Code is not installed: put it in PATH, or name it in MOZART_TEST_CLAUDE';

describe('with the real Claude Code', {skip, timeout: 180_000}, () => {
	let home = '';
	let api: MessagesApi;
	let story: Story;
	let look: NodeJS.Timeout | undefined;
	before(() => {
		home = mkdtempSync(path.join(tmpdir(), 'mozart-claude-home-'));
		mkdirSync(path.join(home, 'bin'));
		if (claude) symlinkSync(claude, path.join(home, 'bin', 'claude'));
	});
	after(() => rmSync(home, {recursive: true, force: true, maxRetries: 5}));
	beforeEach(async () => {
		api = await new MessagesApi().open();
		story = new Story(environment({ANTHROPIC_API_KEY: 'test-key'}), new JumpingClock(Date.now()));
	});
	afterEach(async () => {
		clearInterval(look);
		await api.close();
		story.remove();
	});

	const environment = (credentials: Record<string, string>) => ({
		PATH: [path.join(home, 'bin'), path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
		HOME: home,
		TZ: 'UTC',
		LANG: 'C.UTF-8',
		IS_SANDBOX: '1',
		ANTHROPIC_BASE_URL: api.url,
		CLAUDE_CODE_MAX_RETRIES: '0',
		CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
		DISABLE_TELEMETRY: '1',
		DISABLE_ERROR_REPORTING: '1',
		DISABLE_AUTOUPDATER: '1',
		...credentials,
	});
	const at = (name: string) => path.join(story.folder, 'workspace', name);
	const write = (name: string) => ({write: at(name), content: `${name}\n`});
	const job = (more: object = {}) =>
		story.write({
			name: 'real',
			backend: {timeout_seconds: 120},
			batch: {size: 1, total_items: 1},
			prompt: {template: 'Write the files a.md, b.md and c.md into {{ workspace }}.'},
			validations: ['a.md', 'b.md', 'c.md'].map(file => ({type: 'file_exists', path: file})),
			pause_between_batches_seconds: 0,
			...more,
		});

	test('what is missing is asked for in the same session, which remembers the task', async () => {
		api.replies.push(write('a.md'), write('b.md'), {text: 'Two are there.'}, write('c.md'), {text: 'All are there.'});
		const ended = await story.run(job());
		assert.equal(ended.result, 'completed');
		assertAllGiven(api);
		const {attempt, completions, retries} = batchOf(ended, 1);
		assert.deepEqual({attempt, completions, retries}, {attempt: 2, completions: 1, retries: 0});
		const prompts = api.asked[3]?.join('\n') ?? '';
		assert.match(prompts, /Write the files a\.md, b\.md and c\.md/);
		assert.match(prompts, /Your work on batch 1 was checked/);
		assert.equal(readFileSync(at('c.md'), 'utf8'), 'c.md\n');
		assert.match(story.live, /● Write workspace\/a\.md\n {2}↳ /);
		assert.match(story.live, /Two are there\.\n\n✔ done · 3 turns/);
		const outcomes = story.of('attempt-ended').map(({outcome}) => outcome);
		assert.deepEqual(
			outcomes.map(({usage}) => usage?.inputTokens),
			[3000, 2000],
		);
		const [first = 0, second = 0] = outcomes.map(({usage}) => usage?.costUsd);
		assert.ok(first > second && second > 0, `${first} ${second}`);
		const session = outcomes[1]?.sessionCostUsd ?? 0;
		assert.ok(Math.abs(session - first - second) < 1e-6, `${session} = ${first} + ${second}`);
	});

	test('a session that it does not know any more gives way to a new one', async () => {
		api.replies.push(write('a.md'), write('b.md'), {text: 'Two.'}, write('c.md'), {text: 'Three.'});
		story.onEvent = event => {
			if (event.type === 'completion-scheduled') rmSync(path.join(home, '.claude'), {recursive: true, force: true});
		};
		const ended = await story.run(job());
		assert.equal(ended.result, 'completed');
		assert.equal(batchOf(ended, 1).attempt, 2);
		assert.match(story.live, /the session cannot go on/);
		assertAllGiven(api);
	});

	test('a limit of the account is waited out to the reset it tells', async () => {
		story.remove();
		story = new Story(environment({CLAUDE_CODE_OAUTH_TOKEN: 'test-token'}), story.clock);
		const reset = Math.floor(Date.now() / 1000) + 7200;
		const limit = 'anthropic-ratelimit-unified';
		const headers = {
			'x-should-retry': 'false',
			[`${limit}-status`]: 'rejected',
			[`${limit}-reset`]: String(reset),
			[`${limit}-representative-claim`]: 'five_hour',
		};
		api.replies.push({status: 429, error: 'rate_limit_error', headers}, write('a.md'), write('b.md'), write('c.md'));
		const ended = await story.run(job({retry: {max_retries: 0}}));
		assert.equal(ended.result, 'completed');
		assert.equal(story.of('limit-seen')[0]?.until, reset * 1000);
		assert.equal(batchOf(ended, 1).attempt, 2);
		assert.ok(story.clock.time >= reset * 1000);
	});

	test('20 batches, 4 at once, a 5-hour limit at batch 7: one wait, no budget spent, 20 completed', async () => {
		story.remove();
		story = new Story(environment({CLAUDE_CODE_OAUTH_TOKEN: 'test-token'}), story.clock);
		const limit = 'anthropic-ratelimit-unified';
		let reset: number | undefined;
		api.onAsked = texts => {
			const number = Number(/Do batch (\d+)/.exec(texts.join())?.[1]);
			if (texts.at(-1)?.includes('tool_result')) return {text: 'Done.'};
			if (number === 7) reset ??= Math.floor(story.clock.time / 1000) + 5 * 3600;
			if (reset === undefined || story.clock.time >= reset * 1000) return write(`batch-${number}.md`);
			const headers = {
				'x-should-retry': 'false',
				[`${limit}-status`]: 'rejected',
				[`${limit}-reset`]: String(reset),
				[`${limit}-representative-claim`]: 'five_hour',
			};
			return {status: 429, error: 'rate_limit_error', headers};
		};
		const ended = await story.run(
			job({
				batch: {size: 1, total_items: 20},
				prompt: {template: 'Do batch {{ batch_num }}: write batch-{{ batch_num }}.md into {{ workspace }}.'},
				validations: [{type: 'file_exists', path: 'batch-{batch_num}.md'}],
				retry: {max_retries: 0, max_completion_attempts: 0},
				parallel: {max_concurrent: 4},
			}),
		);
		assert.equal(ended.result, 'completed');
		assert.deepEqual([ended.counts.completed, ended.totals.waits, ended.totals.retries], [20, 1, 0]);
		const [lifted] = story.of('limit-lifted');
		const late = story
			.of('attempt-started')
			.filter(({at, seq}) => at >= (reset ?? 0) * 1000 && seq < (lifted?.seq ?? 0));
		assert.equal(late.length, 1, 'one probe');
	});

	test('a key that is not valid pauses the job', async () => {
		api.replies.push({status: 401, error: 'authentication_error'});
		const ended = await story.run(job());
		assert.equal(ended.result, 'paused');
		assert.equal(story.of('batch-returned')[0]?.failure?.kind, 'auth');
	});

	test('without permissions its tools are denied, and the failure says so', async () => {
		api.replies.push(write('a.md'), {text: 'I was not allowed.'});
		const retry = {max_retries: 0, max_completion_attempts: 0};
		const ended = await story.run(job({backend: {skip_permissions: false}, retry}));
		const batch = batchOf(ended, 1);
		assert.ok(batch.status === 'failed');
		assert.match(batch.failure.message, /It was not allowed to use Write/);
	});

	test('stopped in the midst of a command it is gone with all it had started, and its session goes on later', async () => {
		api.replies.push({bash: 'touch workspace/a.md workspace/b.md; sleep 300 & sleep 300'});
		story.onEvent = (event, {engine}) => {
			if (event.type !== 'attempt-spawned') return;
			look = setInterval(() => {
				try {
					accessSync(at('b.md'));
				} catch {
					return;
				}
				clearInterval(look);
				void engine.send({type: 'stop', mode: 'now'});
			}, 20);
		};
		const file = job();
		const stopped = await story.run(file);
		assert.equal(stopped.result, 'paused');
		assert.equal(story.of('attempt-ended')[0]?.outcome.aborted, true);
		const id = path.basename(path.dirname(story.paths.stdoutLog(1, 1)).replace(/\/attempts$/, ''));
		assert.deepEqual(await endMarked(`${id}:`, {graceMs: 0}), {found: 0, left: []});
		story.onEvent = undefined;
		api.replies.push(write('c.md'), {text: 'Done.'});
		const ended = await story.run(file, {intent: 'resume'});
		assert.equal(ended.result, 'completed');
		// Two of three rules passed when they were looked at: only the rest was asked for, in the session that was stopped.
		assert.match(story.read(story.paths.promptFile(1, 2)), /Your work on batch 1 was checked/);
		assert.doesNotMatch(story.live, /the session cannot go on/);
	});
});
