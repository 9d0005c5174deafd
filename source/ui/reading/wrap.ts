import wrapAnsi from 'wrap-ansi';

/** A row of the screen: a piece of a line, and where in that line it begins. */
export type Row = {text: string; start: number};

const ascii = /^[ -~]*$/;

/** The rows that a shown line takes; the space that it was broken at belongs to neither row. */
export function wrapLine(line: string, columns: number): Row[] {
	if (line.length <= columns && ascii.test(line)) return [{text: line, start: 0}];
	let start = 0;
	return wrapAnsi(line, Math.max(1, columns), {hard: true, trim: false})
		.split('\n')
		.map((text, index) => {
			const skipped = index > 0 && text.startsWith(' ') ? 1 : 0;
			const row = {text: text.slice(skipped), start: start + skipped};
			start += text.length;
			return row;
		});
}
