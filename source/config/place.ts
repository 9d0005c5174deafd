import {LineCounter} from 'yaml';

/** Where something stands: line and column from 1, length in characters, never over the line's end. */
export type Place = {
	/** The file as the user named it, or the `--set` argument. */
	file: string;
	line: number;
	column: number;
	length: number;
	/** The line itself, where it does not stand in the job file. */
	sourceLine?: string;
};

/** A text that places point into: the job file (`own`), a template file, a `--set` argument. */
export type Source = {file: string; text: string; own: boolean; lines: LineCounter};

export function sourceOf(file: string, text: string, own: boolean): Source {
	const lines = new LineCounter();
	lines.addNewLine(0);
	for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
	return {file, text, own, lines};
}

/** The place of the characters from `start` to before `end`; what lies beyond the first line is left out. */
export function placeAt(source: Source, start: number, end: number): Place {
	const {file, text, own, lines} = source;
	let at = Math.max(0, Math.min(start, text.length));
	// The end of a text belongs to its last line with something on it.
	if (at === text.length) while (at > 0 && (text[at - 1] === '\n' || text[at - 1] === '\r')) at--;
	const {line, col} = lines.linePos(at);
	const next = lines.lineStarts[line];
	const withReturn = next === undefined ? text.length : next - 1;
	const lineEnd = text[withReturn - 1] === '\r' ? Math.max(at, withReturn - 1) : withReturn;
	const place = {file, line, column: col, length: Math.max(1, Math.min(end, lineEnd) - at)};
	return own ? place : {...place, sourceLine: text.slice(at - col + 1, lineEnd)};
}
