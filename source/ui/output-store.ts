import type {Engine, Signal} from '../engine/engine.js';
import {createStripper, type Stripper} from '../process/sanitize.js';

/** Lines kept a batch, and batches whose lines are kept: the log files have everything. */
const mostLines = 1000;
const mostBatches = 64;
/** A line without an end is cut here, so that one endless line cannot fill the memory. */
const longestLine = 4000;

type Lines = {attempt: number; lines: string[]; open: string; strippers: Record<Signal['stream'], Stripper>};

/** The last lines that live batches printed, harmless to show. */
export type OutputStore = {
	/** The last lines of a batch's last attempt, oldest first; empty when nothing is known. */
	linesOf(batch: number): readonly string[];
	/** Grows with every change. */
	readonly version: number;
	stop(): void;
};

export function createOutputStore(engine: Pick<Engine, 'onSignal'>): OutputStore {
	const batches = new Map<number, Lines>();
	let version = 0;

	const linesFor = ({batch, attempt}: Signal): Lines => {
		const known = batches.get(batch);
		if (known?.attempt === attempt) return known;
		const fresh: Lines = {
			attempt,
			lines: [],
			open: '',
			strippers: {stdout: createStripper(), stderr: createStripper()},
		};
		batches.delete(batch);
		batches.set(batch, fresh);
		const [oldest] = batches.keys();
		if (batches.size > mostBatches && oldest !== undefined) batches.delete(oldest);
		return fresh;
	};

	const stop = engine.onSignal(signal => {
		const target = linesFor(signal);
		const text = target.open + target.strippers[signal.stream].push(signal.text);
		const lines = text.split('\n');
		target.open = (lines.pop() ?? '').slice(-longestLine);
		for (const line of lines) target.lines.push(line.slice(0, longestLine));
		if (target.lines.length > mostLines * 2) target.lines.splice(0, target.lines.length - mostLines);
		version++;
	});

	return {
		linesOf(batch) {
			const known = batches.get(batch);
			if (!known) return [];
			const lines = known.lines.slice(-mostLines);
			return known.open === '' ? lines : [...lines, known.open];
		},
		get version() {
			return version;
		},
		stop,
	};
}
