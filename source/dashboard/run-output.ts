import type {Signal} from '../engine/engine.js';
import {createTail} from '../engine/tail.js';
import {createStripper, type Stripper} from '../process/sanitize.js';
import {type Frame, frameOf} from './frame.js';

/** More streams than batches at once can have; what of an old one is left was said long ago. */
const mostStrippers = 4096;

/** What the batches of one run print, without what a terminal would take as an order. */
export type RunOutput = {
	/** Undefined where nothing is left to be shown. */
	take(signal: Signal): Frame | undefined;
	/** For who comes later: the end of what was printed, the beginning of each batch marked. */
	tail(): Frame[];
	/** What comes next begins anew: another connection tells it, from its own tail on. */
	restart(): void;
};

export function createRunOutput(): RunOutput {
	let tail = createTail();
	let strippers = new Map<string, Stripper>();
	let begun = new Map<number, number>();

	return {
		take(signal) {
			const {batch, attempt, stream} = signal;
			const begins = begun.get(batch) !== attempt;
			if (begins) {
				begun.set(batch, attempt);
				strippers.delete(`${batch} stdout`);
				strippers.delete(`${batch} stderr`);
			}
			const key = `${batch} ${stream}`;
			let stripper = strippers.get(key);
			if (!stripper) {
				stripper = createStripper();
				strippers.set(key, stripper);
				const [oldest] = strippers.keys();
				if (strippers.size > mostStrippers && oldest !== undefined) strippers.delete(oldest);
			}
			const text = stripper.push(signal.text);
			if (text === '' && !begins) return undefined;
			tail.note({...signal, text});
			return frameOf('output', {batch, attempt, stream, text, begins});
		},
		tail() {
			const seen = new Set<number>();
			return tail.signals().map(({batch, attempt, stream, text}) => {
				const begins = !seen.has(batch);
				seen.add(batch);
				return frameOf('output', {batch, attempt, stream, text, begins});
			});
		},
		restart() {
			tail = createTail();
			strippers = new Map();
			begun = new Map();
		},
	};
}
