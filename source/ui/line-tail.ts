/** A line without an end is cut here, so that one endless line cannot fill the memory. */
const longestLine = 4000;

/** The last lines of a text that comes in pieces; a line that is not over yet is one too. */
export type LineTail = {
	push(text: string): void;
	lines(): string[];
	/** How many lines came before those. */
	readonly first: number;
	/** Grows with everything that comes. */
	readonly size: number;
};

export function createLineTail(most: number): LineTail {
	let kept: string[] = [];
	let open = '';
	let ended = 0;
	let size = 0;
	return {
		push(text) {
			size += text.length;
			const lines = (open + text).split('\n');
			open = (lines.pop() ?? '').slice(-longestLine);
			ended += lines.length;
			for (const line of lines) kept.push(line.slice(0, longestLine));
			// Cut with slack, so that the lines are not moved one by one.
			if (kept.length > most * 2) kept = kept.slice(-most);
		},
		lines() {
			const lines = kept.slice(-most);
			if (open !== '') lines.push(open);
			return lines;
		},
		get first() {
			return ended - Math.min(kept.length, most);
		},
		get size() {
			return size;
		},
	};
}
