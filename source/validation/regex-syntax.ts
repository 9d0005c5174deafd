/**
 * The syntax of Python's `re` as a tree: job files were written for Python, and its patterns mean other things in
 * JavaScript (`$`, `\w`, `\Z`, inline flags). Each leaf already holds its JavaScript source for the `v` flag.
 */
export type Node =
	/** One character out of a set; `codes` are the code points named in it, for questions about overlap. */
	| {kind: 'chars'; source: string; codes: readonly number[]; offset: number}
	| {kind: 'anchor'; source: string}
	| {kind: 'back'; group: number}
	| {kind: 'sequence'; items: readonly Node[]}
	| {kind: 'choice'; options: readonly Node[]}
	/** `open` is the JavaScript opening: `(`, `(?:`, `(?i:`, `(?=`, `(?<!` and so on. */
	| {kind: 'group'; open: string; body: Node}
	| {kind: 'repeat'; body: Node; min: number; max: number; lazy: boolean; start: number; end: number};

export type Syntax = {root: Node; ignoreCase: boolean};

/** Thrown by the parser alone and turned into a value by `compileRegex`; `offset` counts UTF-16 units of the pattern. */
export class RegexFault extends Error {
	constructor(
		message: string,
		readonly offset: number,
	) {
		super(message);
	}
}

type Flags = Readonly<Record<'i' | 'm' | 's' | 'x' | 'a', boolean>>;

const longest = 20_000;
const deepest = 100;
const simpleEscapes: Readonly<Record<string, number>> = {a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11};
const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** Reads a pattern; throws `RegexFault` with a sentence for the user where Python would refuse it or Mozart cannot do it. */
export function parsePython(pattern: string): Syntax {
	if (pattern.length > longest) throw new RegexFault(`the pattern is longer than ${longest} characters`, longest);
	return new Parser(pattern).parse();
}

class Parser {
	private at = 0;
	private groups = 0;
	private depth = 0;
	private readonly names = new Map<string, number>();
	private readonly open = new Set<number>();
	private flags: Flags = {i: false, m: false, s: false, x: false, a: false};

	constructor(private readonly text: string) {}

	parse(): Syntax {
		this.leadingFlags();
		const ignoreCase = this.flags.i;
		const root = this.choice();
		if (this.at < this.text.length) throw new RegexFault('this ) closes nothing; write \\) for the character', this.at);
		return {root, ignoreCase};
	}

	private leadingFlags(): void {
		for (;;) {
			if (this.flags.x) this.skipBlanks();
			const match = /^\(\?([A-Za-z]+)\)/.exec(this.text.slice(this.at, this.at + 20));
			if (!match) return;
			this.flags = this.withFlags(match[1]!, true, this.at + 2, this.flags);
			this.at += match[0].length;
		}
	}

	private withFlags(letters: string, value: boolean, offset: number, flags: Flags): Flags {
		let next = flags;
		for (const [index, letter] of [...letters].entries()) {
			if (letter === 'u') continue;
			if (!/[imsxa]/.test(letter)) {
				throw new RegexFault(`there is no flag ${letter}; the flags are i, m, s, x and a`, offset + index);
			}
			next = {...next, [letter]: value};
		}
		return next;
	}

	private choice(): Node {
		const options = [this.sequence()];
		while (this.take('|')) options.push(this.sequence());
		return options.length === 1 ? options[0]! : {kind: 'choice', options};
	}

	private sequence(): Node {
		const items: Node[] = [];
		for (;;) {
			this.skipBlanks();
			const next = this.text[this.at];
			if (next === undefined || next === '|' || next === ')') return {kind: 'sequence', items};
			const start = this.at;
			items.push(this.repeated(this.item(), start));
		}
	}

	/** Skips comments, and with the flag x also blanks. */
	private skipBlanks(): void {
		const blanks = this.flags.x ? /(?:[ \t\n\r\f\v]|#[^\n]*|\(\?#[^)]*\))*/y : /(?:\(\?#[^)]*\))*/y;
		blanks.lastIndex = this.at;
		this.at += blanks.exec(this.text)?.[0].length ?? 0;
	}

	private repeated(item: Node, start: number): Node {
		this.skipBlanks();
		const quantifier = this.quantifier();
		if (!quantifier) return item;
		if (item.kind === 'anchor') throw new RegexFault('there is nothing to repeat here', quantifier.offset);
		const lazy = this.take('?');
		if (this.text[this.at] === '+') {
			throw new RegexFault('possessive repetition (*+, ++, ?+) is not supported; leave the last + out', this.at);
		}
		const node: Node = {kind: 'repeat', body: item, ...quantifier.bounds, lazy, start, end: this.at};
		this.skipBlanks();
		const again = this.quantifier();
		if (again) throw new RegexFault('two repetitions in a row; put the first one into (?:…)', again.offset);
		return node;
	}

	private quantifier(): {bounds: {min: number; max: number}; offset: number} | undefined {
		const offset = this.at;
		if (this.take('*')) return {bounds: {min: 0, max: Number.POSITIVE_INFINITY}, offset};
		if (this.take('+')) return {bounds: {min: 1, max: Number.POSITIVE_INFINITY}, offset};
		if (this.take('?')) return {bounds: {min: 0, max: 1}, offset};
		const braces = /\{(\d*)(,?)(\d*)\}/y;
		braces.lastIndex = offset;
		const match = braces.exec(this.text);
		if (!match || match[0] === '{}') return undefined;
		const min = Number(match[1] || 0);
		const max = match[2] ? (match[3] ? Number(match[3]) : Number.POSITIVE_INFINITY) : min;
		if (min > 65_535 || (max > 65_535 && max !== Number.POSITIVE_INFINITY)) {
			throw new RegexFault('a repetition count is larger than 65535', offset);
		}
		if (min > max) throw new RegexFault('the least count of this repetition is larger than the greatest', offset);
		this.at += match[0].length;
		return {bounds: {min, max}, offset};
	}

	private item(): Node {
		const offset = this.at;
		const char = this.next();
		switch (char) {
			case '.':
				return {kind: 'chars', source: this.flags.s ? '[\\s\\S]' : '[^\\n]', codes: [10], offset};
			case '^':
				return {kind: 'anchor', source: this.flags.m ? '(?<![^\\n])' : '^'};
			case '$':
				return {kind: 'anchor', source: this.flags.m ? '(?![^\\n])' : '(?=\\n?$)'};
			case '(':
				return this.group(offset);
			case '[':
				return this.set(offset);
			case '\\':
				return this.escape(offset);
			case '*':
			case '+':
			case '?':
				throw new RegexFault(`there is nothing to repeat before ${char}; write \\${char} for the character`, offset);
			default:
				this.at = offset;
				if (char === '{' && this.quantifier()) {
					throw new RegexFault('there is nothing to repeat before {; write \\{ for the character', offset);
				}
				this.next();
				return literal(char.codePointAt(0)!, offset);
		}
	}

	private group(offset: number): Node {
		if (this.take('?#')) throw new RegexFault('this comment has no closing )', offset);
		if (!this.take('?')) return this.capture(offset);
		for (const look of ['=', '!', '<=', '<!']) if (this.take(look)) return this.rest(offset, `(?${look}`);
		if (this.take(':')) return this.rest(offset, '(?:');
		if (this.take('P=')) {
			const name = this.until(')', offset);
			const group = this.names.get(name);
			if (group === undefined) throw new RegexFault(`there is no group named ${name}`, offset);
			return this.back(group, offset);
		}
		if (this.take('P<') || this.take('<')) {
			const name = this.until('>', offset);
			if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) {
				throw new RegexFault('a group name has letters, digits and _ only and begins with no digit', offset);
			}
			if (this.names.has(name)) throw new RegexFault(`two groups are named ${name}`, offset);
			return this.capture(offset, name);
		}
		if (this.text[this.at] === '>') {
			throw new RegexFault('atomic groups (?>…) are not supported; write (?:…)', offset);
		}
		if (this.text[this.at] === '(') {
			throw new RegexFault('conditional groups (?(1)…|…) are not supported; write the two cases with |', offset);
		}
		return this.scoped(offset);
	}

	private scoped(offset: number): Node {
		const header = /([A-Za-z]*)(?:-([A-Za-z]+))?([:)])/y;
		header.lastIndex = this.at;
		const match = header.exec(this.text);
		if (!match || (!match[1] && !match[2])) {
			throw new RegexFault('(? begins no group that is known here; write (?:…) for a plain group', offset);
		}
		if (match[3] === ')')
			throw new RegexFault('flags such as (?i) must stand at the very front of the pattern', offset);
		const outer = this.flags;
		const added = this.withFlags(match[1] ?? '', true, this.at, outer);
		const inner = this.withFlags(match[2] ?? '', false, this.at + (match[1]?.length ?? 0) + 1, added);
		this.at += match[0].length;
		this.flags = inner;
		const node = this.rest(offset, inner.i === outer.i ? '(?:' : inner.i ? '(?i:' : '(?-i:');
		this.flags = outer;
		return node;
	}

	private capture(offset: number, name?: string): Node {
		this.groups += 1;
		const number = this.groups;
		if (name !== undefined) this.names.set(name, number);
		this.open.add(number);
		const node = this.rest(offset, '(');
		this.open.delete(number);
		return node;
	}

	private rest(offset: number, open: string): Node {
		this.depth += 1;
		if (this.depth > deepest) throw new RegexFault(`groups are nested more than ${deepest} deep`, offset);
		const body = this.choice();
		this.depth -= 1;
		if (!this.take(')')) throw new RegexFault('this ( has no closing ); write \\( for the character', offset);
		return {kind: 'group', open, body};
	}

	private back(group: number, offset: number): Node {
		if (group > this.groups) throw new RegexFault(`there is no group ${group} before this place`, offset);
		if (this.open.has(group)) throw new RegexFault(`group ${group} is still open here`, offset);
		return {kind: 'back', group};
	}

	private escape(offset: number): Node {
		const char = this.peek(offset);
		const word = this.word();
		switch (char) {
			case 'A':
				this.next();
				return {kind: 'anchor', source: '^'};
			case 'Z':
			case 'z':
				this.next();
				return {kind: 'anchor', source: '$'};
			case 'b':
				this.next();
				return {kind: 'anchor', source: `(?:(?<=[${word}])(?![${word}])|(?<![${word}])(?=[${word}]))`};
			case 'B':
				this.next();
				return {kind: 'anchor', source: `(?:(?<=[${word}])(?=[${word}])|(?<![${word}])(?![${word}]))`};
			default: {
				const digits = /[1-9]\d?/y;
				digits.lastIndex = this.at;
				const match = digits.exec(this.text)?.[0];
				if (match && !/^[0-3][0-7]{2}/.test(this.text.slice(this.at, this.at + 3))) {
					this.at += match.length;
					return this.back(Number(match), offset);
				}
				const shorthand = this.shorthand(char);
				if (shorthand !== undefined) return {kind: 'chars', source: `[${shorthand}]`, codes: [], offset};
				return literal(this.code(offset), offset);
			}
		}
	}

	private word(): string {
		return this.flags.a ? 'A-Za-z0-9_' : '\\p{L}\\p{N}_';
	}

	/** The inside of a class for `\d` and its kin. */
	private shorthand(char: string): string | undefined {
		const {a} = this.flags;
		const sets: Record<string, string> = {d: a ? '0-9' : '\\p{Nd}', w: this.word(), s: a ? '\\t-\\r\\x20' : space};
		const set = sets[char.toLowerCase()];
		if (set === undefined || char.toLowerCase() === char.toUpperCase()) return undefined;
		this.next();
		return char === char.toLowerCase() ? set : `[^${set}]`;
	}

	/** The code point of an escape that stands for one character; `this.at` is behind the backslash. */
	private code(offset: number): number {
		const number = /x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(0[0-7]{0,2}|[1-3][0-7]{2})/y;
		number.lastIndex = this.at;
		const match = number.exec(this.text);
		if (match) {
			this.at += match[0].length;
			const value = match[4] ? Number.parseInt(match[4], 8) : Number.parseInt((match[1] ?? match[2] ?? match[3])!, 16);
			if (value > 0x10_ffff) throw new RegexFault('there is no such character', offset);
			return value;
		}
		const char = this.next();
		const simple = simpleEscapes[char];
		if (simple !== undefined && Object.hasOwn(simpleEscapes, char)) return simple;
		if (/[A-Za-z0-9]/.test(char)) {
			throw new RegexFault(`\\${char} means nothing here; write \\\\ for a backslash`, offset);
		}
		return char.codePointAt(0)!;
	}

	private set(offset: number): Node {
		const negated = this.take('^');
		const codes: number[] = [];
		let source = '';
		for (let first = true; first || this.text[this.at] !== ']'; first = false) {
			const low = this.member(offset);
			const ranged = this.text[this.at] === '-' && this.text[this.at + 1] !== ']';
			if (typeof low === 'string') {
				if (ranged) throw new RegexFault('a range cannot begin with a class; write \\- for the character', this.at);
				source += low;
				continue;
			}
			codes.push(low);
			source += unit(low);
			if (!ranged) continue;
			const dash = this.at;
			this.at += 1;
			const high = this.member(offset);
			if (typeof high === 'string') {
				throw new RegexFault('a range cannot end with a class; write \\- for the character', dash);
			}
			if (high < low) throw new RegexFault('this range runs backwards', dash);
			codes.push(high);
			source += `-${unit(high)}`;
		}
		this.at += 1;
		return {kind: 'chars', source: `[${negated ? '^' : ''}${source}]`, codes, offset};
	}

	private member(opened: number): number | string {
		const offset = this.at;
		if (offset >= this.text.length)
			throw new RegexFault('this [ has no closing ]; write \\[ for the character', opened);
		const char = this.next();
		if (char !== '\\') return char.codePointAt(0)!;
		return this.shorthand(this.peek(offset)) ?? this.code(offset);
	}

	private peek(backslash: number): string {
		const char = this.text[this.at];
		if (char === undefined) throw new RegexFault('the pattern ends in a lone backslash; write \\\\', backslash);
		return char;
	}

	private next(): string {
		const char = String.fromCodePoint(this.text.codePointAt(this.at)!);
		this.at += char.length;
		return char;
	}

	private take(expected: string): boolean {
		if (!this.text.startsWith(expected, this.at)) return false;
		this.at += expected.length;
		return true;
	}

	private until(end: string, offset: number): string {
		const stop = this.text.indexOf(end, this.at);
		if (stop < 0) throw new RegexFault(`this group name has no closing ${end}`, offset);
		const name = this.text.slice(this.at, stop);
		this.at = stop + 1;
		return name;
	}
}

function literal(code: number, offset: number): Node {
	return {kind: 'chars', source: unit(code), codes: [code], offset};
}

/** A code point as source that means itself inside and outside of a class. */
function unit(code: number): string {
	const char = String.fromCodePoint(code);
	return /^[A-Za-z0-9]$/.test(char) ? char : `\\u{${code.toString(16)}}`;
}
