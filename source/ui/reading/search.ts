import {createFinder} from '../../headless/find-text.js';

/** Where a search has found what it looks for: a line of the document, and the sign in it. */
export type Match = {line: number; start: number};

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
