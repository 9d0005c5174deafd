import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import {createJobBoard} from '../../source/commands/job-board.js';
import {Story} from '../support/story.js';

/** A clock whose timers fire when the test says so. */
function handClock(now: () => number) {
	const timers = new Set<() => void>();
	return {
		now,
		random: () => 0,
		timer(_ms: number, callback: () => void) {
			timers.add(callback);
			return () => void timers.delete(callback);
		},
		waiting: () => timers.size,
		fire() {
			const [first] = timers;
			assert.ok(first);
			timers.delete(first);
			first();
		},
	};
}

test('the jobs of a user are looked at again and again, and only what is new is told', async () => {
	const story = new Story({PATH: process.env.PATH ?? ''});
	const clock = handClock(() => story.clock.time + 7 * 60_000);
	const env = {XDG_STATE_HOME: path.join(story.folder, 'state'), HOME: story.folder};
	const board = createJobBoard({env, clock});
	let told = 0;
	board.subscribe(() => void told++);
	/** A look is over when the next one is waited for. */
	const looked = async () => {
		while (clock.waiting() === 0) await new Promise(resolve => setImmediate(resolve));
	};
	try {
		await looked();
		assert.deepEqual(board.rows(), []);
		const file = story.write({
			name: 'one',
			backend: {type: 'command', command: ['true']},
			batch: {size: 1, total_items: 2},
			prompt: {template: 'x'},
			pause_between_batches_seconds: 0,
		});
		await story.run(file);
		clock.fire();
		await looked();
		const before = told;
		const [row, ...others] = board.rows() ?? [];
		assert.deepEqual(others, []);
		assert.match(row?.id ?? '', /^job-/);
		assert.deepEqual(
			{...row, id: '', age: row?.age.replace(/\d+/, 'some')},
			{
				...{id: '', name: 'one', folder: '~', state: 'completed', age: 'some min ago'},
				counts: {completed: 2, failed: 0, skipped: 0, total: 2, left: 0},
			},
		);
		clock.fire();
		await looked();
		assert.equal(told, before, 'nothing is told when nothing has changed');
	} finally {
		board.stop();
		assert.equal(clock.waiting(), 0);
		story.remove();
	}
});
