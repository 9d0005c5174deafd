import {batchAt} from '../core/batch-table.js';
import type {Run} from '../core/run.js';
import type {Clock} from '../engine/clock.js';
import type {Engine} from '../engine/engine.js';
import {createOutputStore, type OutputStore} from './output-store.js';
import {maxFps} from './theme.js';

/** What the screen reads: the run as it is on disk, the live output, and the time it shows. */
export type Frames = {
	subscribe(listener: () => void): () => void;
	/** Grows whenever there is something new to draw. */
	getVersion(): number;
	/** Undefined until the first facts of a new job are on disk. */
	run(): Run | undefined;
	output: OutputStore;
	/** Milliseconds since the epoch. */
	now(): number;
	stop(): void;
};

const secondMs = 1000;

/**
 * Gathers events and output into frames: the first change is drawn at once, further ones at most `maxFps` times a
 * second, and clocks tick once a second only while something is under way. The one home of the redraw rate. What goes
 * wrong while a frame is drawn is told to `onError` and never to the engine, in whose turn the drawing happens.
 */
export function createFrames(
	engine: Pick<Engine, 'getSnapshot' | 'subscribe' | 'onSignal'>,
	clock: Clock,
	onError: (error: unknown) => void,
): Frames {
	const known = engine.getSnapshot();
	const begun = known?.live.map(number => `${number}-${batchAt(known, number).attempt}`);
	const output = createOutputStore(engine, new Set(begun));
	const listeners = new Set<() => void>();
	let version = 0;
	let dirty = false;
	let callOff: (() => void) | undefined;

	const draw = () => {
		callOff = undefined;
		if (!dirty) return;
		dirty = false;
		version++;
		callOff = clock.timer(1000 / maxFps, draw);
		try {
			for (const listener of [...listeners]) listener();
		} catch (error) {
			onError(error);
		}
	};
	const change = () => {
		dirty = true;
		if (!callOff) draw();
	};
	const tick = () => {
		callOffTick = clock.timer(secondMs, tick);
		const run = engine.getSnapshot();
		if (run && (run.phase === 'running' || run.live.length > 0)) change();
	};
	const unsubscribe = engine.subscribe(change);
	const stopSignals = engine.onSignal(change);
	let callOffTick = clock.timer(secondMs, tick);

	return {
		subscribe(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		getVersion: () => version,
		run: () => engine.getSnapshot(),
		output,
		now: () => clock.now(),
		stop() {
			unsubscribe();
			stopSignals();
			output.stop();
			callOff?.();
			callOffTick();
		},
	};
}
