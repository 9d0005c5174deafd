import assert from 'node:assert/strict';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, it} from 'node:test';
import {examples, type Facts, judge, quoted, readJob, renderPrompt, runScript} from './example.js';

describe('the script of hello.yaml', () => {
	const job = readJob('hello');
	const guests = readFileSync(path.join(examples, 'hello/guests.txt'), 'utf8').trim().split('\n');
	let workspace: string;

	beforeEach(() => {
		workspace = mkdtempSync(path.join(tmpdir(), 'mozart-hello-'));
	});
	afterEach(() => rmSync(workspace, {recursive: true, force: true}));

	const factsOf = (batch: number): Facts => ({
		workspace,
		batch_num: batch,
		total_batches: 3,
		start_item: batch * 2 - 1,
		end_item: batch * 2,
		items: guests.slice(batch * 2 - 2, batch * 2),
	});
	const attempt = async (batch: number, wrap = (prompt: string) => prompt) => {
		const facts = factsOf(batch);
		const {status, stderr} = runScript('hello/hello.mjs', {input: wrap(renderPrompt(job, facts))});
		return {status, stderr, ...(await judge(job, facts))};
	};
	const letter = (batch: number) => readFileSync(path.join(workspace, `letters/letter-${batch}.md`), 'utf8');

	it('has six guests, two a letter', () => {
		assert.equal(guests.length, 6);
		assert.equal(job.batch.size, 2);
		assert.equal(job.validations.length, 3);
	});

	it('writes letter 1 so that all rules pass at once', async () => {
		assert.deepEqual(await attempt(1), {status: 0, stderr: '', passed: 3, failed: []});
		assert.match(letter(1), /^Dear Ada and dear Grace,\n\nyou are invited .+\n\nYours, Mozart\n$/);
	});

	it('forgets to sign letter 2, which is most of the rules, and only signs it when asked for the rest', async () => {
		const {passed, failed} = await attempt(2);
		assert.equal(passed, 2);
		assert.match(failed.join(), /Yours, Mozart/);
		assert.ok((2 / 3) * 100 > job.retry.completion_threshold_percent, 'this leads to a completion attempt');
		const draft = letter(2);
		assert.deepEqual(await attempt(2, quoted), {status: 0, stderr: '', passed: 3, failed: []});
		assert.equal(letter(2), `${draft}\nYours, Mozart\n`);
	});

	it('gives up on letter 3 with no rule passed, and succeeds when asked again', async () => {
		const first = await attempt(3);
		assert.equal(first.status, 1);
		assert.match(first.stderr, /^The ink is dry\./);
		assert.equal(first.passed, 0);
		assert.deepEqual(await attempt(3), {status: 0, stderr: '', passed: 3, failed: []});
		assert.deepEqual(readdirSync(workspace), ['letters'], 'the ink is used up');
	});

	it('tells the same story again in a workspace that was used before', async () => {
		const story: number[] = [];
		for (const batch of [1, 2, 2, 3, 3, 1, 2, 2, 3, 3]) story.push((await attempt(batch)).passed);
		assert.deepEqual(story, [3, 2, 3, 0, 3, 3, 2, 3, 0, 3]);
	});

	it('says what is missing in a prompt of another kind', () => {
		const {status, stderr} = runScript('hello/hello.mjs', {input: 'Write me a poem.'});
		assert.equal(status, 1);
		assert.equal(stderr, 'The prompt does not name the guests.\n');
	});
});
