import {shownLine} from '../../headless/find-text.js';
import type {LineLook, StyledLine} from '../styled-line.js';
import {wrapLine} from './wrap.js';

/** A text that is read: its lines, and how many stood before them that are not at hand. */
export type Doc = {
	/** What it is the text of: another text has another one, a text that has grown has the same. */
	of: string;
	first: number;
	lines: readonly StyledLine[];
	/** It is still being looked up: what is not in it yet may be soon. */
	isComing?: boolean;
};

/** The first row that is shown: a line of a document, and a row of it. */
export type Place = {line: number; row: number};

/** The pane that a document is read in, in cells. */
export type Pane = {rows: number; columns: number};

export type DocRow = {line: number; start: number; text: string; look: LineLook};

export const start: Place = {line: 0, row: 0};

const isBefore = (a: Place, b: Place) => a.line < b.line || (a.line === b.line && a.row < b.row);
const rowsOf = (line: StyledLine | undefined, columns: number) => wrapLine(shownLine(line?.text ?? ''), columns);

/** The rows of a pane from a place on; only what is seen is wrapped, so that a long text costs no more than a short one. */
export function rowsFrom({lines}: Doc, place: Place, {rows, columns}: Pane): DocRow[] {
	const shown: DocRow[] = [];
	for (let line = Math.max(0, place.line); line < lines.length && shown.length < rows; line++) {
		const {look = 'plain'} = lines[line] ?? {};
		const wrapped = rowsOf(lines[line], columns);
		const from = line === place.line ? Math.min(place.row, wrapped.length - 1) : 0;
		for (const row of wrapped.slice(from, from + rows - shown.length)) shown.push({line, look, ...row});
	}
	return shown;
}

/** The place from which on the rest of the document just fills the pane. */
export function lastPlace({lines}: Doc, {rows, columns}: Pane): Place {
	let left = Math.max(1, rows);
	for (let line = lines.length - 1; line >= 0; line--) {
		const count = rowsOf(lines[line], columns).length;
		if (count >= left) return {line, row: count - left};
		left -= count;
	}
	return start;
}

/** So many rows further down, or up; never past the last place. */
export function movedBy(doc: Doc, place: Place, by: number, pane: Pane): Place {
	const last = lastPlace(doc, pane);
	let {line, row} = isBefore(last, place) ? last : place;
	let count = rowsOf(doc.lines[line], pane.columns).length;
	// In a window that has become wider a line has fewer rows than before.
	row = Math.min(row, count - 1);
	for (let left = by; left > 0; left--) {
		if (row + 1 < count) row++;
		else if (line + 1 < doc.lines.length) {
			line++;
			row = 0;
			count = rowsOf(doc.lines[line], pane.columns).length;
		} else break;
		if (!isBefore({line, row}, last)) return last;
	}
	for (let left = -by; left > 0; left--) {
		if (row > 0) row--;
		else if (line > 0) {
			line--;
			row = rowsOf(doc.lines[line], pane.columns).length - 1;
		} else break;
	}
	return {line, row};
}

/** The place from which the row that holds this sign of a line is seen: where one is when it is seen from there, else a third down the pane. */
export function placeFor(doc: Doc, at: {line: number; start: number}, from: Place, pane: Pane): Place {
	const isSeen = rowsFrom(doc, from, pane).some(
		({line, start, text}) => line === at.line && start <= at.start && at.start < start + Math.max(1, text.length),
	);
	if (isSeen) return from;
	const row = rowsOf(doc.lines[at.line], pane.columns).findLastIndex(({start}) => start <= at.start);
	const target = {line: at.line, row: Math.max(0, row)};
	const last = lastPlace(doc, pane);
	return isBefore(last, target) ? last : movedBy(doc, target, -Math.floor(pane.rows / 3), pane);
}
