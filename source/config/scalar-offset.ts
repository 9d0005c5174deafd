import type {Tree} from './tree.js';

type ScalarTree = Extract<Tree, {kind: 'scalar'}>;

/**
 * Where a character of a text value stands in its source. Exact for `|` blocks; folded and quoted texts are walked side
 * by side with the source, and where the two part ways the value's start is given.
 */
export function offsetInSource(tree: ScalarTree, text: string, offset: number): number {
	const {source, start, end, style} = tree;
	const written = source.text.slice(start, end);
	switch (style) {
		case 'BLOCK_LITERAL':
			return start + inLiteral(written, text, offset);
		case 'BLOCK_FOLDED':
			return start + (beside(written, written.indexOf('\n') + 1, text, offset, unit => [unit, 1]) ?? 0);
		case 'QUOTE_DOUBLE':
			return start + (beside(written, 1, text, offset, unescaped) ?? 0);
		case 'QUOTE_SINGLE':
			return start + (beside(written, 1, text, offset, unit => [unit, unit === "'" ? 2 : 1]) ?? 0);
		default:
			return start + (beside(written, 0, text, offset, unit => [unit, 1]) ?? 0);
	}
}

/** Line for line: the block's lines are the value's lines behind one common indent. */
function inLiteral(written: string, text: string, offset: number): number {
	const before = text.slice(0, offset).split('\n');
	const lines = text.split('\n');
	const writtenLines = written.split('\n');
	const filled = lines.findIndex(line => line !== '');
	const indent = filled === -1 ? 0 : withoutReturn(writtenLines[filled + 1] ?? '').length - lines[filled]!.length;
	let at = 0;
	for (let line = 0; line < before.length; line++) at += (writtenLines[line]?.length ?? 0) + 1;
	const blank = (writtenLines[before.length]?.length ?? 0) < indent;
	return Math.min(at + (blank ? 0 : indent) + before.at(-1)!.length, written.length);
}

const withoutReturn = (line: string) => line.replace(/\r$/, '');

/** Decodes what stands at a place of the source: its characters, and how many the source spends on them. */
type Decode = (unit: string, written: string, at: number) => [decoded: string, spent: number];

const escapeSequence = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\r?\n|[\s\S]))/y;
const named: Readonly<Record<string, string>> = {
	n: '\n',
	t: '\t',
	r: '\r',
	'0': '\0',
	e: '\x1b',
	a: '\x07',
	b: '\b',
	f: '\f',
	v: '\v',
};

const unescaped: Decode = (unit, written, at) => {
	if (unit !== '\\') return [unit, 1];
	escapeSequence.lastIndex = at;
	const match = escapeSequence.exec(written);
	if (!match) return [unit, 1];
	const code = match[1] ?? match[2] ?? match[3];
	if (code !== undefined) {
		const point = Number.parseInt(code, 16);
		return [point <= 0x10ffff ? String.fromCodePoint(point) : '', match[0].length];
	}
	return [named[match[4]!] ?? match[4]!, match[0].length];
};

/** Walks value and source together; a run of white space is one step in both, since folding only changes such runs. */
function beside(written: string, from: number, text: string, offset: number, decode: Decode): number | undefined {
	let at = from;
	const peek = () => decode(written[at] ?? '', written, at);
	const skipSpace = () => {
		while (at < written.length) {
			const [decoded, spent] = peek();
			if (decoded.trim() !== '' || decoded === '') return;
			at += spent;
		}
	};
	if (text.slice(0, 1).trim() !== '') skipSpace();
	for (let i = 0; i < offset; ) {
		if (text[i]!.trim() === '') {
			const run = /\s*/y;
			run.lastIndex = i;
			i += run.exec(text)![0].length;
			if (i > offset) return at;
			skipSpace();
			continue;
		}
		const [decoded, spent] = peek();
		if (decoded === '' || !text.startsWith(decoded, i)) return undefined;
		i += decoded.length;
		at += spent;
	}
	return at;
}
