import assert from 'node:assert/strict';
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {openOutputLog} from '../../source/commands/output-log.js';
import type {Batch, Run} from '../../source/core/run.js';
import {statePaths} from '../../source/store/state-folder.js';
import {FakeClaude} from '../support/claude.js';
import {makeJob} from '../support/job.js';
import {batchOf, Story} from '../support/story.js';

describe('what an attempt has printed, read from its logs', () => {
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

	test('is the text that was shown live, also of an attempt that went on with a session', async () => {
		claude.plays([
			{write: {'workspace/a.md': 'a', 'workspace/b.md': 'b'}, say: 'Two are done.\n\n- a\n- b', costUsd: 0.05},
			{write: {'workspace/c.md': 'c'}, costUsd: 0.02},
		]);
		const run = await story.run(
			story.write({
				name: 'story',
				backend: {skip_permissions: false},
				batch: {size: 1, total_items: 1},
				prompt: {template: 'Write.'},
				validations: ['a', 'b', 'c'].map(name => ({type: 'file_exists', path: `${name}.md`})),
			}),
		);
		const batch = batchOf(run, 1);
		assert.equal(batch.attempt, 2);
		const second = openOutputLog(story.paths, run, batch);
		const last = await second.more(true);
		assert.match(last.text, /I begin \(call 2\)[\s\S]*✔ done · 2 turns · 1\.2 s · \$0\.02\n$/);
		const first = await openOutputLog(story.paths, run, {...batch, attempt: 1} as Batch).more(true);
		assert.equal(first.text + last.text, story.live);
		assert.deepEqual(await second.more(true), {text: '', leftOut: 0});
	});

	test('is harmless, has its complaints below, and begins near the end when it is long', async () => {
		const paths = statePaths(story.folder, 'job');
		mkdirSync(path.dirname(paths.stdoutLog(1, 1)), {recursive: true});
		writeFileSync(paths.stdoutLog(1, 1), `${'a line of output\n'.repeat(60_000)}\x1b[2Jred \x1b[31mtext\x1b[0m\n`);
		writeFileSync(paths.stderrLog(1, 1), 'a complaint\n');
		const run = {job: makeJob({batches: 1, rules: 0})} as Run;
		const batch = {number: 1, attempt: 1, status: 'pending', history: []} as unknown as Batch;
		const {text, leftOut} = await openOutputLog(paths, run, batch).more(true);
		assert.ok(text.startsWith('a line of output\n'));
		assert.ok(text.endsWith('\nred text\na complaint\n'));
		assert.ok(leftOut > 400_000 && text.length < 530_000);
		const gone = {...batch, number: 2} as Batch;
		assert.deepEqual(await openOutputLog(paths, run, gone).more(true), {text: '', leftOut: 0});
	});

	test('is read in pieces, and nothing else is held up meanwhile', async () => {
		const paths = statePaths(story.folder, 'job');
		mkdirSync(path.dirname(paths.stdoutLog(1, 1)), {recursive: true});
		const content = [{type: 'tool_use', id: 't', name: 'Bash', input: {command: 'ls'}}];
		const event = `${JSON.stringify({type: 'assistant', message: {content}})}\n`;
		writeFileSync(paths.stdoutLog(1, 1), event.repeat(10_000));
		const job = {...makeJob({batches: 1, rules: 0}), backend: {type: 'claude_cli', output_format: 'stream-json'}};
		const batch = {number: 1, attempt: 1, status: 'pending', history: []} as unknown as Batch;
		let turns = 0;
		let isDone = false;
		const turn = () => {
			turns++;
			if (!isDone) setImmediate(turn);
		};
		setImmediate(turn);
		const {text} = await openOutputLog(paths, {job} as Run, batch).more(true);
		isDone = true;
		assert.ok(text.includes('● Bash: ls\n'));
		assert.ok(turns >= 5, `${turns} turns of the event loop`);
	});
});
