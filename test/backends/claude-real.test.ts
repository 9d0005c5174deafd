import assert from 'node:assert/strict';
import {test} from 'node:test';
import {MessagesApi} from '../support/messages-api.js';
import {assertAllGiven, type Reply} from '../support/model-api.js';
import type {RealCli} from '../support/real-cli.js';
import {batchOf} from '../support/story.js';
import {describeReal} from './real-stories.js';

const refused = (status: number, type: string, message: string): Reply => ({
	...{status, error: type},
	body: {type: 'error', error: {type, message}},
});

const claude: RealCli = {
	title: 'Claude Code',
	program: 'claude',
	variable: 'MOZART_TEST_CLAUDE',
	backend: {type: 'claude_cli'},
	createApi: () => new MessagesApi(),
	settle: (_home, url) => ({
		IS_SANDBOX: '1',
		ANTHROPIC_BASE_URL: url,
		// With an API key there is no limit of an account.
		CLAUDE_CODE_OAUTH_TOKEN: 'test-token',
		CLAUDE_CODE_MAX_RETRIES: '0',
		CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
		DISABLE_TELEMETRY: '1',
		DISABLE_ERROR_REPORTING: '1',
		DISABLE_AUTOUPDATER: '1',
	}),
	sessions: '.claude',
	limit(until) {
		const limit = 'anthropic-ratelimit-unified';
		const headers = {
			'x-should-retry': 'false',
			[`${limit}-status`]: 'rejected',
			[`${limit}-reset`]: String(Math.floor(until / 1000)),
			[`${limit}-representative-claim`]: 'five_hour',
		};
		return {status: 429, error: 'rate_limit_error', headers};
	},
	overloaded: refused(529, 'overloaded_error', 'Overloaded'),
	badKey: refused(401, 'authentication_error', 'OAuth token has expired.'),
	tooLong: refused(400, 'invalid_request_error', 'prompt is too long: 213477 tokens > 200000 maximum'),
};

describeReal(claude, stage => {
	test('what an attempt cost is told, and of a session that goes on the difference', async () => {
		const {api, story} = stage;
		const [a, b, c] = ['a.md', 'b.md', 'c.md'].map(stage.write);
		api.replies.push(a!, b!, {text: 'Two are there.'}, c!, {text: 'All are there.'});
		const ended = await story.run(stage.job());
		assert.equal(ended.result, 'completed');
		assertAllGiven(api);
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

	test('20 batches, 4 at once, a 5-hour limit at batch 7: one wait, no budget spent, 20 completed', async () => {
		const {api, story} = stage;
		let reset: number | undefined;
		api.onAsked = texts => {
			const number = Number(/Do batch (\d+)/.exec(texts.join())?.[1]);
			if (texts.at(-1)?.includes('tool_result')) return {text: 'Done.'};
			if (number === 7) reset ??= Math.floor(story.clock.time / 1000) * 1000 + 5 * 3_600_000;
			if (reset === undefined || story.clock.time >= reset) return stage.write(`batch-${number}.md`);
			return claude.limit(reset, story.clock.time);
		};
		const ended = await story.run(
			stage.job({
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
		const late = story.of('attempt-started').filter(({at, seq}) => at >= (reset ?? 0) && seq < (lifted?.seq ?? 0));
		assert.equal(late.length, 1, 'one probe');
	});

	test('a key of the API that is not valid pauses the job as well', async () => {
		stage.restart({CLAUDE_CODE_OAUTH_TOKEN: '', ANTHROPIC_API_KEY: 'test-key'});
		const {api, story} = stage;
		api.replies.push({status: 401, error: 'authentication_error'});
		const ended = await story.run(stage.job());
		assert.equal(ended.result, 'paused');
		assert.equal(story.of('batch-returned')[0]?.failure?.kind, 'auth');
	});

	test('without permissions its tools are denied, and the failure says so', async () => {
		const {api, story} = stage;
		api.replies.push(stage.write('a.md'), {text: 'I was not allowed.'});
		const retry = {max_retries: 0, max_completion_attempts: 0};
		const ended = await story.run(stage.job({backend: {skip_permissions: false}, retry}));
		const batch = batchOf(ended, 1);
		assert.ok(batch.status === 'failed');
		assert.match(batch.failure.message, /It was not allowed to use Write/);
	});
});
