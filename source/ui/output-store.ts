import type {Engine, Signal} from '../engine/engine.js';
import {createStripper, type Stripper} from '../process/sanitize.js';
import {createLineTail, type LineTail} from './line-tail.js';

/** Lines kept a batch, and batches whose lines are kept: the log files have everything. */
const mostLines = 1000;
const mostBatches = 64;

type Kept = {attempt: number; tail: LineTail; strippers: Record<Signal['stream'], Stripper>};

/** The last lines that live batches printed, harmless to show. */
export type OutputStore = {
	/** The last lines of a batch's last attempt, oldest first; empty when nothing is known. */
	linesOf(batch: number): readonly string[];
	/** The same with how much came before; undefined when nothing is known. */
	of(batch: number): {attempt: number; first: number; size: number; lines: readonly string[]} | undefined;
	/** Whether everything that an attempt prints comes by here: it began after this store did. */
	seesWhole(batch: number, attempt: number): boolean;
	/** Grows with every change. */
	readonly version: number;
	stop(): void;
};

/** `begun`: the attempts that are under way already, as `batch-attempt`. */
export function createOutputStore(
	engine: Pick<Engine, 'onSignal'>,
	begun: ReadonlySet<string> = new Set(),
): OutputStore {
	const batches = new Map<number, Kept>();
	let version = 0;

	const keptFor = ({batch, attempt}: Signal): Kept => {
		const known = batches.get(batch);
		if (known?.attempt === attempt) return known;
		const fresh: Kept = {
			attempt,
			tail: createLineTail(mostLines),
			strippers: {stdout: createStripper(), stderr: createStripper()},
		};
		batches.delete(batch);
		batches.set(batch, fresh);
		const [oldest] = batches.keys();
		if (batches.size > mostBatches && oldest !== undefined) batches.delete(oldest);
		return fresh;
	};

	const stop = engine.onSignal(signal => {
		const {tail, strippers} = keptFor(signal);
		tail.push(strippers[signal.stream].push(signal.text));
		version++;
	});

	return {
		linesOf: batch => batches.get(batch)?.tail.lines() ?? [],
		of(batch) {
			const kept = batches.get(batch);
			if (!kept) return undefined;
			const {attempt, tail} = kept;
			return {attempt, first: tail.first, size: tail.size, lines: tail.lines()};
		},
		seesWhole: (batch, attempt) => !begun.has(`${batch}-${attempt}`),
		get version() {
			return version;
		},
		stop,
	};
}
