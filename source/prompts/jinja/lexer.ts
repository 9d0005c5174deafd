import {Problem} from './problem.js';

/** A token as nunjucks' parser takes it; `lineno` and `colno` from 0. `literal` carries what nunjucks' own tokens cannot: 1.0, big numbers. */
export type Token = {type: string; value: string; lineno: number; colno: number};

const closers: Record<string, string> = {'{': '}', '(': ')', '[': ']'};
const types: Record<string, string> = {
	'(': 'left-paren',
	')': 'right-paren',
	'[': 'left-bracket',
	']': 'right-bracket',
	'{': 'left-curly',
	'}': 'right-curly',
	',': 'comma',
	':': 'colon',
	'~': 'tilde',
	'|': 'pipe',
};

const opener = /\{[{%#]/g;
const rawStart = /\{%[-+]?\s*raw\s*(-?)%\}/y;
const rawEnd = /\{%([-+]?)\s*endraw\s*(-|\+)?%\}/g;
const space = /\s+/uy;
const float = /(?<!\.)\d(?:_?\d)*(?:\.\d(?:_?\d)*(?:e[-+]?\d(?:_?\d)*)?|e[-+]?\d(?:_?\d)*)/iy;
const integer = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const name = /[\p{L}_][\p{L}\p{N}\p{M}_]*/uy;
// The same for names in plain letters, tried first: to build the other one takes longer than to read a template.
const plainName = /[a-z_]\w*(?![\w\x80-\uffff])/iy;
const nameStart = /[a-z_\x80-\uffff]/iy;
const text = /'([^'\\]*(?:\\[\s\S][^'\\]*)*)'|"([^"\\]*(?:\\[\s\S][^"\\]*)*)"/y;
const operator = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}<>=.:|,]/y;

/**
 * Cuts a template into tokens by Jinja2's rules, which nunjucks' own lexer does not keep: closed braces before `}}`,
 * Python's numbers and escapes, `raw`, white space control, and an error where a tag or a text is never closed.
 */
export function* lex(given: string): Generator<Token> {
	const source = given.replace(/\r\n?/g, '\n');
	const place = placer(source);
	let at = 0;
	let trim = false;
	const data = (from: number, to: number, cutEnd: boolean): Token[] => {
		let value = source.slice(from, to);
		if (trim) value = value.trimStart();
		if (cutEnd) value = value.trimEnd();
		trim = false;
		return value === '' ? [] : [{type: 'data', value, ...place(from)}];
	};
	while (at < source.length) {
		opener.lastIndex = at;
		const found = opener.exec(source);
		if (!found) {
			yield* data(at, source.length, false);
			return;
		}
		const start = found.index;
		yield* data(at, start, source[start + 2] === '-');
		rawStart.lastIndex = start;
		const raw = rawStart.exec(source);
		if (raw) {
			const from = rawStart.lastIndex;
			rawEnd.lastIndex = from;
			const end = rawEnd.exec(source);
			if (!end) throw new Problem('{% raw %} is never closed: {% endraw %} is missing', place(start));
			trim = raw[1] === '-';
			yield* data(from, end.index, end[1] === '-');
			trim = end[2] === '-';
			at = rawEnd.lastIndex;
		} else if (found[0] === '{#') {
			const end = source.indexOf('#}', start + 2);
			if (end < 0) throw new Problem('the comment {# is never closed with #}', place(start));
			trim = source[end - 1] === '-' && end - 1 >= start + 2;
			at = end + 2;
		} else {
			const sign = source[start + 2];
			const inside = lexCode(source, sign === '-' || sign === '+' ? start + 3 : start + 2, start, place);
			yield {type: found[0] === '{%' ? 'block-start' : 'variable-start', value: found[0], ...place(start)};
			let step = inside.next();
			for (; !step.done; step = inside.next()) yield step.value;
			({at, trim} = step.value);
		}
	}
}

type Placer = (offset: number) => {lineno: number; colno: number};

/** Offsets to lines and columns, counted in UTF-16 units. Fast while offsets rise; an earlier one starts anew. */
function placer(source: string): Placer {
	let lineno = 0;
	let lineStart = 0;
	let lineEnd = source.indexOf('\n');
	return offset => {
		if (offset < lineStart) [lineno, lineStart, lineEnd] = [0, 0, source.indexOf('\n')];
		while (lineEnd >= 0 && lineEnd < offset) {
			lineno += 1;
			lineStart = lineEnd + 1;
			lineEnd = source.indexOf('\n', lineStart);
		}
		return {lineno, colno: offset - lineStart};
	};
}

function* lexCode(
	source: string,
	from: number,
	start: number,
	place: Placer,
): Generator<Token, {at: number; trim: boolean}> {
	const opening = source.slice(start, start + 2);
	const closing = opening === '{%' ? '%}' : '}}';
	const opened: {mark: string; at: number}[] = [];
	let at = from;
	const take = (pattern: RegExp): RegExpExecArray | null => {
		pattern.lastIndex = at;
		return pattern.exec(source);
	};
	while (true) {
		at += take(space)?.[0].length ?? 0;
		if (at >= source.length) throw unclosed(opening, closing, opened, start, place);
		if (opened.length === 0) {
			const sign = source[at] === '-' || (source[at] === '+' && opening === '{%') ? 1 : 0;
			if (source.startsWith(closing, at + sign)) {
				yield {type: opening === '{%' ? 'block-end' : 'variable-end', value: closing, ...place(at)};
				return {at: at + sign + 2, trim: source[at] === '-'};
			}
			const other = opening === '{%' ? '}}' : '%}';
			if (source.startsWith(other, at)) {
				throw new Problem(`${opening} must be closed with ${closing}, not with ${other}`, place(at));
			}
		}
		const here = place(at);
		const number = take(float) ?? take(integer);
		const word = number ? null : (take(plainName) ?? (take(nameStart) && take(name)));
		const quote = number || word ? null : take(text);
		if (number) {
			if (/[\p{L}\p{N}_]/u.test(source[at + number[0].length] ?? '')) {
				throw new Problem('a number and a name run into each other here', here);
			}
			yield {
				type: /^0[xob]/i.test(number[0]) || !/[.e]/i.test(number[0]) ? 'int' : 'float',
				value: number[0].replaceAll('_', ''),
				...here,
			};
			at += number[0].length;
		} else if (word) {
			yield {type: 'symbol', value: word[0], ...here};
			at += word[0].length;
		} else if (quote) {
			yield {type: 'string', value: withoutEscapes(quote[1] ?? quote[2] ?? '', here), ...here};
			at += quote[0].length;
		} else {
			const mark = take(operator)?.[0];
			if (mark === undefined) throw unexpected(source, at, here);
			if (Object.hasOwn(closers, mark)) opened.push({mark, at});
			else if (mark === ')' || mark === ']' || mark === '}') {
				const last = opened.pop();
				if (!last) throw new Problem(`this ${mark} closes nothing`, here);
				if (closers[last.mark] !== mark)
					throw new Problem(`${closers[last.mark]} is missing before this ${mark}`, here);
			}
			yield {type: types[mark] ?? 'operator', value: mark, ...here};
			at += mark.length;
		}
	}
}

function unclosed(
	opening: string,
	closing: string,
	opened: {mark: string; at: number}[],
	start: number,
	place: Placer,
): Problem {
	const last = opened.at(-1);
	if (last) return new Problem(`this ${last.mark} is never closed with ${closers[last.mark]}`, place(last.at));
	return new Problem(`${opening} is never closed with ${closing}`, place(start));
}

function unexpected(source: string, at: number, place: {lineno: number; colno: number}): Problem {
	const char = String.fromCodePoint(source.codePointAt(at) ?? 0);
	if (char === '"' || char === "'") return new Problem(`the text that starts with ${char} is never closed`, place);
	const instead: Record<string, string> = {'&': 'and', '!': 'not', '?': 'a if b else c', '`': "'", ';': '%}'};
	const mend = Object.hasOwn(instead, char) ? `; Jinja2 has “${instead[char]}” instead` : '';
	return new Problem(`“${char}” has no meaning here${mend}`, place);
}

const escapes: Record<string, string> = {n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', a: '\x07', '\n': ''};

/** Python's escapes in a text; an unknown one stays as it is written. */
function withoutEscapes(written: string, place: {lineno: number; colno: number}): string {
	return written.replace(
		/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
		(whole, x?: string, u?: string, big?: string, octal?: string, char?: string) => {
			const hex = x ?? u ?? big;
			if (hex !== undefined || octal !== undefined) {
				const code = hex === undefined ? Number.parseInt(octal ?? '0', 8) : Number.parseInt(hex, 16);
				if (code > 0x10ffff) throw new Problem(`${whole} is no character`, place);
				return String.fromCodePoint(code);
			}
			if (char === 'x' || char === 'u' || char === 'U')
				throw new Problem(`\\${char} needs hexadecimal digits after it; \\\\ is a backslash`, place);
			if (char !== undefined && Object.hasOwn(escapes, char)) return escapes[char] ?? '';
			return char === '\\' || char === '"' || char === "'" ? char : whole;
		},
	);
}
