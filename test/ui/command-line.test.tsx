import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {batchAt} from '../../source/core/batch-table.js';
import {makeJob} from '../support/job.js';
import {keys, onStage, type Stage} from './stage.js';

const runOf = ({world}: Stage) => world.engine.getSnapshot();
const statusOf = (stage: Stage, number: number) => batchAt(runOf(stage), number).status;
const job = makeJob({batches: 6, rules: 0, concurrency: 2});

describe('the command line', () => {
	test('opens with :, shows what can be typed, and Enter does it', () =>
		onStage(job, {}, async stage => {
			assert.match(await stage.press(':'), /\npause {2}resume {2}retry .* …\n: *$/);
			assert.match(await stage.press('conc'), /\nconcurrency N {2}so many batches at once\nconcurrency\n:conc *$/);
			assert.match(await stage.press(`${keys.tab}3${keys.enter}`), /3 running · 3 at once[\s\S]*\nq quit/);
		}));

	test('keys that are typed steer nothing, and esc, ^c and an empty Enter close it', () =>
		onStage(job, {}, async stage => {
			for (const close of [keys.escape, keys.interrupt]) {
				assert.match(await stage.press(':qPx+'), /\n:qPx\+ *$/);
				assert.match(await stage.press(close), /\nq quit · p pause/);
			}
			await stage.press(':');
			assert.match(await stage.press(keys.enter), /\nq quit · p pause/);
			assert.deepEqual([runOf(stage).phase, runOf(stage).concurrency, stage.interrupts], ['running', 2, 0]);
		}));

	test('a whole line may come as one event, and a pasted one is not entered', () =>
		onStage(job, {}, async stage => {
			await stage.press(`:skip 5-6${keys.enter}`);
			assert.deepEqual([statusOf(stage, 5), statusOf(stage, 6)], ['skipped', 'skipped']);
			assert.match(await stage.frame(), /\n2 batches: skipped$/);
			await stage.press(':');
			assert.match(await stage.press('\x1b[200~skip 4\nq\x1b[201~'), /\n:skip 4 q *$/);
			assert.equal(statusOf(stage, 4), 'pending');
		}));

	test('what its keys ask, it asks', () =>
		onStage(job, {}, async stage => {
			assert.match(await stage.press(`:stop 2${keys.enter}`), /End attempt 1 of batch 2 and hold it\?/);
			await stage.press('y');
			assert.equal(statusOf(stage, 2), 'stopping');
			assert.match(await stage.press(`:pause now${keys.enter}`), /End what runs and pause\?/);
			await stage.press('n');
			assert.match(await stage.press(`:quit now${keys.enter}`), /End what runs and quit\? y yes/);
			await stage.press('n');
			assert.equal(stage.leaves, 0);
			await stage.press(`:quit now${keys.enter}y`);
			assert.deepEqual([stage.leaves, runOf(stage).stop], [1, 'now']);
		}));

	test('a refusal of the engine, and a word that is not understood, are shown', () =>
		onStage(job, {}, async stage => {
			assert.match(await stage.press(`:end-wait 1${keys.enter}`), /batch 1 is running; there is no wait to end$/);
			assert.match(await stage.press(`:rezume${keys.enter}`), /there is no command “rezume”: did you mean resume\?$/);
		}));

	test('moves, tabs and help, from the help too', () =>
		onStage(job, {}, async stage => {
			assert.match(await stage.press(`:goto 6${keys.enter}`), /\n›· 6/);
			assert.match(await stage.press(`?:3${keys.enter}`), /\n›· 3/);
			assert.match(await stage.press(`:tab val${keys.enter}`), /\[validation\]/);
			assert.match(await stage.press(`:help${keys.enter}`), /pause when what runs is done/);
			assert.match(await stage.press(`:help${keys.enter}`), /pause when what runs is done/);
		}));

	test('filter does what / does, also from a zoomed text, and ends with no words', () =>
		onStage(job, {}, async stage => {
			const filtered = await stage.press(`${keys.enter}:filter 3-4${keys.enter}`);
			assert.match(filtered, /\n›· 3 /);
			assert.doesNotMatch(filtered, /· 6 /);
			assert.match(await stage.press(`:filter 99${keys.enter}`), /no batch fits “99”$/);
			assert.match(await stage.press(`:filter${keys.enter}`), /· 6 /);
		}));

	test('up brings back what was entered', () =>
		onStage(job, {}, async stage => {
			await stage.press(`:skip 6${keys.enter}`);
			assert.match(await stage.press(`:${keys.up}`), /\n:skip 6 *$/);
		}));

	test('what the program has to say is seen above it', () =>
		onStage(job, {}, async stage => {
			await stage.press(':');
			stage.notice('Stopping: once more to stop at once.');
			assert.match(await stage.frame(), /\nStopping: once more to stop at once\.\npause /);
		}));

	test('every command is in the help', () =>
		onStage(job, {columns: 80, rows: 60}, async stage => {
			const help = await stage.press('?');
			assert.match(help, /\n {6}:retry N\|N-M\|failed {2}queue batches again/);
			assert.match(help, /\n {6}:quit \[now\] +quit; now: end what runs first\n/);
		}));
});
