import type {Budget} from './budget.js';
import {formatPercent} from './format-percent.js';
import {Problem} from './problem.js';
import {chars, repr, str} from './python-text.js';
import {
	article,
	asNumber,
	Callable,
	Dict,
	isFloat,
	Namespace,
	Tuple,
	toFloat,
	toInt,
	tuple,
	Undefined,
	type Value,
} from './values.js';

/** The names of the syntax nodes with two sides that compute. */
export type BinaryName = 'Add' | 'Sub' | 'Mul' | 'Div' | 'FloorDiv' | 'Mod' | 'Pow';

const signs: Record<BinaryName, string> = {
	Add: '+',
	Sub: '-',
	Mul: '*',
	Div: '/',
	FloorDiv: '//',
	Mod: '%',
	Pow: '**',
};

/** Python's arithmetic, also on texts and lists. A result of unbounded size is refused before it is made. */
export function compute(name: BinaryName, left: Value, right: Value, budget: Budget): Value {
	demand(left);
	demand(right);
	if (name === 'Mod' && typeof left === 'string') return formatPercent(left, right, budget);
	const x = asNumber(left);
	const y = asNumber(right);
	if (x !== undefined && y !== undefined) {
		return isFloat(left) || isFloat(right) || name === 'Div'
			? computeFloat(name, x, y)
			: computeInt(name, wholeOf(left), wholeOf(right));
	}
	if (name === 'Add') {
		if (typeof left === 'string' && typeof right === 'string') {
			budget.text(left.length + right.length);
			return left + right;
		}
		if (Array.isArray(left) && Array.isArray(right) && left instanceof Tuple === right instanceof Tuple) {
			budget.list(left.length + right.length);
			return left instanceof Tuple ? tuple(...left, ...right) : [...left, ...right];
		}
	}
	if (name === 'Mul') {
		const times = x !== undefined && !isFloat(left) ? x : y !== undefined && !isFloat(right) ? y : undefined;
		const repeated = times === x ? right : left;
		if (times !== undefined && (typeof repeated === 'string' || Array.isArray(repeated))) {
			return repeat(repeated, Math.max(0, times), budget);
		}
	}
	throw new Problem(
		`${signs[name]} does not work between ${article(left)} and ${article(right)}${name === 'Add' ? ' (to join texts, use ~)' : ''}`,
	);
}

function repeat(value: string | Value[], times: number, budget: Budget): Value {
	if (typeof value === 'string') {
		budget.text(value.length * times);
		return value.repeat(value === '' ? 0 : times);
	}
	budget.list(value.length * times);
	const entries = Array.from({length: value.length === 0 ? 0 : times}, () => value).flat();
	return value instanceof Tuple ? tuple(...entries) : entries;
}

function computeFloat(name: BinaryName, x: number, y: number): Value {
	if (y === 0 && (name === 'Div' || name === 'FloorDiv' || name === 'Mod')) throw new Problem('division by zero');
	switch (name) {
		case 'Add':
			return toFloat(x + y);
		case 'Sub':
			return toFloat(x - y);
		case 'Mul':
			return toFloat(x * y);
		case 'Div':
			return toFloat(x / y);
		case 'FloorDiv':
			return toFloat(Math.floor(x / y));
		case 'Mod':
			return toFloat(x - y * Math.floor(x / y) === 0 ? 0 : ((x % y) + y) % y);
		case 'Pow': {
			if (x === 0 && y < 0) throw new Problem('division by zero: 0 has no negative power');
			const power = x ** y;
			if (Number.isNaN(power) && !Number.isNaN(x) && !Number.isNaN(y)) {
				throw new Problem('a negative number has no such power');
			}
			return toFloat(power);
		}
	}
}

const wholeOf = (value: Value): number | bigint => (typeof value === 'bigint' ? value : (asNumber(value) ?? 0));

function computeInt(name: BinaryName, left: number | bigint, right: number | bigint): Value {
	if (name === 'Pow' && right < 0) return computeFloat(name, Number(left), Number(right));
	if ((name === 'FloorDiv' || name === 'Mod') && Number(right) === 0) throw new Problem('division by zero');
	if (typeof left === 'number' && typeof right === 'number') {
		const quick = quickInt(name, left, right);
		if (Number.isSafeInteger(quick)) return quick === 0 ? 0 : quick;
	}
	const x = BigInt(left);
	const y = BigInt(right);
	const digits = name === 'Pow' ? x.toString().length * Number(y) : x.toString().length + y.toString().length;
	if (digits > 4000) throw new Problem('the number gets too big: over 4000 digits');
	const floored = () => (x % y !== 0n && x < 0n !== y < 0n ? x / y - 1n : x / y);
	switch (name) {
		case 'Add':
			return toInt(x + y);
		case 'Sub':
			return toInt(x - y);
		case 'Mul':
			return toInt(x * y);
		case 'Pow':
			return toInt(x ** y);
		case 'FloorDiv':
			return toInt(floored());
		case 'Mod':
			return toInt(x - y * floored());
		case 'Div':
			return toFloat(Number(x) / Number(y));
	}
}

/** The result by doubles: right when it is a safe integer. */
function quickInt(name: BinaryName, x: number, y: number): number {
	switch (name) {
		case 'Add':
			return x + y;
		case 'Sub':
			return x - y;
		case 'Mul':
			return x * y;
		case 'Pow':
			return x ** y;
		case 'FloorDiv':
			return (x - (((x % y) + y) % y)) / y;
		case 'Mod':
			return ((x % y) + y) % y;
		case 'Div':
			return x / y;
	}
}

/** A number with the other sign, or a refusal. */
export function negate(value: Value): Value {
	demand(value);
	const number = asNumber(value);
	if (number === undefined) throw new Problem(`- does not work before ${article(value)}`);
	if (isFloat(value)) return toFloat(-number);
	return typeof value === 'bigint' ? toInt(-value) : number === 0 ? 0 : -number;
}

/** Fails for a value that does not exist; anything else passes. */
export function demand(value: Value): void {
	if (value instanceof Undefined && !value.soft) throw value.problem();
}

/** Python's truth: empty is false. */
export function truth(value: Value): boolean {
	demand(value);
	if (value === null || value instanceof Undefined) return false;
	if (typeof value === 'object') {
		if (Array.isArray(value)) return value.length > 0;
		if (value instanceof Dict) return value.size > 0;
	}
	const number = asNumber(value);
	return number === undefined ? value !== '' : number !== 0;
}

/** Python's `==`: by content, 1 == 1.0 == True, a list is no tuple. */
export function equal(left: Value, right: Value, budget: Budget): boolean {
	budget.step();
	demand(left);
	demand(right);
	if (typeof left === 'string' && typeof right === 'string' && left.length === right.length) budget.look(left.length);
	if (left === right) return true;
	if (typeof left === 'bigint' && typeof right === 'bigint') return left === right;
	const x = asNumber(left);
	if (x !== undefined) return x === asNumber(right);
	if (Array.isArray(left) && Array.isArray(right)) {
		return (
			left instanceof Tuple === right instanceof Tuple &&
			left.length === right.length &&
			left.every((entry, index) => equal(entry, right[index] ?? null, budget))
		);
	}
	if (left instanceof Dict && right instanceof Dict) {
		return (
			left.size === right.size &&
			left.items().every(([key, value]) => {
				const other = right.get(key);
				return other !== undefined && equal(value, other, budget);
			})
		);
	}
	return false;
}

/** Negative, zero or positive, for values that Python can order; else a refusal. */
export function order(left: Value, right: Value, budget: Budget): number {
	budget.step();
	demand(left);
	demand(right);
	const x = asNumber(left);
	const y = asNumber(right);
	if (x !== undefined && y !== undefined) {
		if (typeof left === 'bigint' || typeof right === 'bigint') {
			if (!isFloat(left) && !isFloat(right)) return compare(BigInt(wholeOf(left)), BigInt(wholeOf(right)));
		}
		return Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : compare(x, y);
	}
	if (typeof left === 'string' && typeof right === 'string') {
		budget.look(Math.min(left.length, right.length));
		return compareText(left, right);
	}
	if (Array.isArray(left) && Array.isArray(right) && left instanceof Tuple === right instanceof Tuple) {
		for (const [index, entry] of left.entries()) {
			const other = right[index];
			if (other === undefined) return 1;
			if (!equal(entry, other, budget)) return order(entry, other, budget);
		}
		return left.length - right.length;
	}
	throw new Problem(`${article(left)} and ${article(right)} cannot be put in order`);
}

const compare = <T extends number | bigint | string>(x: T, y: T) => (x < y ? -1 : x > y ? 1 : 0);

function compareText(left: string, right: string): number {
	if (!/[\ud800-\udfff]/.test(left + right)) return compare(left, right);
	const xs = chars(left);
	const ys = chars(right);
	for (const [index, char] of xs.entries()) {
		const other = ys[index];
		if (other === undefined) return 1;
		if (char !== other) return compare(char.codePointAt(0) ?? 0, other.codePointAt(0) ?? 0);
	}
	return xs.length - ys.length;
}

/** Python's `in`. */
export function contains(container: Value, value: Value, budget: Budget): boolean {
	demand(container);
	if (typeof container === 'string') {
		demand(value);
		if (typeof value !== 'string') throw new Problem(`only a text can be in a text, not ${article(value)}`);
		budget.look(container.length);
		return container.includes(value);
	}
	if (Array.isArray(container)) return container.some(entry => equal(entry, value, budget));
	if (container instanceof Dict) return container.has(value);
	throw new Problem(`nothing can be in ${article(container)}`);
}

/** The entries that a loop goes over: of a list, the keys of a dict, the characters of a text. */
export function iterate(value: Value, budget: Budget): Value[] {
	demand(value);
	if (Array.isArray(value)) {
		budget.look(value.length);
		return value;
	}
	if (value instanceof Dict) {
		budget.list(value.size);
		return value.keys();
	}
	if (value instanceof Undefined) return [];
	if (typeof value === 'string') {
		budget.list(value.length);
		return chars(value);
	}
	throw new Problem(`${article(value)} cannot be looped over`);
}

/** Whether `iterate` takes it. */
export const isIterable = (value: Value) => Array.isArray(value) || value instanceof Dict || typeof value === 'string';

/** The texts of two values, one after the other. */
export function concat(left: Value, right: Value, budget: Budget): string {
	const first = str(left, budget);
	const second = str(right, budget);
	budget.text(first.length + second.length);
	return first + second;
}

/** A short form of a value for messages. */
export function shown(value: Value, budget: Budget): string {
	if (value instanceof Callable || value instanceof Namespace || value instanceof Undefined) return article(value);
	const text = repr(value, budget);
	return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
