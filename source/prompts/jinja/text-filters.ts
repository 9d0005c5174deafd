import {fixed} from './decimal.js';
import {formatPercent} from './format-percent.js';
import {toJson} from './json-text.js';
import {asText, type Native, native, textArgument, wholeNumber} from './native.js';
import {parseFloating} from './number-parsing.js';
import {demand, iterate, truth} from './operators.js';
import {Problem} from './problem.js';
import {charCount, chars, repr} from './python-text.js';
import {capitalized, pad, replaceText, splitLines, strip} from './string-methods.js';
import {asNumber, Dict, tuple, Undefined, type Value} from './values.js';
import {wrapParagraph} from './word-wrap.js';

const onText = (change: (text: string) => Value): Native =>
	native('', (host, value) => {
		const text = asText(value, host);
		host.budget.text(text.length);
		return change(text);
	});

/** Filters whose result is a text, or that look at one. */
export const textFilters: ReadonlyMap<string, Native> = new Map<string, Native>([
	['upper', onText(text => text.toUpperCase())],
	['lower', onText(text => text.toLowerCase())],
	['capitalize', onText(capitalized)],
	['title', onText(titled)],
	['string', onText(text => text)],
	['safe', onText(text => text)],
	['escape', native('', (host, value) => escapeHtml(asText(value, host), host.budget.text.bind(host.budget)))],
	['forceescape', native('', (host, value) => escapeHtml(asText(value, host), host.budget.text.bind(host.budget)))],
	['striptags', onText(stripTags)],
	['wordcount', onText(text => text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)],
	['trim', native('chars?', (host, value, [set]) => strip(asText(value, host), set, true, true))],
	[
		'center',
		native('width?', (host, value, [width]) => pad(asText(value, host), width ?? 80, undefined, 'center', host.budget)),
	],
	[
		'replace',
		native('old new count?', (host, value, [old, fresh, count]) =>
			replaceText(
				asText(value, host),
				asText(old ?? null, host),
				asText(fresh ?? null, host),
				count === null ? -1 : wholeNumber(count, -1, 'count'),
				host.budget,
			),
		),
	],
	[
		'format',
		native('*', (host, value, _given, {positional, named}) => {
			if (positional.length > 0 && named.size > 0)
				throw new Problem('format takes values in order or by name, not both');
			const values = named.size > 0 ? new Dict(named) : tuple(...positional);
			return formatPercent(asText(value, host), values, host.budget);
		}),
	],
	[
		'truncate',
		native('length? killwords? end? leeway?', (host, value, [length, killWords, end, leeway]) => {
			const text = chars(textOf(value, host));
			const tail = textArgument(end, '...', 'end');
			const most = wholeNumber(length, 255, 'length');
			const spare = leeway === null ? 5 : wholeNumber(leeway, 5, 'leeway');
			if (most < charCount(tail)) throw new Problem(`truncate needs a length of at least ${charCount(tail)}`);
			if (text.length <= most + spare) return text.join('');
			const kept = text.slice(0, most - charCount(tail)).join('');
			const space = kept.lastIndexOf(' ');
			return (truth(killWords ?? false) || space < 0 ? kept : kept.slice(0, space)) + tail;
		}),
	],
	[
		'indent',
		native('width? first? blank?', (host, value, [width, first, blank]) => {
			const text = textOf(value, host);
			const size = typeof width === 'string' ? width.length : wholeNumber(width, 4, 'width');
			const lines = splitLines(`${text}\n`);
			host.budget.text(text.length + Math.max(0, size) * lines.length);
			const by = typeof width === 'string' ? width : ' '.repeat(Math.max(0, size));
			const [head = '', ...rest] = lines;
			const all = truth(blank ?? false);
			const body = [head, ...rest.map(line => (all || line !== '' ? by + line : line))].join('\n');
			return truth(first ?? false) ? by + body : body;
		}),
	],
	[
		'wordwrap',
		native('width? break_long_words? wrapstring? break_on_hyphens?', (host, value, [width, long, wrap, hyphens]) => {
			const text = textOf(value, host);
			const size = wholeNumber(width, 79, 'width');
			if (size <= 0) throw new Problem('wordwrap needs a width above 0');
			const joiner = wrap === null ? '\n' : textArgument(wrap, '\n', 'wrapstring');
			const options = {width: size, breakLongWords: truth(long ?? true), breakOnHyphens: truth(hyphens ?? true)};
			const lines = splitLines(text).map(line => wrapParagraph(line, options).join(joiner));
			host.budget.text(text.length * (1 + joiner.length));
			return lines.join(joiner);
		}),
	],
	[
		'tojson',
		native('indent?', (host, value, [indent]) => {
			const size = indent === null || indent === undefined ? undefined : wholeNumber(indent, 0, 'indent');
			return toJson(value, size, host.budget);
		}),
	],
	['pprint', native('', (host, value) => repr(sorted(value), host.budget))],
	[
		'urlencode',
		native('', (host, value) =>
			urlEncode(
				value,
				text => asText(text, host),
				list => iterate(list, host.budget),
			),
		),
	],
	[
		'xmlattr',
		native('autospace?', (host, value, [space]) => {
			if (!(value instanceof Dict)) throw new Problem('xmlattr is for a dict');
			const limit = host.budget.text.bind(host.budget);
			const parts = value
				.items()
				.filter(([, part]) => part !== null && !(part instanceof Undefined))
				.map(([key, part]) => `${escapeHtml(asText(key, host), limit)}="${escapeHtml(asText(part, host), limit)}"`);
			return (parts.length > 0 && truth(space ?? true) ? ' ' : '') + parts.join(' ');
		}),
	],
	[
		'filesizeformat',
		native('binary?', (host, value, [binary]) =>
			fileSize(asNumber(value) ?? parseFloating(asText(value, host)) ?? Number.NaN, truth(binary ?? false)),
		),
	],
]);

function textOf(value: Value, host: Parameters<Native['run']>[0]): string {
	const text = textArgument(value, '', 'the value');
	host.budget.text(text.length);
	return text;
}

function titled(text: string): string {
	return text
		.split(/([-\s({[<]+)/u)
		.map(part => {
			const [first = '', ...rest] = chars(part);
			return first.toUpperCase() + rest.join('').toLowerCase();
		})
		.join('');
}

const entities: Record<string, string> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;'};

function escapeHtml(text: string, limit: (length: number) => void): string {
	limit(text.length * 2);
	return text.replace(/[&<>"']/g, char => entities[char] ?? char);
}

function stripTags(text: string): string {
	let out = '';
	let at = 0;
	while (at < text.length) {
		const open = text.indexOf('<', at);
		const comment = open >= 0 && text.startsWith('<!--', open);
		const close = open < 0 ? -1 : text.indexOf(comment ? '-->' : '>', open);
		if (close < 0) break;
		out += text.slice(at, open);
		at = close + (comment ? 3 : 1);
	}
	const named: Record<string, string> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0'};
	return (out + text.slice(at))
		.split(/\s+/u)
		.filter(word => word !== '')
		.join(' ')
		.replace(/&(?:#(\d{1,7})|([a-z]+));/g, (whole, code?: string, name?: string) => {
			if (code !== undefined) return Number(code) <= 0x10ffff ? String.fromCodePoint(Number(code)) : whole;
			return name !== undefined && Object.hasOwn(named, name) ? (named[name] ?? whole) : whole;
		});
}

function sorted(value: Value): Value {
	if (!(value instanceof Dict)) return value;
	const items = value.items().filter(([key]) => typeof key === 'string');
	if (items.length < value.size) return value;
	return new Dict(items.sort(([x], [y]) => (String(x) < String(y) ? -1 : 1)));
}

function urlEncode(value: Value, text: (value: Value) => string, list: (value: Value) => Value[]): string {
	demand(value);
	const quote = (part: Value) =>
		encodeURIComponent(text(part).toWellFormed()).replace(
			/[!'()*]/g,
			char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
		);
	if (typeof value === 'string' || (!Array.isArray(value) && !(value instanceof Dict)))
		return quote(value).replaceAll('%2F', '/');
	const pairs = value instanceof Dict ? value.items() : list(value).map(pair => list(pair));
	if (pairs.some(pair => pair.length !== 2)) throw new Problem('urlencode takes a text, a dict, or a list of pairs');
	return pairs.map(([key, part]) => `${quote(key ?? null)}=${quote(part ?? null)}`.replaceAll('%20', '+')).join('&');
}

function fileSize(bytes: number, binary: boolean): string {
	if (Number.isNaN(bytes)) throw new Problem('filesizeformat is for a number');
	const base = binary ? 1024 : 1000;
	if (bytes === 1) return '1 Byte';
	if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
	const letters = [...'kMGTPEZY'];
	let size = bytes / base;
	let letter = 0;
	while (size >= base && letter < letters.length - 1) {
		size /= base;
		letter += 1;
	}
	const prefix = letters[letter] ?? '';
	return `${fixed(size, 1)} ${binary ? `${prefix.toUpperCase()}i` : prefix}B`;
}
