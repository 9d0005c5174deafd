import type {Budget} from './budget.js';
import {formatBraces} from './format-braces.js';
import {type Native, native, textArgument, wholeNumber} from './native.js';
import {iterate} from './operators.js';
import {Problem} from './problem.js';
import {charCount, chars} from './python-text.js';
import {article, Dict, Tuple, tuple, type Value} from './values.js';

/** Python's methods of a text. All of them answer with new values. */
export const stringMethods: ReadonlyMap<string, Native> = new Map<string, Native>([
	['upper', plain(text => text.toUpperCase())],
	['lower', plain(text => text.toLowerCase())],
	['casefold', plain(text => text.toLowerCase().replaceAll('ß', 'ss'))],
	[
		'swapcase',
		plain(text =>
			chars(text)
				.map(char => (char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase()))
				.join(''),
		),
	],
	['capitalize', plain(capitalized)],
	['title', plain(titled)],
	['strip', native('chars?', (_host, self, [set]) => strip(text(self), set, true, true))],
	['lstrip', native('chars?', (_host, self, [set]) => strip(text(self), set, true, false))],
	['rstrip', native('chars?', (_host, self, [set]) => strip(text(self), set, false, true))],
	[
		'split',
		native('sep? maxsplit?', (host, self, [separator, most]) =>
			split(text(self), separator, wholeNumber(most, -1, 'maxsplit'), false, host.budget),
		),
	],
	[
		'rsplit',
		native('sep? maxsplit?', (host, self, [separator, most]) =>
			split(text(self), separator, wholeNumber(most, -1, 'maxsplit'), true, host.budget),
		),
	],
	['splitlines', native('keepends?', (host, self, [keep]) => list(splitLines(text(self), keep === true), host.budget))],
	[
		'partition',
		native('sep', (_host, self, [separator]) => partition(text(self), textArgument(separator, '', 'sep'), false)),
	],
	[
		'rpartition',
		native('sep', (_host, self, [separator]) => partition(text(self), textArgument(separator, '', 'sep'), true)),
	],
	[
		'replace',
		native('old new count?', (host, self, [old, fresh, count]) =>
			replaceText(
				text(self),
				textArgument(old, '', 'old'),
				textArgument(fresh, '', 'new'),
				wholeNumber(count, -1, 'count'),
				host.budget,
			),
		),
	],
	[
		'join',
		native('iterable', (host, self, [parts]) =>
			joinTexts(text(self), iterate(parts ?? null, host.budget), host.budget),
		),
	],
	['format', native('*', (host, self, _given, all) => formatBraces(text(self), all, host.budget))],
	[
		'format_map',
		native('mapping', (host, self, [mapping]) => {
			if (!(mapping instanceof Dict)) throw new Problem('format_map() needs a dict');
			return formatBraces(
				text(self),
				{positional: [], named: new Map(mapping.items().map(([key, value]) => [String(key), value]))},
				host.budget,
			);
		}),
	],
	[
		'startswith',
		native('prefix start? end?', (_host, self, [part, from, to]) =>
			affix(part, piece => within(text(self), from, to).startsWith(piece)),
		),
	],
	[
		'endswith',
		native('suffix start? end?', (_host, self, [part, from, to]) =>
			affix(part, piece => within(text(self), from, to).endsWith(piece)),
		),
	],
	[
		'removeprefix',
		native('prefix', (_host, self, [part]) => {
			const prefix = textArgument(part, '', 'prefix');
			return text(self).startsWith(prefix) ? text(self).slice(prefix.length) : text(self);
		}),
	],
	[
		'removesuffix',
		native('suffix', (_host, self, [part]) => {
			const suffix = textArgument(part, '', 'suffix');
			return suffix !== '' && text(self).endsWith(suffix) ? text(self).slice(0, -suffix.length) : text(self);
		}),
	],
	['find', native('sub start? end?', (_host, self, [part, from, to]) => find(text(self), part, from, to, false))],
	['rfind', native('sub start? end?', (_host, self, [part, from, to]) => find(text(self), part, from, to, true))],
	[
		'index',
		native('sub start? end?', (_host, self, [part, from, to]) => found(find(text(self), part, from, to, false))),
	],
	[
		'rindex',
		native('sub start? end?', (_host, self, [part, from, to]) => found(find(text(self), part, from, to, true))),
	],
	[
		'count',
		native('sub start? end?', (_host, self, [part, from, to]) => {
			const piece = textArgument(part, '', 'sub');
			const whole = within(text(self), from, to);
			return piece === '' ? charCount(whole) + 1 : whole.split(piece).length - 1;
		}),
	],
	[
		'zfill',
		native('width', (host, self, [width]) => {
			const size = wholeNumber(width, 0, 'width');
			host.budget.text(Math.max(size, 0));
			const [sign = '', digits = ''] = /^([-+]?)(.*)$/su.exec(text(self))?.slice(1) ?? [];
			return sign + '0'.repeat(Math.max(0, size - charCount(text(self)))) + digits;
		}),
	],
	[
		'ljust',
		native('width fillchar?', (host, self, [width, filler]) => pad(text(self), width, filler, 'left', host.budget)),
	],
	[
		'rjust',
		native('width fillchar?', (host, self, [width, filler]) => pad(text(self), width, filler, 'right', host.budget)),
	],
	[
		'center',
		native('width fillchar?', (host, self, [width, filler]) => pad(text(self), width, filler, 'center', host.budget)),
	],
	[
		'expandtabs',
		native('tabsize?', (host, self, [size]) => expandTabs(text(self), wholeNumber(size, 8, 'tabsize'), host.budget)),
	],
	['isdigit', matches(/^\p{Nd}+$/u)],
	['isdecimal', matches(/^\p{Nd}+$/u)],
	['isnumeric', matches(/^\p{N}+$/u)],
	['isalpha', matches(/^\p{L}+$/u)],
	['isalnum', matches(/^[\p{L}\p{N}]+$/u)],
	['isspace', matches(/^\s+$/u)],
	['isascii', matches(/^[\0-\x7f]*$/)],
	['isidentifier', matches(/^[\p{L}_][\p{L}\p{N}_]*$/u)],
	['isupper', plain(value => value !== value.toLowerCase() && value === value.toUpperCase())],
	['islower', plain(value => value !== value.toUpperCase() && value === value.toLowerCase())],
	['istitle', plain(value => /\p{L}/u.test(value) && titled(value) === value)],
]);

const text = (self: Value): string => (typeof self === 'string' ? self : '');

function plain(change: (text: string) => Value): Native {
	return native('', (host, self) => {
		host.budget.text(text(self).length);
		return change(text(self));
	});
}

function matches(pattern: RegExp): Native {
	return native('', (_host, self) => pattern.test(text(self)));
}

function list(parts: string[], budget: Budget): Value[] {
	budget.list(parts.length);
	return parts;
}

/** The first letter big, the others small. */
export function capitalized(value: string): string {
	const [first = '', ...rest] = chars(value);
	return first.toUpperCase() + rest.join('').toLowerCase();
}

/** Python's `str.title`: a letter after anything that is no letter is big. */
function titled(value: string): string {
	return value.toLowerCase().replace(/\p{L}+/gu, word => {
		const [first = '', ...rest] = chars(word);
		return first.toUpperCase() + rest.join('');
	});
}

/** Takes white space, or the characters of `set`, off the ends. */
export function strip(value: string, set: Value | undefined, left: boolean, right: boolean): string {
	if (set === undefined || set === null) {
		const start = left ? value.trimStart() : value;
		return right ? start.trimEnd() : start;
	}
	const drop = new Set(chars(textArgument(set, '', 'chars')));
	const all = chars(value);
	let from = 0;
	let to = all.length;
	while (left && from < to && drop.has(all[from] ?? '')) from += 1;
	while (right && to > from && drop.has(all[to - 1] ?? '')) to -= 1;
	return all.slice(from, to).join('');
}

function split(value: string, separator: Value | undefined, most: number, fromRight: boolean, budget: Budget): Value[] {
	if (separator === undefined || separator === null) {
		const trimmed = value.trim();
		const words = trimmed === '' ? [] : trimmed.split(/\s+/u);
		if (most < 0 || words.length <= most + 1) return list(words, budget);
		const rest = fromRight ? value.trimEnd() : value.trimStart();
		const gaps = [...rest.matchAll(/\s+/gu)];
		return list(
			cutAt(
				rest,
				gaps.map(gap => [gap.index, gap.index + gap[0].length]),
				most,
				fromRight,
			),
			budget,
		);
	}
	const piece = textArgument(separator, '', 'sep');
	if (piece === '') throw new Problem('split() needs a separator that is not empty');
	const parts = value.split(piece);
	if (most < 0 || parts.length <= most + 1) return list(parts, budget);
	if (fromRight) {
		const kept = parts.length - most;
		return list([parts.slice(0, kept).join(piece), ...parts.slice(kept)], budget);
	}
	return list([...parts.slice(0, most), parts.slice(most).join(piece)], budget);
}

function cutAt(value: string, gaps: [number, number][], most: number, fromRight: boolean): string[] {
	const used = fromRight ? gaps.slice(gaps.length - most) : gaps.slice(0, most);
	const starts = [0, ...used.map(([, end]) => end)];
	const ends = [...used.map(([start]) => start), value.length];
	return starts.map((start, index) => value.slice(start, ends[index]));
}

const lineBreak = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

/** Lines as Python counts them: a line break at the end starts no new line. */
export function splitLines(value: string, keepBreaks = false): string[] {
	const lines: string[] = [];
	let start = 0;
	for (const match of value.matchAll(lineBreak)) {
		const end = match.index + match[0].length;
		lines.push(value.slice(start, keepBreaks ? end : match.index));
		start = end;
	}
	if (start < value.length) lines.push(value.slice(start));
	return lines;
}

function partition(value: string, separator: string, last: boolean): Tuple {
	if (separator === '') throw new Problem('partition() needs a separator that is not empty');
	const at = last ? value.lastIndexOf(separator) : value.indexOf(separator);
	if (at < 0) return last ? tuple('', '', value) : tuple(value, '', '');
	return tuple(value.slice(0, at), separator, value.slice(at + separator.length));
}

/** Python's `replace`, also of the empty text; the result's size is known before it is built. */
export function replaceText(value: string, old: string, fresh: string, count: number, budget: Budget): string {
	const parts = old === '' ? ['', ...chars(value), ''] : value.split(old);
	const times = count < 0 ? parts.length - 1 : Math.min(count, parts.length - 1);
	budget.text(value.length + times * fresh.length);
	if (times === parts.length - 1) return parts.join(fresh);
	return [...parts.slice(0, times), parts.slice(times).join(old)].join(fresh);
}

/** Joins texts, refusing everything else as Python does. */
export function joinTexts(separator: string, parts: readonly Value[], budget: Budget): string {
	const texts = parts.map(part => textArgument(part, '', 'what join() joins'));
	budget.text(texts.reduce((sum, part) => sum + part.length, separator.length * Math.max(0, texts.length - 1)));
	return texts.join(separator);
}

function affix(part: Value | undefined, test: (piece: string) => boolean): boolean {
	if (part instanceof Tuple) return part.some(piece => test(textArgument(piece, '', 'prefix')));
	return test(textArgument(part, '', 'prefix'));
}

function bounds(size: number, from: Value | undefined, to: Value | undefined): [number, number] {
	const clamp = (value: number) => Math.max(0, Math.min(size, value < 0 ? value + size : value));
	return [
		clamp(from === null ? 0 : wholeNumber(from, 0, 'start')),
		clamp(to === null ? size : wholeNumber(to, size, 'end')),
	];
}

function within(value: string, from: Value | undefined, to: Value | undefined): string {
	if (from === undefined && to === undefined) return value;
	const all = chars(value);
	return all.slice(...bounds(all.length, from, to)).join('');
}

function find(
	value: string,
	part: Value | undefined,
	from: Value | undefined,
	to: Value | undefined,
	last: boolean,
): number {
	const piece = textArgument(part, '', 'sub');
	const searched = within(value, from, to);
	const at = last ? searched.lastIndexOf(piece) : searched.indexOf(piece);
	if (at < 0) return -1;
	return charCount(searched.slice(0, at)) + (from === undefined ? 0 : bounds(charCount(value), from, to)[0]);
}

function found(at: number): number {
	if (at < 0) throw new Problem('index() does not find that text; find() gives -1 then');
	return at;
}

/** Fills a text up to a width: `left` keeps it at the left. */
export function pad(
	value: string,
	width: Value | undefined,
	filler: Value | undefined,
	side: 'left' | 'right' | 'center',
	budget: Budget,
): string {
	const size = wholeNumber(width, 0, 'width');
	const fill = textArgument(filler, ' ', 'fillchar');
	if (charCount(fill) !== 1)
		throw new Problem(`fillchar must be one character, not ${article(fill)} of ${charCount(fill)}`);
	const missing = Math.max(0, size - charCount(value));
	budget.text(value.length + missing);
	const half = side === 'left' ? 0 : side === 'right' ? missing : Math.floor(missing / 2) + (missing & size & 1);
	return fill.repeat(half) + value + fill.repeat(missing - half);
}

function expandTabs(value: string, size: number, budget: Budget): string {
	budget.text(value.length + Math.max(0, size) * (value.split('\t').length - 1));
	let column = 0;
	let out = '';
	for (const char of value) {
		if (char === '\t') {
			const spaces = size > 0 ? size - (column % size) : 0;
			out += ' '.repeat(spaces);
			column += spaces;
		} else {
			out += char;
			column = char === '\n' || char === '\r' ? 0 : column + 1;
		}
	}
	return out;
}
