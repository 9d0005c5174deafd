import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import type {Run} from '../../source/core/run.js';
import type {Proposal} from '../../source/ui/job-edit.js';
import {line} from '../../source/ui/styled-line.js';
import {makeJob} from '../support/job.js';
import {keys, onStage, type Stage} from './stage.js';

const job = makeJob({batches: 2, rules: 0});
const other = makeJob({batches: 5, rules: 0});
const change: Proposal = {
	kind: 'change',
	hash: JSON.stringify(other),
	lines: [line('The job file has changed.'), line(''), ...Array.from({length: 40}, (_, row) => line(`row ${row}`))],
};
const mistakes: Proposal = {kind: 'mistakes', lines: [line('work.yaml:3:1: error: sise is not a field')]};

/** The editor is closed at once, and this comes of it. */
function edited(stage: Stage, ...found: (Proposal | string)[]): void {
	stage.world.jobFile = other;
	let at = -1;
	stage.editing.edit = async () => {
		const problem = found[++at];
		return typeof problem === 'string' ? problem : undefined;
	};
	stage.editing.look = async () => found[at] as Proposal;
}

const runOf = ({world}: Stage): Run => world.engine.getSnapshot();

async function paused(stage: Stage): Promise<void> {
	await stage.press('P');
	await stage.press('y');
	stage.world.attempts[0]!.end({aborted: true});
	await stage.settle();
}

describe('the job file, edited from the screen', () => {
	test('is not opened while the run goes on, and the refusal says what to do', () =>
		onStage(job, {}, async stage => {
			edited(stage, change);
			assert.match(await stage.press('e'), /the run is under way: pause it first \(p\)$/);
		}));

	test('shows what it would mean, scrolls, and is taken by y alone', () =>
		onStage(job, {columns: 80, rows: 20}, async stage => {
			edited(stage, change);
			await paused(stage);
			assert.match(await stage.press('e'), /The job file has changed\.[\s\S]*\ny take it · n drop it · j k scroll/);
			assert.match(await stage.press('G'), /row 39\ny take it/);
			stage.resize({columns: 80, rows: 46});
			assert.match(await stage.frame(), /The job file has changed\.\n\nrow 0\n[\s\S]*row 39\n+y take it/);
			stage.resize({columns: 80, rows: 20});
			await stage.press('sx+r');
			assert.equal(runOf(stage).total, 2);
			assert.match(await stage.press('y'), /test paused .* 0\/5[\s\S]*taken: the run goes on by this job \(p\)$/);
			assert.equal(runOf(stage).total, 5);
		}));

	test('is dropped by n and by esc, and what was refused stays to be seen', () =>
		onStage(job, {}, async stage => {
			edited(stage, change, change, change);
			await paused(stage);
			await stage.press('e');
			assert.match(await stage.press('n'), /not taken: the run keeps the job it had/);
			await stage.press('e');
			assert.match(await stage.press(keys.escape), /not taken/);
			assert.equal(runOf(stage).total, 2);
			await stage.press('e');
			stage.world.jobFile = job;
			assert.match(
				await stage.press('y'),
				/The job file has changed\.[\s\S]*the job file has changed since you looked at it: look again \(e\)$/,
			);
		}));

	test('with mistakes it is shown what they are, and e opens it again', () =>
		onStage(job, {}, async stage => {
			edited(stage, mistakes, change);
			await paused(stage);
			assert.match(await stage.press('e'), /work\.yaml:3:1: error: sise[\s\S]*\ne edit again · esc back · j k scroll$/);
			await stage.press('y');
			assert.equal(runOf(stage).total, 2);
			assert.match(await stage.press('e'), /The job file has changed/);
		}));

	test('an editor that fails, and a file that says the same, are told', () =>
		onStage(job, {}, async stage => {
			edited(stage, 'vi has ended with code 1: nothing is taken.', {kind: 'nothing', message: 'nothing has changed'});
			await paused(stage);
			assert.match(await stage.press('e'), /vi has ended with code 1: nothing is taken\.$/);
			assert.match(await stage.press(`:edit${keys.enter}`), /nothing has changed$/);
		}));

	for (const size of [
		{columns: 200, rows: 50},
		{columns: 40, rows: 12},
		{columns: 2, rows: 1},
	]) {
		test(`at ${size.columns}×${size.rows} it fills the window`, () =>
			onStage(job, size, async stage => {
				edited(stage, change);
				await paused(stage);
				assert.equal((await stage.press('e')).split('\n').length, size.rows);
			}));
	}
});
