import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import type {Signal} from '../../source/engine/engine.js';
import {createFrames} from '../../source/ui/frames.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';

async function openFrames(batches = 1, more: Parameters<typeof createFrames>[3] = {}) {
	const world = new World(makeJob({batches, rules: 0}));
	world.open();
	await world.settle();
	const errors: unknown[] = [];
	let print = (_batch: number) => {};
	const engine = {
		...world.engine,
		onSignal(listener: (signal: Signal) => void) {
			const before = print;
			print = batch => {
				before(batch);
				listener({type: 'output', batch, attempt: 1, stream: 'stdout', text: 'a line\n'});
			};
			return () => {};
		},
	};
	const frames = createFrames(engine, world.clock, error => void errors.push(error), more);
	let drawn = 0;
	frames.subscribe(() => void drawn++);
	/** Passes this time; everything that waits for it happens. */
	const pass = (ms: number) => {
		const until = world.time + ms;
		while ((world.nextTimer ?? Number.POSITIVE_INFINITY) <= until) world.tick();
		world.time = until;
	};
	return {world, frames, errors, drawn: () => drawn, pass, print: (batch: number) => print(batch)};
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
		const {world, frames, drawn, pass} = await openFrames();
		const second = () => pass(1000);
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

	test('clocks that show minutes tick when a minute has passed', async () => {
		const {frames, drawn, pass} = await openFrames();
		pass(3_600_000);
		assert.equal(drawn(), 3600);
		pass(120_000);
		assert.equal(drawn(), 3602);
		frames.stop();
	});

	test('the clock of a run that is paused moves by minutes, and then shows the time that has passed', async () => {
		const {world, frames, drawn, pass} = await openFrames();
		await world.engine.send({type: 'pause', mode: 'now'});
		world.attempts[0]!.end({aborted: true});
		await world.settle();
		pass(1000);
		assert.deepEqual([world.engine.getSnapshot().phase, world.engine.getSnapshot().live], ['paused', []]);
		const before = drawn();
		pass(10 * 60_000);
		assert.equal(drawn(), before + 10);
		assert.ok(frames.now() > world.time - 60_000);
		frames.stop();
	});

	test('the time that is shown moves with the ticks, whatever else is drawn in between', async () => {
		const {world, frames, drawn, pass, print} = await openFrames(1, {tempo: {animated: true, clockMs: 5000}});
		const start = world.time;
		for (let count = 0; count < 49; count++) {
			print(1);
			pass(100);
		}
		assert.ok(drawn() > 40);
		assert.equal(frames.now(), start);
		pass(100);
		assert.equal(frames.now(), start + 5000);
		frames.stop();
	});

	test('a sign turns by one with each frame that shows something new of its batch, and rests when it is silent', async () => {
		const {frames, pass, print} = await openFrames();
		assert.equal(frames.turnOf(1), undefined);
		const seen: (number | undefined)[] = [];
		for (let count = 0; count < 3; count++) {
			print(1);
			seen.push(frames.turnOf(1));
			pass(200);
		}
		assert.deepEqual(seen, [1, 2, 3]);
		assert.equal(frames.turnOf(2), undefined);
		pass(2000);
		assert.equal(frames.turnOf(1), undefined);
		frames.stop();
	});

	test('without animation nothing turns', async () => {
		const {frames, print} = await openFrames(1, {tempo: {animated: false, clockMs: 10_000}});
		print(1);
		assert.equal(frames.turnOf(1), undefined);
		frames.stop();
	});

	test('while the last frame is on its way nothing is drawn; clocks move less often for a while after', async () => {
		let goOn: (() => void) | undefined;
		let isBusy = true;
		const link = {
			isBusy: () => isBusy,
			whenFree(callback: () => void) {
				goOn = callback;
				return () => {};
			},
		};
		const {world, frames, drawn, pass, print} = await openFrames(1, {link});
		print(1);
		pass(20_000);
		assert.equal(drawn(), 0);
		isBusy = false;
		goOn?.();
		assert.equal(drawn(), 1);
		assert.ok(frames.now() > world.time - 10_000);
		pass(40_000);
		assert.ok(drawn() <= 6, `${drawn()} frames`);
		pass(60_000);
		const after = drawn();
		pass(10_000);
		assert.equal(drawn(), after + 10);
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
