import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import {createFrames} from '../../source/ui/frames.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';

async function openFrames(batches = 1) {
	const world = new World(makeJob({batches, rules: 0}));
	world.open();
	await world.settle();
	const errors: unknown[] = [];
	const frames = createFrames(world.engine, world.clock, error => void errors.push(error));
	let drawn = 0;
	frames.subscribe(() => void drawn++);
	return {world, frames, errors, drawn: () => drawn};
}

describe('frames', () => {
	test('the first change is drawn at once, those that follow together 100 ms later', async () => {
		const {world, frames, drawn} = await openFrames();
		for (let change = 0; change < 5; change++)
			await world.engine.send({type: 'set-concurrency', concurrency: change + 2});
		assert.equal(drawn(), 1);
		world.tick();
		assert.equal(drawn(), 2);
		assert.equal(world.time, 1_000_100);
		frames.stop();
	});

	test('clocks tick once a second while something is under way, and stand still when nothing is', async () => {
		const {world, frames, drawn} = await openFrames();
		const second = () => {
			for (const until = world.time + 1000; (world.nextTimer ?? Number.POSITIVE_INFINITY) <= until; ) world.tick();
		};
		for (let count = 0; count < 5; count++) second();
		assert.equal(drawn(), 5);
		world.attempts[0]!.end();
		await world.settle();
		assert.equal(world.engine.getSnapshot().phase, 'ended');
		second();
		const after = drawn();
		for (let count = 0; count < 5; count++) second();
		assert.equal(drawn(), after);
		frames.stop();
	});

	test('what goes wrong while a frame is drawn is told, and the engine goes on', async () => {
		const {world, frames, errors} = await openFrames(2);
		const bug = new Error('a bug in the screen');
		frames.subscribe(() => {
			throw bug;
		});
		world.attempts[0]!.end();
		await world.settle();
		assert.deepEqual(errors, [bug]);
		assert.equal(world.attempts[0]?.task.batch.number, 2);
		frames.stop();
	});

	test('nothing is left behind after the stop', async () => {
		const {world, frames, drawn} = await openFrames();
		frames.stop();
		await world.engine.send({type: 'set-concurrency', concurrency: 2});
		assert.equal(drawn(), 0);
		assert.equal(world.nextTimer, undefined);
	});
});
