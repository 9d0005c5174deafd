import type {Place} from './problem.js';
import {Problem} from './problem.js';

/**
 * Everything a template can hold. Whole numbers are `number` (`bigint` beyond 2^53); a float with a whole value is a
 * `Float`, so that 1.0 stays 1.0; other floats are `number`. There are no plain objects and no functions of the host
 * among them: that is why a template cannot reach out.
 */
export type Value =
	| null
	| boolean
	| number
	| bigint
	| string
	| Float
	| Value[]
	| Dict
	| Namespace
	| Callable
	| Undefined;

/** A float whose value is whole. */
export class Float {
	constructor(readonly value: number) {}
}

/** Shown in round brackets; otherwise a list that is not changed. */
export class Tuple extends Array<Value> {
	static override get [Symbol.species](): ArrayConstructor {
		return Array;
	}
}

/** One group of `groupby`: a pair that has names as well. */
export class Group extends Tuple {}

/** A list that Python shows under another name: `range(0, 3)`, `dict_keys(['a'])`. */
export class View extends Array<Value> {
	/** The name before the brackets, or the whole text. */
	label = '';
	shown: string | undefined;

	static override get [Symbol.species](): ArrayConstructor {
		return Array;
	}
}

export function tuple(...entries: Value[]): Tuple {
	return fill(new Tuple(), entries);
}

/** Puts entries into a fresh list of a special kind, whatever their number. */
export function fill<T extends Value[]>(list: T, entries: Iterable<Value>): T {
	for (const entry of entries) list.push(entry);
	return list;
}

type Key = string | number | bigint | null;

function keyOf(value: Value): Key {
	if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || value === null)
		return value;
	if (typeof value === 'boolean') return value ? 1 : 0;
	if (value instanceof Float) return value.value;
	if (value instanceof Tuple) return `\0(${value.map(entry => `${typeof entry}:${String(keyOf(entry))}`).join('\0')})`;
	if (value instanceof Undefined) throw value.problem();
	throw new Problem(`${article(value)} cannot be a key`);
}

/** A dict: keeps the order of insertion; 1, 1.0 and True are one key, as in Python. */
export class Dict {
	private readonly map = new Map<Key, [Value, Value]>();

	constructor(items: Iterable<readonly [Value, Value]> = []) {
		for (const [key, value] of items) this.set(key, value);
	}

	get size(): number {
		return this.map.size;
	}
	get(key: Value): Value | undefined {
		return this.map.get(keyOf(key))?.[1];
	}
	has(key: Value): boolean {
		return this.map.has(keyOf(key));
	}
	set(key: Value, value: Value): void {
		const found = this.map.get(keyOf(key));
		if (found) found[1] = value;
		else this.map.set(keyOf(key), [key, value]);
	}
	delete(key: Value): void {
		this.map.delete(keyOf(key));
	}
	clear(): void {
		this.map.clear();
	}
	items(): [Value, Value][] {
		return [...this.map.values()];
	}
	keys(): Value[] {
		return this.items().map(([key]) => key);
	}
	values(): Value[] {
		return this.items().map(([, value]) => value);
	}
}

/** Attributes by name: `namespace()`, `loop`, an imported file. Only a real namespace may be written to. */
export class Namespace {
	constructor(
		readonly kind: 'namespace' | 'loop' | 'module' | 'cycler',
		readonly get: (name: string) => Value | undefined,
		readonly set?: (name: string, value: Value) => void,
	) {}
}

/** The arguments of one call. */
export type Arguments = {positional: Value[]; named: Map<string, Value>};

/** Something a template may call: only what this folder makes, never a function of the host. */
export class Callable {
	constructor(
		readonly name: string,
		readonly call: (args: Arguments) => Value,
	) {}
}

/** A value that does not exist. Any use but `is defined` and `default` fails with its message; a soft one (`a if b` without else) is empty text. */
export class Undefined {
	constructor(
		/** What to say when it is used; a function where that takes some work. */
		private readonly message: string | (() => Problem),
		readonly soft = false,
		public place?: Place,
	) {}

	problem(): Problem {
		if (typeof this.message === 'string') return new Problem(this.message, this.place);
		const problem = this.message();
		problem.place = this.place;
		return problem;
	}
}

export const isFloat = (value: Value): boolean =>
	value instanceof Float || (typeof value === 'number' && !Number.isInteger(value));

/** A float of the template from a number of the host. */
export const toFloat = (value: number): Value => (Number.isInteger(value) ? new Float(value) : value);

/** A whole number of the template; small ones as `number`. */
export const toInt = (value: bigint): Value =>
	value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

/** The number behind any number or bool (a bigint loses precision); undefined for everything else. */
export function asNumber(value: Value): number | undefined {
	if (typeof value === 'number') return value;
	if (typeof value === 'boolean') return value ? 1 : 0;
	if (typeof value === 'bigint') return Number(value);
	return value instanceof Float ? value.value : undefined;
}

/** Python's name of the type. */
export function typeName(value: Value): string {
	if (value === null) return 'None';
	if (typeof value === 'boolean') return 'bool';
	if (typeof value === 'string') return 'str';
	if (typeof value === 'bigint') return 'int';
	if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
	if (value instanceof Float) return 'float';
	if (value instanceof Tuple) return 'tuple';
	if (Array.isArray(value)) return 'list';
	if (value instanceof Dict) return 'dict';
	if (value instanceof Namespace) return value.kind;
	if (value instanceof Callable) return 'function';
	return 'undefined';
}

/** “a list”, “an int”, “None”: for messages. */
export function article(value: Value): string {
	const name = typeName(value);
	if (name === 'None') return name;
	return `${/^[aiu]/.test(name) ? 'an' : 'a'} ${name === 'str' ? 'text' : name}`;
}

/**
 * Host data (JSON, as YAML gives it) as template values: copied, so a template never changes its input, and cut loose
 * from prototypes. Whole numbers become ints: YAML's 1.0 cannot be told from 1. Functions, symbols and undefined have no value.
 */
export function fromHost(data: unknown, seen: Map<object, Value> = new Map()): Value | undefined {
	if (data === null || typeof data === 'string' || typeof data === 'boolean') return data;
	if (typeof data === 'bigint') return toInt(data);
	if (typeof data === 'number') return Number.isInteger(data) && !Number.isSafeInteger(data) ? new Float(data) : data;
	if (typeof data !== 'object') return undefined;
	const known = seen.get(data);
	if (known !== undefined) return known;
	if (data instanceof Date) return data.toISOString();
	if (Array.isArray(data)) {
		const list: Value[] = [];
		seen.set(data, list);
		for (const entry of data) list.push(fromHost(entry, seen) ?? null);
		return list;
	}
	const dict = new Dict();
	seen.set(data, dict);
	for (const [key, entry] of Object.entries(data)) {
		const value = fromHost(entry, seen);
		if (value !== undefined) dict.set(key, value);
	}
	return dict;
}
