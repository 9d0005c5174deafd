import {attributeGetter, ignoreCase, multiAttributeGetter} from './attribute-getter.js';
import {sum} from './json-text.js';
import {asText, type Host, type Native, native, textArgument, wholeNumber} from './native.js';
import {equal, iterate, order, truth} from './operators.js';
import {Problem} from './problem.js';
import {charCount} from './python-text.js';
import {type Arguments, Dict, fill, Group, tuple, Undefined, type Value} from './values.js';

const keyChange = (caseSensitive: Value | undefined) => (truth(caseSensitive ?? false) ? undefined : ignoreCase);

/** Filters that take something to loop over. Where Jinja2 gives a generator, these give a list. */
export const listFilters: ReadonlyMap<string, Native> = new Map<string, Native>([
	['list', native('', (host, value) => copy(iterate(value, host.budget), host))],
	[
		'first',
		native('', (host, value) => entriesAt(value, 0, host) ?? new Undefined('first finds nothing: the list is empty')),
	],
	[
		'last',
		native('', (host, value) => entriesAt(value, -1, host) ?? new Undefined('last finds nothing: the list is empty')),
	],
	[
		'reverse',
		native('', (host, value) => {
			const reversed = copy(iterate(value, host.budget), host).reverse();
			return typeof value === 'string' ? reversed.join('') : reversed;
		}),
	],
	[
		'join',
		native('d? attribute?', (host, value, [separator, attribute]) => {
			const get = attributeGetter(host, attribute);
			const between = separator === undefined ? '' : asText(separator, host);
			const parts = iterate(value, host.budget).map(entry => asText(get(entry), host));
			host.budget.text(parts.reduce((length, part) => length + part.length + between.length, 0));
			return parts.join(between);
		}),
	],
	[
		'sort',
		native('reverse? case_sensitive? attribute?', (host, value, [reverse, sensitive, attribute]) => {
			const key = multiAttributeGetter(host, attribute, keyChange(sensitive) ?? (same => same));
			return sortBy(iterate(value, host.budget), key, truth(reverse ?? false), host);
		}),
	],
	[
		'unique',
		native('case_sensitive? attribute?', (host, value, [sensitive, attribute]) => {
			const key = attributeGetter(host, attribute, keyChange(sensitive));
			const seen = new Dict();
			return iterate(value, host.budget).filter(entry => {
				const mark = key(entry);
				if (seen.has(mark)) return false;
				seen.set(mark, true);
				return true;
			});
		}),
	],
	[
		'min',
		native('case_sensitive? attribute?', (host, value, [sensitive, attribute]) =>
			extreme(host, value, sensitive, attribute, -1),
		),
	],
	[
		'max',
		native('case_sensitive? attribute?', (host, value, [sensitive, attribute]) =>
			extreme(host, value, sensitive, attribute, 1),
		),
	],
	[
		'sum',
		native('attribute? start?', (host, value, [attribute, start]) => {
			if (typeof start === 'string') throw new Problem('sum is for numbers; use join for texts');
			return sum(iterate(value, host.budget).map(attributeGetter(host, attribute)), start ?? 0, host.budget);
		}),
	],
	[
		'batch',
		native('linecount fill_with?', (host, value, [count, filler]) => {
			const size = wholeNumber(count, 1, 'linecount');
			const entries = iterate(value, host.budget);
			if (size < 1) throw new Problem('batch needs a size of at least 1');
			host.budget.list(entries.length);
			const rows: Value[][] = [];
			for (let at = 0; at < entries.length; at += size) rows.push([...entries.slice(at, at + size)]);
			const last = rows.at(-1);
			if (filler !== undefined && filler !== null && last) {
				host.budget.list(size);
				while (last.length < size) last.push(filler);
			}
			return rows;
		}),
	],
	[
		'slice',
		native('slices fill_with?', (host, value, [count, filler]) => {
			const slices = wholeNumber(count, 1, 'slices');
			const entries = iterate(value, host.budget);
			if (slices < 1) throw new Problem('slice needs at least 1 slice');
			host.budget.list(Math.max(entries.length, slices));
			const each = Math.floor(entries.length / slices);
			const longer = entries.length % slices;
			return Array.from({length: slices}, (_, index): Value[] => {
				const from = index * each + Math.min(index, longer);
				const part = [...entries.slice(from, from + each + (index < longer ? 1 : 0))];
				if (filler !== undefined && filler !== null && index >= longer) part.push(filler);
				return part;
			});
		}),
	],
	[
		'groupby',
		native('attribute default? case_sensitive?', (host, value, [attribute, fallback, sensitive]) => {
			const key = attributeGetter(host, attribute, keyChange(sensitive), fallback);
			const plain = attributeGetter(host, attribute, undefined, fallback);
			const groups: {mark: Value; entries: Value[]}[] = [];
			for (const entry of sortBy(iterate(value, host.budget), one => [key(one)], false, host)) {
				const mark = key(entry);
				const last = groups.at(-1);
				if (last && equal(last.mark, mark, host.budget)) last.entries.push(entry);
				else groups.push({mark, entries: [entry]});
			}
			return groups.map(({entries}) => fill(new Group(), [plain(entries[0] ?? null), entries]));
		}),
	],
	[
		'dictsort',
		native('case_sensitive? by? reverse?', (host, value, [sensitive, by, reverse]) => {
			if (!(value instanceof Dict)) throw new Problem('dictsort is for a dict');
			const side = textArgument(by, 'key', 'by');
			if (side !== 'key' && side !== 'value') throw new Problem('dictsort sorts by "key" or by "value"');
			const change = keyChange(sensitive) ?? (same => same);
			const pairs = value.items().map(item => tuple(...item));
			const index = side === 'key' ? 0 : 1;
			return sortBy(
				pairs,
				pair => [change(Array.isArray(pair) ? (pair[index] ?? null) : null)],
				truth(reverse ?? false),
				host,
			);
		}),
	],
	[
		'items',
		native('', (_host, value) => {
			if (value instanceof Undefined) return [];
			if (!(value instanceof Dict)) throw new Problem('items is for a dict');
			return value.items().map(item => tuple(...item));
		}),
	],
	[
		'map',
		native('*', (host, value, _given, args) =>
			truth(value) ? iterate(value, host.budget).map(mapper(host, args)) : [],
		),
	],
	['select', native('*', (host, value, _given, args) => choose(host, value, args, false, true))],
	['reject', native('*', (host, value, _given, args) => choose(host, value, args, false, false))],
	['selectattr', native('*', (host, value, _given, args) => choose(host, value, args, true, true))],
	['rejectattr', native('*', (host, value, _given, args) => choose(host, value, args, true, false))],
]);

/** One entry, without a look at the others. */
function entriesAt(value: Value, at: 0 | -1, host: Host): Value | undefined {
	if (Array.isArray(value)) return value.at(at);
	return iterate(value, host.budget).at(at);
}

function copy(entries: Value[], host: Host): Value[] {
	host.budget.list(entries.length);
	return Array.from(entries);
}

function sortBy(entries: readonly Value[], key: (value: Value) => Value[], reverse: boolean, host: Host): Value[] {
	host.budget.list(entries.length);
	const marked = Array.from(entries, value => ({value, mark: key(value)}));
	const direction = reverse ? -1 : 1;
	return marked.sort((x, y) => direction * order(x.mark, y.mark, host.budget)).map(({value}) => value);
}

function extreme(
	host: Host,
	value: Value,
	sensitive: Value | undefined,
	attribute: Value | undefined,
	sign: 1 | -1,
): Value {
	const key = attributeGetter(host, attribute, keyChange(sensitive));
	const [first, ...rest] = iterate(value, host.budget);
	if (first === undefined) return new Undefined(`${sign > 0 ? 'max' : 'min'} finds nothing: the list is empty`);
	return rest.reduce((best, entry) => (sign * order(key(entry), key(best), host.budget) > 0 ? entry : best), first);
}

function mapper(host: Host, {positional, named}: Arguments): (value: Value) => Value {
	const [name, ...rest] = positional;
	if (name === undefined) {
		const {attribute, default: fallback, ...others} = Object.fromEntries(named);
		const [unknown] = Object.keys(others);
		if (attribute === undefined || unknown !== undefined) {
			throw new Problem(
				unknown === undefined ? 'map needs a filter’s name, or attribute=' : `map has no argument “${unknown}”`,
			);
		}
		return attributeGetter(host, attribute, undefined, fallback);
	}
	const filter = textArgument(name, '', 'map’s filter');
	return value => host.filter(filter, value, {positional: rest, named});
}

function choose(
	host: Host,
	value: Value,
	{positional, named}: Arguments,
	byAttribute: boolean,
	wanted: boolean,
): Value[] {
	if (!truth(value)) return [];
	const rest = [...positional];
	let get = (entry: Value): Value => entry;
	if (byAttribute) {
		const attribute = rest.shift();
		if (attribute === undefined) throw new Problem(`${wanted ? 'selectattr' : 'rejectattr'} needs an attribute’s name`);
		get = attributeGetter(host, attribute);
	}
	const name = rest.shift();
	const args = {positional: rest, named};
	const test = (entry: Value): boolean =>
		name === undefined ? truth(entry) : host.test(textArgument(name, '', 'the test'), entry, args);
	return [...iterate(value, host.budget)].filter(entry => test(get(entry)) === wanted);
}

/** `length` and `count`: of a list, a dict, a text. */
export const lengthOf = (host: Host, value: Value): number => {
	if (value instanceof Dict) return value.size;
	if (Array.isArray(value)) return value.length;
	if (typeof value === 'string') return charCount(value);
	iterate(value, host.budget);
	return 0;
};
