import {shownLine} from './wrap.js';

/** Where a search has found what it looks for: a line of the document, and the sign in it. */
export type Match = {line: number; start: number};

/** Lower case of the same length, so that places in it are places in the text. */
function folded(text: string): string {
	const lower = text.toLowerCase();
	if (lower.length === text.length) return lower;
	return Array.from(text, sign => (sign.toLowerCase().length === sign.length ? sign.toLowerCase() : sign)).join('');
}

const upper = /\p{Lu}/u;

/** Finds where a plain text stands in another one: as it is written when it has a capital letter, else in any case. */
export function createFinder(query: string): (line: string) => number[] {
	const wanted = query.normalize();
	const isExact = upper.test(wanted);
	const sought = isExact ? wanted : folded(wanted);
	return line => {
		const found: number[] = [];
		if (sought === '') return found;
		const text = isExact ? shownLine(line) : folded(shownLine(line));
		for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length)) found.push(at);
		return found;
	};
}

/** How many signs of a line a match takes. */
export const matchLength = (query: string): number => query.normalize().length;

/**
 * The next match after (`by` 1) or before (-1) a place; past the last line the search begins again at the other end.
 * Undefined when there is no match at all.
 */
export function nextMatch(
	lines: readonly {text: string}[],
	query: string,
	from: Match,
	by: 1 | -1,
): {match: Match; beganAgain: boolean} | undefined {
	const find = createFinder(query);
	const isAfter = (start: number) => (by > 0 ? start > from.start : start < from.start);
	for (let step = 0; step <= lines.length; step++) {
		const at = from.line + by * step;
		const line = ((at % lines.length) + lines.length) % lines.length;
		const starts = find(lines[line]?.text ?? '');
		const some =
			step === 0 ? starts.filter(isAfter) : step === lines.length ? starts.filter(start => !isAfter(start)) : starts;
		const start = by > 0 ? some[0] : some.at(-1);
		if (start !== undefined) return {match: {line, start}, beganAgain: at !== line || step === lines.length};
	}
	return undefined;
}

/** Every match of a document, from its beginning. */
export function allMatches(lines: readonly {text: string}[], query: string): Match[] {
	const find = createFinder(query);
	return lines.flatMap(({text}, line) => find(text).map(start => ({line, start})));
}

/** `/limit 3 of 17`: what is looked for, and the match one is at. */
export function matchWords(
	{query, at, isAwaited = false}: {query: string; at?: Match; isAwaited?: boolean},
	matches: readonly Match[],
): string {
	if (query === '') return '';
	if (isAwaited) return `/${query} …`;
	if (matches.length === 0) return `/${query} not there`;
	const current = at ? matches.findIndex(({line, start}) => line === at.line && start === at.start) + 1 : 0;
	return current > 0 ? `/${query} ${current} of ${matches.length}` : `/${query} ${matches.length} times`;
}
