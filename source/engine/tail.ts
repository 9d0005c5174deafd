import type {Signal} from './engine.js';

/** Bytes kept a batch (characters, to be exact), and batches kept. */
const mostText = 64 * 1024;
const mostBatches = 16;

type Kept = {attempt: number; pieces: Signal[]; size: number; isCut: boolean};

/** The end of what the last live batches printed, for a face that comes later. */
export type Tail = {
	note(signal: Signal): void;
	/** Oldest batch first; a few signals a batch, which begin with a whole line. */
	signals(): Signal[];
};

export function createTail(): Tail {
	const batches = new Map<number, Kept>();

	function keptFor({batch, attempt}: Signal): Kept {
		const known = batches.get(batch);
		if (known?.attempt === attempt) return known;
		const fresh: Kept = {attempt, pieces: [], size: 0, isCut: false};
		batches.delete(batch);
		batches.set(batch, fresh);
		const [oldest] = batches.keys();
		if (batches.size > mostBatches && oldest !== undefined) batches.delete(oldest);
		return fresh;
	}

	return {
		note(signal) {
			const kept = keptFor(signal);
			const text = signal.text.length > mostText ? signal.text.slice(-mostText) : signal.text;
			if (text !== signal.text) kept.isCut = true;
			kept.pieces.push(text === signal.text ? signal : {...signal, text});
			kept.size += text.length;
			// Cut with slack, so that many small pieces are not moved one by one.
			if (kept.size < mostText * 2) return;
			let drop = 0;
			while (kept.size > mostText) kept.size -= kept.pieces[drop++]?.text.length ?? kept.size;
			kept.pieces.splice(0, drop);
			kept.isCut = true;
		},
		signals: () => [...batches.values()].flatMap(({pieces, isCut}) => joined(pieces, isCut)),
	};
}

/** Neighbours of one stream as one signal. */
function joined(pieces: readonly Signal[], isCut: boolean): Signal[] {
	const signals: Signal[] = [];
	for (const piece of pieces) {
		const last = signals.at(-1);
		if (last?.stream === piece.stream) last.text += piece.text;
		else signals.push({...piece});
	}
	const [first] = signals;
	const end = isCut && first ? first.text.indexOf('\n') : -1;
	if (first && end >= 0) first.text = first.text.slice(end + 1);
	return signals;
}
