import {createFinder, shownLine} from '../../headless/find-text.js';
import type {DocRow} from './place.js';
import type {Search} from './reading.js';
import {matchLength} from './search.js';

/** A part of a row: usual text, a match, or the match that one is at. */
export type Piece = {text: string; as: 'text' | 'match' | 'current'};

/** A row in pieces, so that what was looked for stands out, also where it was broken at the end of a row. */
export function piecesOf({line, start, text}: DocRow, whole: string, {query, at}: Search): Piece[] {
	const length = matchLength(query);
	const pieces: Piece[] = [];
	let done = 0;
	const add = (to: number, as: Piece['as']) => {
		if (to > done) pieces.push({text: text.slice(done, to), as});
		done = Math.max(done, to);
	};
	for (const found of createFinder(query)(whole)) {
		const [from, to] = [found - start, found - start + length];
		if (to <= 0 || from >= text.length) continue;
		add(Math.max(0, from), 'text');
		add(Math.min(to, text.length), at?.line === line && at.start === found ? 'current' : 'match');
	}
	add(text.length, 'text');
	return pieces;
}

/** Whether a line holds a match at all; most do not, and stay in one piece. */
export const hasMatch = (line: string, {query}: Search): boolean => createFinder(query)(shownLine(line)).length > 0;
