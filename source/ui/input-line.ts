/** A line that is being typed. The cursor counts graphemes: what a person sees as one sign is one step. */
export type InputLine = {text: string; cursor: number};

export const emptyLine: InputLine = {text: '', cursor: 0};

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** The signs of a text as a person counts them. */
export const graphemesOf = (text: string): string[] => Array.from(segmenter.segment(text), ({segment}) => segment);

/**
 * The line after a key, by its name in the keymap (`keysOf`): a sign inserts itself, `left`, `backspace` and their like
 * edit, and a key that means nothing here changes nothing.
 */
export function editLine(line: InputLine, key: string): InputLine {
	const signs = graphemesOf(line.text);
	const cursor = Math.min(line.cursor, signs.length);
	const at = (to: number): InputLine => ({text: line.text, cursor: Math.max(0, Math.min(to, signs.length))});
	const without = (from: number, to: number) =>
		placed(signs.slice(0, from).join(''), signs.slice(Math.max(from, to)).join(''));
	switch (key) {
		case 'left':
		case '^b':
			return at(cursor - 1);
		case 'right':
		case '^f':
			return at(cursor + 1);
		case 'home':
		case '^a':
		case 'ctrl-a':
			return at(0);
		case 'end':
		case '^e':
		case 'ctrl-e':
			return at(signs.length);
		case 'backspace':
		case '^h':
			return cursor === 0 ? at(0) : without(cursor - 1, cursor);
		case 'delete':
			return without(cursor, cursor + 1);
		case '^u':
		case 'ctrl-u':
			return without(0, cursor);
		case '^k':
			return without(cursor, signs.length);
		case '^w':
		case 'ctrl-w':
			return without(wordStart(signs, cursor), cursor);
		default:
			return isSign(key) ? insertText({text: line.text, cursor}, key) : at(cursor);
	}
}

/** The line with a text put in at the cursor, as one that was pasted: its lines become one, what no sign is falls out. */
export function insertText({text, cursor}: InputLine, added: string): InputLine {
	const signs = graphemesOf(text);
	const clean = added.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, '');
	return placed(signs.slice(0, cursor).join('') + clean, signs.slice(cursor).join(''));
}

/** The cursor between two texts. Where they grow together into one sign, it stands behind that. */
function placed(before: string, after: string): InputLine {
	const text = before + after;
	let cursor = 0;
	for (const {index} of segmenter.segment(text)) if (index < before.length) cursor++;
	return {text, cursor};
}

const isSign = (key: string) => !/^\p{Cc}/u.test(key) && graphemesOf(key).length === 1;

/** Where the word before the cursor begins: the blanks after it belong to it. */
function wordStart(signs: readonly string[], cursor: number): number {
	let at = cursor;
	while (at > 0 && signs[at - 1] === ' ') at--;
	while (at > 0 && signs[at - 1] !== ' ') at--;
	return at;
}
