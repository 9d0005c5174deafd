import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {tokensOf} from '../../source/core/usage.js';
import {exits, runs, withDesk} from '../program/program.js';
import {FakeClis, type Play} from '../support/cli.js';
import {batchOf, Story} from '../support/story.js';

const job = (backend: object, more: object = {}) => ({
	name: 'story',
	backend,
	batch: {size: 1, total_items: 1},
	prompt: {template: 'Write a for batch {{ batch_num }}.'},
	validations: [{type: 'file_exists', path: 'a-{batch_num}.md'}],
	pause_between_batches_seconds: 0,
	...more,
});
const validations = ['a', 'b', 'c'].map(name => ({type: 'file_exists', path: `${name}-{batch_num}.md`}));
const written: Play = {write: {'workspace/a-1.md': 'a\n'}};

describe('a job done by a CLI that is a profile', () => {
	let clis: FakeClis;
	let story: Story;
	beforeEach(() => {
		clis = new FakeClis();
		story = new Story(clis.env);
	});
	afterEach(() => {
		clis.remove();
		story.remove();
	});

	const run = (plays: Play[], backend: object, more: object = {}) => {
		clis.plays(plays);
		return story.run(story.write(job(backend, more)));
	};

	test('Codex gets the prompt on standard input, and what it says and uses is read', async () => {
		const ended = await run([written], {type: 'codex_cli', model: 'gpt-5-codex'});
		assert.equal(ended.result, 'completed');
		assert.deepEqual(clis.calls(), [
			{
				tool: 'codex',
				argv: [
					...['exec', '--json', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox'],
					...['--model', 'gpt-5-codex', '-'],
				],
				prompt: 'Write a for batch 1.',
				cwd: story.folder,
			},
		]);
		assert.match(story.live, /\nHello from the mock model\.\n\n✔ done\n/);
		assert.equal(batchOf(ended, 1).usage?.inputTokens, 1200);
	});

	test('Gemini CLI trusts the folder; without skip_permissions it is not given every tool', async () => {
		const ended = await run([written], {type: 'gemini_cli', skip_permissions: false});
		assert.equal(ended.result, 'completed');
		const [call] = clis.calls();
		assert.deepEqual(call?.argv, ['--output-format', 'stream-json']);
		assert.equal(call.trust, 'true');
		assert.equal(call.prompt, 'Write a for batch 1.');
	});

	test('a completion of Gemini CLI goes on with the session that it told, or else begins anew', async () => {
		const two = {write: {'workspace/a-1.md': 'a', 'workspace/b-1.md': 'b'}};
		const plays = [two, {transcript: 'session-unknown-stream'}, {write: {'workspace/c-1.md': 'c'}}];
		const ended = await run(plays, {type: 'gemini_cli'}, {validations});
		assert.equal(ended.result, 'completed');
		assert.equal(batchOf(ended, 1).attempt, 2);
		const asked = clis.calls().map(({argv, prompt}) => [argv.includes('--resume'), /Write a for batch 1/.test(prompt)]);
		assert.deepEqual(asked, [
			[false, true],
			[true, false],
			[false, true],
		]);
		assert.equal(clis.calls()[1]?.argv.at(-1), '93eae076-0e3a-4e89-9bb5-d64761f58799');
	});

	test('a completion of Codex goes on with the session that it told; its tokens count once, although it tells all', async () => {
		const plays: Play[] = [
			{transcript: 'session-new', write: {'workspace/a-1.md': 'a', 'workspace/b-1.md': 'b'}},
			{transcript: 'session-resumed', write: {'workspace/c-1.md': 'c'}},
		];
		const ended = await run(plays, {type: 'codex_cli'}, {validations});
		assert.equal(ended.result, 'completed');
		const [, second] = clis.calls();
		assert.deepEqual(second?.argv.slice(-3), ['resume', '01a20f88-6cf4-7b31-b0ea-eaa14b334513', '-']);
		assert.doesNotMatch(second?.prompt ?? '', /Write a for batch 1/);
		const usage = {inputTokens: 1200, outputTokens: 20, cacheReadTokens: 800, cacheWriteTokens: 0};
		const outcomes = story.of('attempt-ended').map(({outcome}) => outcome);
		assert.deepEqual(
			outcomes.map(outcome => outcome.usage),
			[usage, usage],
		);
		assert.equal(tokensOf(ended.totals.usage), 4040);
		assert.equal(tokensOf(outcomes[1]?.sessionUsage), 4040);
	});

	test('a session of Codex that is gone costs no attempt: the whole prompt goes to a new one within the same', async () => {
		const two = {write: {'workspace/a-1.md': 'a', 'workspace/b-1.md': 'b'}};
		const plays = [two, {transcript: 'session-unknown'}, {write: {'workspace/c-1.md': 'c'}}];
		const ended = await run(plays, {type: 'codex_cli'}, {validations});
		assert.equal(ended.result, 'completed');
		assert.equal(batchOf(ended, 1).attempt, 2);
		assert.deepEqual(
			clis.calls().map(({argv, prompt}) => [argv.includes('resume'), /Write a for batch 1/.test(prompt)]),
			[
				[false, true],
				[true, false],
				[false, true],
			],
		);
	});

	const told = {
		codex_cli: {
			overloaded: 'err-overloaded-json',
			limit: {transcript: 'err-usage-limit-json', resets: '10:28:00'},
			badKey: 'err-auth-json',
			tooLong: 'context-full',
		},
		gemini_cli: {
			overloaded: 'overloaded',
			limit: {transcript: 'limit-until', resets: undefined},
			badKey: 'err-auth-stream',
			tooLong: 'err-too-long-stream',
		},
	};
	for (const [type, {overloaded, limit, badKey, tooLong}] of Object.entries(told)) {
		test(`${type}: an overload and a limit with a reset are waited out, one wait each, and no budget is spent`, async () => {
			const plays = [{transcript: overloaded}, {transcript: limit.transcript}, written];
			const ended = await run(plays, {type}, {retry: {max_retries: 0, max_completion_attempts: 0}});
			assert.equal(ended.result, 'completed');
			const limits = story.of('limit-seen');
			assert.deepEqual(
				limits.map(({failure}) => failure.kind),
				['overloaded', 'rate_limit'],
			);
			const [, seen] = limits;
			assert.ok(seen);
			if (limit.resets) assert.equal(new Date(seen.until).toISOString().slice(11, 19), limit.resets);
			else assert.ok(Math.abs(seen.until - seen.at - 7_212_000) < 1000, 'two hours and twelve seconds');
			const [, , last] = story.of('attempt-started');
			assert.ok((last?.at ?? 0) >= seen.until);
			const {retries, completions, attempt} = batchOf(ended, 1);
			assert.deepEqual({retries, completions, attempt}, {retries: 0, completions: 0, attempt: 3});
		});

		test(`${type}: a prompt that is too long fails its batch alone, and a key that is not valid pauses the job`, async () => {
			const plays = [{transcript: tooLong}, {transcript: badKey}];
			const ended = await run(plays, {type}, {batch: {size: 1, total_items: 2}, on_batch_failure: 'continue'});
			assert.equal(ended.result, 'paused');
			assert.deepEqual([batchOf(ended, 1).status, batchOf(ended, 2).status], ['failed', 'pending']);
			assert.equal(batchOf(ended, 1).history[0]?.kind, 'prompt_too_long');
			assert.equal(story.of('batch-returned')[0]?.failure?.kind, 'auth');
			assert.equal(clis.calls().length, 2);
		});
	}

	test('kill -9 of the program in mid-attempt: the orphan is ended, and what is missing is asked for in its session', () =>
		withDesk(async desk => {
			const begun = {'workspace/a-1.md': 'a', 'workspace/b-1.md': 'b'};
			clis.plays([
				{transcript: 'session-new', write: begun, hang: true},
				{transcript: 'session-resumed', write: {'workspace/c-1.md': 'c'}},
			]);
			desk.write('work.yaml', JSON.stringify(job({type: 'codex_cli'}, {validations})));
			const env = {...desk.env, ...clis.env};
			const killed = desk.start(['run', 'work.yaml', '--json'], {env});
			await killed.event('attempt-prepared', ({sessionId}) => sessionId !== undefined);
			const {pid = assert.fail()} = await killed.event('attempt-spawned');
			killed.kill('SIGKILL');
			await killed.ended;
			assert.ok(runs(pid), 'the CLI lives on');
			exits(await desk.start(['run', 'work.yaml', '--json'], {env}).ended, 0);
			assert.ok(!runs(pid));
			const [, second, ...others] = clis.calls();
			assert.deepEqual(second?.argv.slice(-3), ['resume', '01a20f88-6cf4-7b31-b0ea-eaa14b334513', '-']);
			assert.deepEqual(others, []);
		}));

	test('Gemini CLI that is ended when its time is over has not succeeded, though it exits 0', async () => {
		const plays = [{...written, transcript: 'sigterm-group', hang: true}];
		const backend = {type: 'gemini_cli', timeout_seconds: 1};
		const ended = await run(plays, backend, {validations: [], retry: {max_retries: 0}});
		assert.equal(ended.result, 'failed');
		assert.equal(story.of('attempt-ended')[0]?.outcome.failure?.kind, 'timeout');
	});

	test('a run of Gemini CLI without its last event has been cut off, also when it exits 0', async () => {
		const plays = [{...written, transcript: 'sigterm-group'}, written];
		const ended = await run(plays, {type: 'gemini_cli'}, {validations: [], retry: {max_retries: 1}});
		assert.equal(ended.result, 'completed');
		assert.equal(story.of('attempt-ended')[0]?.outcome.failure?.kind, 'transient');
		assert.equal(ended.totals.retries, 1);
	});

	test('a limit that would last for hours moves the batch to the fallback, which does it', async () => {
		const plays = [{transcript: 'err-usage-limit-json'}, written];
		const ended = await run(plays, {type: 'codex_cli', fallbacks: ['gemini_cli']});
		assert.equal(ended.result, 'completed');
		assert.deepEqual(
			clis.calls().map(({tool, prompt}) => [tool, prompt]),
			[
				['codex', 'Write a for batch 1.'],
				['gemini', 'Write a for batch 1.'],
			],
		);
		assert.deepEqual([ended.totals.waits, ended.totals.moves, batchOf(ended, 1).retries], [0, 1, 0]);
		assert.equal(batchOf(ended, 1).usage?.inputTokens, 2400);
		assert.deepEqual(
			batchOf(ended, 1).history.map(({backend}) => backend),
			[undefined, 1],
			'which CLI made which attempt is known',
		);
	});

	test('a program that is not there pauses the job, and says how to get it', async () => {
		story.remove();
		story = new Story({...clis.env, PATH: '/nowhere'});
		const ended = await run([], {type: 'codex_cli'});
		assert.equal(ended.result, 'paused');
		assert.match(
			ended.reason ?? '',
			/^Codex is not installed, or not in PATH: install it \(npm install -g @openai\/codex\)/,
		);
	});

	test('a profile of the user’s own is chosen by its name, and becomes part of the job', async () => {
		clis.install('scribe', 'cat "$2" > heard.txt; echo "$1 $VOICE"; mkdir -p workspace; touch workspace/a-1.md');
		clis.profile(
			'scribe',
			'argv: [scribe, "{model}", "{prompt_file}"]\nprompt: file\nenv: {VOICE: "batch {batch_num}"}\n',
		);
		const ended = await run([], {type: 'scribe', model: 'large'});
		assert.equal(ended.result, 'completed');
		assert.equal(story.live, 'large batch 1\n');
		assert.equal(story.read('heard.txt'), 'Write a for batch 1.');
		assert.equal(ended.job.backend.type === 'profile' && ended.job.backend.profile.name, 'scribe');
	});

	test('a session that the CLI tells is gone on with by a completion; when it is lost, the whole prompt goes anew', async () => {
		clis.install(
			'scribe',
			[
				'echo "$@" >> calls.txt',
				'echo call >> count.txt',
				'n=$(($(wc -l < count.txt)))',
				`echo "{\\"type\\":\\"begin\\",\\"id\\":\\"session-$n\\"}"`,
				'mkdir -p workspace',
				'case $n in 1) touch workspace/a-1.md workspace/b-1.md;; 2) echo "no such session" >&2; exit 1;; *) touch workspace/c-1.md;; esac',
			].join('\n'),
		);
		const profile = {
			argv: ['scribe', {when: 'resume', words: ['--resume', '{session_id}']}, '{prompt}'],
			prompt: 'argument',
			output: {type: 'jsonl', events: [{when: {type: 'begin'}, session: 'id'}]},
			failures: [{kind: 'transient', says: '^no such session', session_lost: true}],
		};
		const ended = await run([], {type: 'profile', profile}, {validations});
		assert.equal(ended.result, 'completed');
		assert.equal(batchOf(ended, 1).attempt, 2);
		const calls = story.read('calls.txt').trim();
		assert.match(calls, /^Write a for batch 1\.\n--resume session-1 /);
		assert.equal(batchOf(ended, 1).session?.id, 'session-3');
		const kept = readFileSync(story.paths.promptFile(1, 2), 'utf8');
		assert.match(kept, /Write a for batch 1\./, 'what was asked last is what is kept');
	});
});
