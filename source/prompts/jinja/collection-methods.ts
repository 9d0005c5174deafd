import {type Native, native, wholeNumber} from './native.js';
import {demand, equal, iterate, order} from './operators.js';
import {Problem} from './problem.js';
import {repr} from './python-text.js';
import {asNumber, Dict, fill, isFloat, Tuple, toInt, tuple, type Value, View} from './values.js';

const entries = (self: Value): Value[] => (Array.isArray(self) ? self : []);
const dict = (self: Value): Dict => (self instanceof Dict ? self : new Dict());

const view = (label: string, values: Iterable<Value>): View => {
	const made = fill(new View(), values);
	made.label = label;
	return made;
};

/** A method that changes its value and answers None. */
const changing = (change: (self: Value) => void): Native =>
	native('', (host, self) => {
		host.budget.look(sizeOf(self));
		change(self);
		return null;
	});

/** A method that answers with all entries in another form. */
const copying = (copy: (self: Value) => Value): Native =>
	native('', (host, self) => {
		host.budget.list(sizeOf(self));
		return copy(self);
	});

const sizeOf = (self: Value): number => (self instanceof Dict ? self.size : entries(self).length);

/** What a list and a tuple can do without being changed. */
export const sequenceMethods: ReadonlyMap<string, Native> = new Map<string, Native>([
	[
		'count',
		native(
			'value',
			(host, self, [value]) => entries(self).filter(entry => equal(entry, value ?? null, host.budget)).length,
		),
	],
	[
		'index',
		native('value', (host, self, [value]) => {
			const at = entries(self).findIndex(entry => equal(entry, value ?? null, host.budget));
			if (at < 0) throw new Problem(`${repr(value ?? null, host.budget)} is not in the list`);
			return at;
		}),
	],
]);

/** What changes a list: in place, and never longer than the limit. */
export const listMethods: ReadonlyMap<string, Native> = new Map<string, Native>([
	[
		'append',
		native('value', (host, self, [value]) => {
			host.budget.list(entries(self).length + 1, 1);
			entries(self).push(value ?? null);
			return null;
		}),
	],
	[
		'extend',
		native('iterable', (host, self, [more]) => {
			const added = [...iterate(more ?? null, host.budget)];
			host.budget.list(entries(self).length + added.length, added.length);
			fill(entries(self), added);
			return null;
		}),
	],
	[
		'insert',
		native('index value', (host, self, [index, value]) => {
			host.budget.list(entries(self).length + 1, 1);
			host.budget.look(entries(self).length);
			entries(self).splice(wholeNumber(index, 0, 'index'), 0, value ?? null);
			return null;
		}),
	],
	[
		'pop',
		native('index?', (host, self, [index]) => {
			host.budget.look(entries(self).length);
			const at = wholeNumber(index, -1, 'index');
			const [removed] = entries(self).splice(at, entries(self).length >= (at < 0 ? -at : at + 1) ? 1 : 0);
			if (removed === undefined) throw new Problem('pop() finds no such entry');
			return removed;
		}),
	],
	[
		'remove',
		native('value', (host, self, [value]) => {
			const at = entries(self).findIndex(entry => equal(entry, value ?? null, host.budget));
			if (at < 0) throw new Problem('remove() finds no such entry');
			entries(self).splice(at, 1);
			return null;
		}),
	],
	['clear', changing(self => entries(self).splice(0))],
	['copy', copying(self => [...entries(self)])],
	['reverse', changing(self => entries(self).reverse())],
	[
		'sort',
		native('reverse?', (host, self, [reverse]) => {
			entries(self).sort((x, y) => (reverse === true ? -1 : 1) * order(x, y, host.budget));
			return null;
		}),
	],
]);

/** Python's methods of a dict. */
export const dictMethods: ReadonlyMap<string, Native> = new Map<string, Native>([
	[
		'items',
		copying(self =>
			view(
				'dict_items',
				dict(self)
					.items()
					.map(item => tuple(...item)),
			),
		),
	],
	['keys', copying(self => view('dict_keys', dict(self).keys()))],
	['values', copying(self => view('dict_values', dict(self).values()))],
	['get', native('key default?', (_host, self, [key, fallback]) => dict(self).get(key ?? null) ?? fallback ?? null)],
	['copy', copying(self => new Dict(dict(self).items()))],
	[
		'update',
		native('*', (host, self, [other], {named}) => {
			const added: [Value, Value][] = [...pairsOf(other, host.budget.list.bind(host.budget)), ...named];
			host.budget.list(dict(self).size + added.length, added.length);
			for (const [key, value] of added) dict(self).set(key, value);
			return null;
		}),
	],
	[
		'setdefault',
		native('key default?', (host, self, [key, fallback]) => {
			const found = dict(self).get(key ?? null);
			if (found !== undefined) return found;
			host.budget.list(dict(self).size + 1, 1);
			dict(self).set(key ?? null, fallback ?? null);
			return fallback ?? null;
		}),
	],
	[
		'pop',
		native('key default?', (host, self, [key, fallback]) => {
			const found = dict(self).get(key ?? null) ?? fallback;
			if (found === undefined) throw new Problem(`pop() finds no ${repr(key ?? null, host.budget)}`);
			dict(self).delete(key ?? null);
			return found;
		}),
	],
	['clear', changing(self => dict(self).clear())],
]);

/** Key and value pairs of a dict or of a list of pairs. */
export function pairsOf(source: Value | undefined, limit: (length: number) => void): [Value, Value][] {
	if (source === undefined) return [];
	demand(source);
	if (source instanceof Dict) {
		limit(source.size);
		return source.items();
	}
	if (!Array.isArray(source)) throw new Problem('a dict or a list of pairs is needed here');
	limit(source.length);
	return source.map(pair => {
		if (!Array.isArray(pair) || pair.length !== 2) throw new Problem('a list of pairs is needed here');
		return [pair[0] ?? null, pair[1] ?? null];
	});
}

/** The few methods of numbers. */
export const numberMethods: ReadonlyMap<string, Native> = new Map<string, Native>([
	['is_integer', native('', (_host, self) => Number.isInteger(asNumber(self)))],
	[
		'bit_length',
		native('', (_host, self) => {
			if (isFloat(self)) throw new Problem('bit_length() is for whole numbers');
			const size = BigInt(asNumber(self) ?? 0);
			return size === 0n ? 0 : (size < 0n ? -size : size).toString(2).length;
		}),
	],
	['conjugate', native('', (_host, self) => (typeof self === 'bigint' ? toInt(self) : self))],
]);

/** Methods by the kind of value; the most special table first. */
export function methodTables(value: Value): ReadonlyMap<string, Native>[] {
	if (value instanceof Dict) return [dictMethods];
	if (value instanceof Tuple || value instanceof View) return [sequenceMethods];
	if (Array.isArray(value)) return [sequenceMethods, listMethods];
	return asNumber(value) === undefined ? [] : [numberMethods];
}
