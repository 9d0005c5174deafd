const ascii = /^[ -~]*$/;

/** A line as it is shown and searched: tabs have four cells, and a sign has one spelling. */
export const shownLine = (line: string): string =>
	ascii.test(line) ? line : line.replaceAll('\t', '    ').normalize();

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
