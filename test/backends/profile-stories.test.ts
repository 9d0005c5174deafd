import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, test} from 'node:test';
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
		const validations = ['a', 'b', 'c'].map(name => ({type: 'file_exists', path: `${name}-{batch_num}.md`}));
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

	test('a limit of Codex is waited out until its reset, and costs no budget', async () => {
		const ended = await run([{transcript: 'err-usage-limit-json'}, written], {type: 'codex_cli'});
		assert.equal(ended.result, 'completed');
		const [limit] = story.of('limit-seen');
		assert.equal(new Date(limit?.until ?? 0).toISOString().slice(11, 16), '10:28');
		assert.equal(batchOf(ended, 1).retries, 0);
	});

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
		const validations = ['a', 'b', 'c'].map(name => ({type: 'file_exists', path: `${name}-{batch_num}.md`}));
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
