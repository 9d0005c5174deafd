import stringWidth from 'string-width';
import {graphemesOf, type InputLine} from './input-line.js';

/** A line as it is typed: the sign under the cursor, a blank behind the last one, and what stands around it. */
export type LineWindow = {before: string; at: string; after: string};

/** The part of a line around its cursor that fits into so many cells. */
export function windowOf({text, cursor}: InputLine, cells: number): LineWindow {
	const signs = graphemesOf(text);
	const at = signs[cursor] ?? ' ';
	let room = cells - stringWidth(at);
	let [from, to] = [cursor, cursor + 1];
	const takes = (sign: string | undefined) => {
		const width = stringWidth(sign ?? '');
		if (sign === undefined || width > room) return false;
		room -= width;
		return true;
	};
	while (from > 0 && takes(signs[from - 1])) from--;
	while (to < signs.length && takes(signs[to])) to++;
	return {before: signs.slice(from, cursor).join(''), at, after: signs.slice(cursor + 1, to).join('')};
}
