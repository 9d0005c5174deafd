import {batchAt} from '../core/batch-table.js';
import type {Run} from '../core/run.js';
import type {Clock} from '../engine/clock.js';
import type {Engine} from '../engine/engine.js';
import {clockFace} from './clock-face.js';
import {createOutputStore, type OutputStore} from './output-store.js';
import {calmMs, type Tempo} from './tempo.js';
import {maxFps} from './theme.js';

/** What the screen reads: the run as it is on disk, the live output, and the time it shows. */
export type Frames = {
	subscribe(listener: () => void): () => void;
	/** Grows whenever there is something new to draw. */
	getVersion(): number;
	/** Undefined until the first facts of a new job are on disk. */
	run(): Run | undefined;
	output: OutputStore;
	/** The time that all clocks show, ms since the epoch; it moves with their ticks, not with what else is drawn. */
	now(): number;
	/** Whether signs may turn while something moves. */
	animated: boolean;
	/** Turns by one with every frame that shows something new from a batch; undefined where it is silent. */
	turnOf(batch: number): number | undefined;
	stop(): void;
};

/** The way to the terminal. */
export type Link = {
	/** Whether the last frame is still on its way. */
	isBusy(): boolean;
	/** Calls back when all that was written has gone. Returns the way to call it off. */
	whenFree(callback: () => void): () => void;
};

const lively: Tempo = {animated: true, clockMs: 1000};
/** For so long a line that did not keep up counts as slow, ms. */
const slowForMs = 60_000;

/**
 * Gathers events and output into frames: the first change is drawn at once, further ones at most `maxFps` times a
 * second, and clocks tick only while something is under way and one of them shows something else. Nothing is drawn
 * while the last frame is still on its way: what a slow line cannot show is left out, never queued. The one home of the
 * redraw rate. What goes wrong while a frame is drawn is told to `onError` and never to the engine, in whose turn the
 * drawing happens.
 */
export function createFrames(
	engine: Pick<Engine, 'getSnapshot' | 'subscribe' | 'onSignal'>,
	clock: Clock,
	onError: (error: unknown) => void,
	{tempo = lively, link}: {tempo?: Tempo; link?: Link} = {},
): Frames {
	const known = engine.getSnapshot();
	const begun = known?.live.map(number => `${number}-${batchAt(known, number).attempt}`);
	const output = createOutputStore(engine, new Set(begun));
	const listeners = new Set<() => void>();
	let version = 0;
	let dirty = false;
	let callOff: (() => void) | undefined;
	let shownAt = clock.now();
	let slowUntil = 0;
	/** Batches that have printed something: since the last frame, and since the last tick with their turns. */
	const fresh = new Set<number>();
	const turns = new Map<number, number>();

	const clockMs = () => (clock.now() < slowUntil ? Math.max(tempo.clockMs, calmMs) : tempo.clockMs);
	const guard = (what: () => void) => {
		try {
			what();
		} catch (error) {
			onError(error);
		}
	};
	const draw = () => {
		callOff = undefined;
		if (!dirty) return;
		if (link?.isBusy()) {
			slowUntil = clock.now() + slowForMs;
			callOff = link.whenFree(draw);
			return;
		}
		dirty = false;
		version++;
		for (const batch of fresh) turns.set(batch, (turns.get(batch) ?? 0) + 1);
		fresh.clear();
		if (clock.now() - shownAt >= clockMs()) shownAt = clock.now();
		callOff = clock.timer(1000 / maxFps, draw);
		guard(() => {
			for (const listener of [...listeners]) listener();
		});
	};
	const change = () => {
		dirty = true;
		if (!callOff) draw();
	};
	let turnsAtTick = new Map<number, number>();
	const tick = () => {
		callOffTick = clock.timer(clockMs(), tick);
		guard(look);
	};
	/** Draws where a clock shows something else than before, or a sign is to rest. */
	const look = () => {
		const run = engine.getSnapshot();
		const now = clock.now();
		const silent = [...turns].filter(([batch, turn]) => turnsAtTick.get(batch) === turn);
		for (const [batch] of silent) turns.delete(batch);
		turnsAtTick = new Map(turns);
		if (silent.length === 0 && (!run || clockFace(run, now) === clockFace(run, shownAt))) return;
		shownAt = now;
		change();
	};
	const unsubscribe = engine.subscribe(change);
	const stopSignals = engine.onSignal(({batch}) => {
		if (tempo.animated) fresh.add(batch);
		change();
	});
	let callOffTick = clock.timer(clockMs(), tick);

	return {
		subscribe(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		getVersion: () => version,
		run: () => engine.getSnapshot(),
		output,
		now: () => shownAt,
		animated: tempo.animated,
		turnOf: batch => turns.get(batch),
		stop() {
			unsubscribe();
			stopSignals();
			output.stop();
			callOff?.();
			callOffTick();
		},
	};
}
