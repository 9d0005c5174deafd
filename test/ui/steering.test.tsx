import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {batchAt} from '../../source/core/batch-table.js';
import type {Run} from '../../source/core/run.js';
import {makeJob} from '../support/job.js';
import {keys, onStage, type Stage} from './stage.js';

const runOf = ({world}: Stage): Run => world.engine.getSnapshot();
const statusOf = (stage: Stage, number: number) => batchAt(runOf(stage), number).status;

/** Ends the attempt of a batch well or with a failure. */
async function end({world}: Stage, number: number, good = true): Promise<void> {
	const attempt = world.attempts.find(({task}) => task.batch.number === number);
	attempt!.end(good ? {} : {exitCode: 1, failure: {kind: 'config', message: 'no such program: x'}});
	await world.settle();
}

describe('keys that steer the run', () => {
	const job = makeJob({batches: 6, rules: 0, concurrency: 2});

	test('p drains and goes on again, and each time the screen says so', () =>
		onStage(job, {}, async stage => {
			assert.match(await stage.press('p'), /test pausing.*\npaused by you/);
			await end(stage, 1);
			await end(stage, 2);
			assert.match(await stage.frame(), /test paused .*2\/6.*q quit · p go on/s);
			assert.match(await stage.press('p'), /test running.*\n2 running/);
		}));

	test('P asks, and ends what runs only after a yes', () =>
		onStage(job, {}, async stage => {
			assert.match(await stage.press('P'), /End what runs and pause\? y yes · any other key: no$/);
			assert.doesNotMatch(await stage.press('n'), /End what runs/);
			assert.equal(runOf(stage).phase, 'running');
			await stage.press('P');
			assert.match(await stage.press('y'), /test pausing/);
			assert.ok(stage.world.attempts.every(({aborted}) => aborted));
		}));

	test('x asks, holds the batch, and r lets it go on', () =>
		onStage(job, {}, async stage => {
			assert.match(await stage.press('jx'), /End attempt 1 of batch 2 and hold it\?/);
			await stage.press('y');
			stage.world.attempts.find(({task}) => task.batch.number === 2)!.end({aborted: true});
			assert.match(await stage.frame(), /›‖ 2 .* held/);
			await stage.press('r');
			assert.equal(statusOf(stage, 2), 'pending');
		}));

	test('s skips a batch that waits for its turn at once, and asks about one that runs', () =>
		onStage(job, {}, async stage => {
			assert.match(await stage.press('Gs'), /›↷ 6 .* skipped/);
			assert.match(await stage.press('gs'), /Batch 1 is running. End it and skip it\?/);
			await stage.press(keys.escape);
			assert.equal(statusOf(stage, 1), 'running');
			await stage.press('s');
			await stage.press('y');
			assert.equal(statusOf(stage, 1), 'stopping');
		}));

	test('a yes that comes too late hits nothing and says so', () =>
		onStage(makeJob({batches: 1, rules: 0, retry: {base_delay_seconds: 1}}), {}, async stage => {
			await stage.press('x');
			stage.world.attempts[0]!.end({exitCode: 1, failure: {kind: 'transient', message: 'broken'}});
			await stage.settle();
			await stage.pass(1000);
			assert.match(await stage.frame(), /#2 R 1\/3.*End attempt 1 of batch 1/s);
			assert.match(await stage.press('y'), /batch 1 is at attempt 2 by now, not 1$/);
		}));

	test('r runs a failed batch again at once, and a completed one only after a yes', () =>
		onStage(makeJob({batches: 3, rules: 0, retry: {max_retries: 0}, onFailure: 'continue'}), {}, async stage => {
			await end(stage, 1);
			stage.world.attempts[0]!.end({exitCode: 1, failure: {kind: 'transient', message: 'exit code 1'}});
			assert.match(await stage.frame(), /✗ 2 .*transient/);
			await stage.press('gjr');
			assert.equal(statusOf(stage, 2), 'pending');
			assert.match(await stage.press('gr'), /Batch 1 is completed. Run it again\?/);
			await stage.press('y');
			assert.equal(statusOf(stage, 1), 'pending');
		}));

	test('w ends a wait before its time', () =>
		onStage(makeJob({batches: 1, rules: 0, retry: {base_delay_seconds: 90}}), {}, async stage => {
			stage.world.attempts[0]!.end({exitCode: 1, failure: {kind: 'transient', message: 'exit code 1'}});
			assert.match(await stage.frame(), /◔ 1 .*#1 R 1\/3 .*in 1:30/);
			await stage.press('w');
			assert.equal(statusOf(stage, 1), 'running');
		}));

	test('+ and - change how many run at once, each key by one, also when they come as one event', () =>
		onStage(job, {}, async stage => {
			assert.match(await stage.press('+++-'), /5 running · 4 at once/);
			assert.match(await stage.press('---'), / 1 at once/);
			assert.match(await stage.press('-'), /at least one batch must be allowed at once$/);
		}));

	test('a refused command says why until the next key', () =>
		onStage(job, {}, async stage => {
			assert.match(await stage.press('w'), /batch 1 is running; there is no wait to end$/);
			assert.match(await stage.press('r'), /batch 1 is running; stop its attempt first$/);
			assert.doesNotMatch(await stage.press('j'), /stop its attempt first/);
		}));

	test('q asks when batches are live: f finishes them, s stops them, anything else stays', () =>
		onStage(job, {columns: 120}, async stage => {
			assert.match(
				await stage.press('q'),
				/Batches are under way. f finish them, then quit · s stop them now and quit · any other key: no$/,
			);
			await stage.press('j');
			assert.deepEqual([stage.leaves, runOf(stage).phase], [0, 'running']);
			assert.match(await stage.press('qf'), /test stopping.*about to end/s);
			assert.deepEqual([stage.leaves, runOf(stage).stop], [1, 'drain']);
			await stage.press('q');
			await stage.press('s');
			assert.equal(runOf(stage).stop, 'now');
		}));

	test('q leaves at once when nothing is under way', () =>
		onStage(job, {}, async stage => {
			await stage.press('p');
			await end(stage, 1);
			await end(stage, 2);
			await stage.press('q');
			assert.deepEqual([stage.leaves, runOf(stage).result], [1, 'paused']);
		}));

	test('Ctrl-C is heard in any state, and alone among other keys', () =>
		onStage(job, {}, async stage => {
			await stage.press(keys.interrupt);
			await stage.press('q');
			await stage.press(keys.interrupt);
			await stage.press(`?j${keys.interrupt}`);
			assert.equal(stage.interrupts, 3);
		}));

	test('what the program has to say is shown until the next key, and does not answer a question', () =>
		onStage(job, {}, async stage => {
			stage.notice('Stopping: once more to stop at once.');
			assert.match(await stage.frame(), /\nStopping: once more to stop at once\.$/);
			await stage.press('q');
			stage.notice('again');
			assert.match(await stage.frame(), /Batches are under way/);
			await stage.press('n');
			assert.doesNotMatch(await stage.frame(), /again|Stopping/);
		}));

	test('a pasted text steers nothing', () =>
		onStage(job, {}, async stage => {
			const before = await stage.frame();
			assert.equal(await stage.press('\x1b[200~qs P y+++\x1b[201~'), before);
			assert.equal(runOf(stage).concurrency, 2);
		}));
});

describe('keys that move', () => {
	const selectedIn = (frame: string) => Number(/^›. *(\d+)/m.exec(frame)?.[1]);

	test('through 10,000 batches by one, by half a page, and to both ends', () =>
		onStage(makeJob({batches: 10_000, rules: 0}), {}, async stage => {
			const after = async (input: string) => selectedIn(await stage.press(input));
			assert.equal(await after('jj'), 3);
			assert.equal(await after('k'), 2);
			assert.equal(await after(keys.down), 3);
			assert.equal(await after(keys.up), 2);
			assert.equal(await after(keys.halfDown), 12);
			assert.equal(await after(keys.pageDown), 22);
			assert.equal(await after(keys.halfUp), 12);
			assert.equal(await after('G'), 10_000);
			assert.equal(await after(keys.pageUp), 9990);
			assert.equal(await after('g'), 1);
			assert.equal(await after('k'), 1);
			assert.match(await stage.press('G'), /batches 9981–10000 of 10000/);
		}));

	test('v says so where there are no lines to go to', () =>
		onStage(makeJob({batches: 2, rules: 0}), {}, async stage => {
			assert.match(await stage.press('v'), /\nthere are no lines to be shown here$/);
		}));

	test('Enter shows the output alone and goes back, Esc too', () =>
		onStage(makeJob({batches: 2, rules: 0}), {}, async stage => {
			stage.say(1, 'to be copied\n');
			const zoomed = await stage.press(keys.enter);
			assert.match(zoomed, /^─ ▶ batch 1 .*\nto be copied\n/);
			assert.doesNotMatch(zoomed, /│|q quit/);
			assert.match(await stage.press(keys.enter), /^test running/);
			await stage.press(keys.enter);
			assert.match(await stage.press(keys.escape), /^test running/);
		}));

	test('Esc is heard with the next key right after it, whatever that is', () =>
		onStage(makeJob({batches: 3, rules: 0}), {}, async stage => {
			for (const [next, seen] of [
				['j', /^test running[\s\S]*\n›· 2/],
				[keys.up, /^test running[\s\S]*\n›▶ 1/],
				['?', /^test running[\s\S]*\n {5}j ↓ {2}next batch/],
				['', /^test running[\s\S]*\n›▶ 1/],
				[':', /^test running[\s\S]*\n: *$/],
			] as const) {
				assert.match(await stage.press(keys.enter), /^─/);
				assert.match(await stage.press(`${keys.escape}${next}`), seen, JSON.stringify(next));
				if (next === '?') await stage.press('?');
			}
			assert.match(await stage.press(`${keys.escape}${keys.enter}`), /^─/, 'the line is closed, and the batch zoomed');
		}));

	test('a question and its answer are seen over a zoomed output too', () =>
		onStage(makeJob({batches: 2, rules: 0}), {}, async stage => {
			await stage.press(keys.enter);
			assert.match(await stage.press('x'), /^─ ▶ batch 1 .*\nEnd attempt 1 of batch 1 and hold it\?/s);
			await stage.press('n');
			assert.match(await stage.press('w'), /there is no wait to end$/);
		}));

	test('? lists every key, scrolls in a low window, and steers nothing meanwhile', () =>
		onStage(makeJob({batches: 2, rules: 0}), {columns: 60, rows: 12}, async stage => {
			assert.match(await stage.press('?'), /p\s+pause when what runs is done/);
			assert.match(await stage.press('G'), /:help\s+all keys and commands\nj k scroll · esc back$/);
			await stage.press('sPx+');
			assert.equal(runOf(stage).concurrency, 1);
			assert.match(await stage.press('?'), /^test running/);
		}));

	test('Tab shows the other pane where there is room for one', () =>
		onStage(makeJob({batches: 2, rules: 0}), {columns: 40, rows: 12}, async stage => {
			stage.say(1, 'some output\n');
			assert.doesNotMatch(await stage.frame(), /some output/);
			assert.match(await stage.press(keys.tab), /some output/);
			assert.match(await stage.press(keys.tab), /›▶ 1/);
		}));

	test('the selection follows what runs, stays while it runs, and f takes it up again', () =>
		onStage(makeJob({batches: 6, rules: 0, concurrency: 2}), {}, async stage => {
			assert.equal(selectedIn(await stage.frame()), 1);
			await end(stage, 1);
			assert.equal(selectedIn(await stage.frame()), 2);
			await end(stage, 3);
			assert.equal(selectedIn(await stage.frame()), 2);
			await stage.press('G');
			await end(stage, 2);
			assert.equal(selectedIn(await stage.frame()), 6);
			assert.equal(selectedIn(await stage.press('f')), 4);
		}));
});
