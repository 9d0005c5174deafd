import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {profileSchema} from '../../../source/config/profile.js';
import {failureSchema} from '../../../source/core/failure.js';
import {judgeRecorded, judgeRun, profileFor, recorded, type Tool} from './recorded.js';

for (const tool of ['codex', 'gemini'] as const satisfies Tool[]) {
	describe(`what is made of recorded runs of ${tool}`, () => {
		for (const [name, expected] of Object.entries(recorded[tool])) {
			const {kind, message, until} = expected;
			test(`${name}: ${kind ?? 'nothing speaks against it'}`, async () => {
				const {failure, sessionLost = false} = await judgeRecorded(tool, name);
				assert.equal(sessionLost, expected.sessionLost ?? false);
				assert.equal(failure?.kind, kind, failure?.message);
				assert.equal(failure?.until, until === undefined ? undefined : Date.parse(until));
				if (!failure) return;
				failureSchema.parse(failure);
				assert.ok(message && failure.message.includes(message), failure.message);
				assert.match(failure.message, /^[^\n]*\.$/, 'one sentence');
			});
		}

		test('nothing depends on how the output is cut into pieces', async () => {
			for (const name of Object.keys(recorded[tool])) {
				const [one, other] = [await judgeRecorded(tool, name, {step: 7}), await judgeRecorded(tool, name, {step: 1e9})];
				assert.deepEqual(one.failure, other.failure, name);
				assert.equal(one.shown, other.shown, name);
				assert.deepEqual(one.seen.usage, other.seen.usage, name);
			}
		});
	});
}

describe('Codex', () => {
	test('its events read like a conversation', async () => {
		const {shown, seen, sessions} = await judgeRecorded('codex', 'tools-bypass-json');
		assert.equal(
			shown,
			`! Model metadata for \`gpt-5-codex\` not found. Defaulting to fallback metadata; this can degrade performance and cause iss…
● Bash: /bin/bash -lc 'mkdir -p "$(dirname '"'/home/me/project/out.txt')\\" && printf '%s' 'hello' > '/home/me/project/out…
  ↳ nothing
● Bash: /bin/bash -lc 'echo two >> /home/me/project/log.txt'
  ↳ nothing

All done

✔ done
`,
		);
		assert.equal(seen.reply, 'All done');
		assert.deepEqual(sessions, ['01a2071e-5835-79f1-8f07-2180bdcd076d']);
		assert.deepEqual(seen.usage, {inputTokens: 3600, outputTokens: 60, cacheReadTokens: 0, cacheWriteTokens: 0});
	});

	const codex = profileFor('codex', 'jsonl');
	const lines = (...events: object[]) => events.map(event => `${JSON.stringify(event)}\n`).join('');
	const said = (text: string) => ({type: 'item.completed', item: {type: 'agent_message', text}});
	const done = {type: 'turn.completed', usage: {input_tokens: 1000, cached_input_tokens: 900, output_tokens: 5}};

	test('cached tokens, which it counts among those it reads, are not counted twice', async () => {
		const {seen} = await judgeRun(codex, {stdout: lines(said('Yes.'), done), exitCode: 0});
		assert.deepEqual(seen.usage, {inputTokens: 100, outputTokens: 5, cacheReadTokens: 900, cacheWriteTokens: 0});
	});

	test('of a session that goes on, what it had used before is taken off', async () => {
		const first = await judgeRecorded('codex', 'session-new');
		assert.deepEqual(first.seen.usage, {
			inputTokens: 1200,
			outputTokens: 20,
			cacheReadTokens: 800,
			cacheWriteTokens: 0,
		});
		const {seen, sessions} = await judgeRecorded('codex', 'session-resumed', {before: first.seen.sessionUsage});
		assert.deepEqual(seen.usage, first.seen.usage, 'as much as the first run');
		assert.equal(seen.sessionUsage?.inputTokens, 2400);
		assert.deepEqual(sessions, first.sessions);
	});

	test('a reply may talk about limits as it likes', async () => {
		for (const reply of [
			'The log says: exceeded retry limit, last status: 429.',
			'wrote 429 lines',
			'It is overloaded.',
		]) {
			const {failure} = await judgeRun(codex, {stdout: lines(said(reply), done), exitCode: 0});
			assert.equal(failure, undefined, reply);
		}
	});

	test('a reply that is nothing but the sentence of a limit is one, also with exit code 0', async () => {
		const reply = 'You’ve hit your usage limit. Try again in 2 days 17 hours 14 minutes.';
		const {failure} = await judgeRun(codex, {stdout: lines(said(reply), done), exitCode: 0});
		assert.equal(failure?.kind, 'rate_limit');
		assert.equal(failure?.until, Date.parse('2026-11-26T00:04:00Z'));
	});

	test('what it complained of before the model went on is no longer why it ended', async () => {
		const waiting = {type: 'error', message: 'Reconnecting... waiting for network (Connection failed)'};
		const end = {exitCode: 1};
		assert.equal((await judgeRun(codex, {stdout: lines(waiting), ...end})).failure?.kind, 'network');
		assert.equal((await judgeRun(codex, {stdout: lines(waiting, said('Here.')), ...end})).failure?.kind, 'transient');
	});
});

test('an event that several rows read ends a run once: well, or not', async () => {
	const profile = profileSchema.parse({
		argv: ['scribe'],
		output: {
			type: 'jsonl',
			events: [
				{when: {type: 'end'}, final: true},
				{when: {ok: false}, failed: true},
				{when: {type: 'end'}, error: 'why'},
			],
		},
	});
	const judged = async (event: object) => judgeRun(profile, {stdout: `${JSON.stringify(event)}\n`, exitCode: 0});
	const [well, failed, told] = [{}, {ok: false}, {ok: false, why: 'No ink.'}].map(more =>
		judged({type: 'end', ...more}),
	);
	assert.deepEqual([(await well!).shown, (await well!).failure], ['✔ done\n', undefined]);
	assert.deepEqual(
		[(await failed!).shown, (await failed!).failure?.message],
		['✖ failed\n', 'scribe said that it failed.'],
	);
	assert.deepEqual(
		[(await told!).shown, (await told!).failure?.message],
		['✖ No ink.\n', 'scribe said that it failed ("No ink.").'],
	);
});

describe('Gemini CLI', () => {
	test('a run that says it has failed has, though it exits 0 and gives no reason; what it used counts', async () => {
		const {shown, seen} = await judgeRecorded('gemini', 'blocked');
		assert.equal(shown, '! The model response was blocked due to safety settings.\n✖ failed\n');
		assert.equal(seen.usage?.inputTokens, 1000);
	});

	test('its events read like a conversation', async () => {
		const {shown, seen, sessions} = await judgeRecorded('gemini', 'tools-yolo-stream');
		assert.equal(
			shown,
			`● write_file /home/me/project/out.txt
  ↳ nothing
● run_shell_command: echo two >> /home/me/project/log.txt
  ↳ nothing

All done

✔ done
`,
		);
		assert.equal(seen.reply, 'All done');
		assert.deepEqual(sessions, ['bbb38a9a-bda6-42db-87e5-d4591cdc2b0f']);
		assert.deepEqual(seen.usage, {inputTokens: 4800, outputTokens: 80, cacheReadTokens: 0, cacheWriteTokens: 0});
	});

	test('pieces of a text go on in one line; a run without its last event is cut off, whatever the exit code', async () => {
		const piece = (content: string) =>
			`${JSON.stringify({type: 'message', role: 'assistant', content, delta: true})}\n`;
		const {shown, seen, failure} = await judgeRun(profileFor('gemini', 'jsonl'), {
			stdout: piece('One, ') + piece('two.'),
			exitCode: 0,
		});
		assert.equal(shown, 'One, two.');
		assert.equal(seen.reply, 'One, two.');
		assert.equal(failure?.kind, 'transient');
	});

	test('a quota that tells when it resets is waited for until then', async () => {
		const message = '[API Error: You have exhausted your capacity on this model. Your quota will reset after 2h5s.]';
		const stdout = `${JSON.stringify({type: 'result', status: 'error', error: {message}})}\n`;
		const {failure} = await judgeRun(profileFor('gemini', 'jsonl'), {stdout, exitCode: 173});
		assert.equal(failure?.kind, 'rate_limit');
		assert.equal(failure?.until, Date.parse('2026-11-23T08:50:05Z'));
	});
});
