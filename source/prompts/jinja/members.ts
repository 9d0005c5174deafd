import {closest} from '../../config/closest.js';
import type {Budget} from './budget.js';
import {demand, shown} from './operators.js';
import {Problem} from './problem.js';
import {charCount, chars} from './python-text.js';
import {
	article,
	asNumber,
	Dict,
	Group,
	isFloat,
	Namespace,
	Tuple,
	tuple,
	Undefined,
	type Value,
	View,
} from './values.js';

/**
 * The only ways from one value to another. Values are our own kinds and are asked by kind, never by a property of a
 * JavaScript object: `constructor`, `__proto__` and their like are names that nothing has.
 */

/** `value.name` of data: an entry of a dict, a named part of a group, an attribute of a namespace. Methods are looked up by the caller. */
export function lookupAttribute(target: Value, name: string, budget: Budget, written = ''): Value {
	demand(target);
	if (target instanceof Dict) {
		const found = target.get(name);
		if (found !== undefined) return found;
	}
	if (target instanceof Group) {
		if (name === 'grouper') return target[0] ?? null;
		if (name === 'list') return target[1] ?? null;
	}
	if (target instanceof Namespace) {
		const found = target.get(name);
		if (found !== undefined) return found;
	}
	return missing(target, name, budget, written);
}

/** `value[key]`, with negative positions counted from the end. */
export function lookupItem(target: Value, key: Value, budget: Budget, written = ''): Value {
	demand(target);
	demand(key);
	if (target instanceof Dict) return target.get(key) ?? missing(target, key, budget, written, true);
	const position = asNumber(key);
	if ((typeof target === 'string' || Array.isArray(target)) && position !== undefined && !isFloat(key)) {
		if (typeof target === 'string') budget.look(target.length);
		// A text of plain characters is indexed as it is: `chars` would cut all of it up.
		const list = typeof target === 'string' && charCount(target) !== target.length ? chars(target) : target;
		return list.at(position) ?? missing(target, key, budget, written);
	}
	if (typeof key === 'string') return lookupAttribute(target, key, budget, written);
	return missing(target, key, budget, written);
}

/** A missing entry: fails when it is used, with what there is instead. */
function missing(target: Value, key: Value, budget: Budget, written: string, quoted = false): Undefined {
	return new Undefined(() => wording(target, key, budget, written, quoted));
}

function wording(target: Value, key: Value, budget: Budget, written: string, quoted: boolean): Problem {
	const what = written === '' ? article(target) : `${written} (${article(target)})`;
	if (target instanceof Dict) {
		const names = target.keys().filter(name => typeof name === 'string');
		const near = typeof key === 'string' ? closest(key, names) : undefined;
		const mend = near ? `; did you mean “${near}”?` : names.length === 0 ? '' : `; it has ${few(names)}`;
		return new Problem(
			`${what} has no entry ${shown(key, budget)}${mend}`,
			undefined,
			near && quoted ? shown(near, budget) : near,
		);
	}
	if (typeof key === 'string') return new Problem(`${what} has no attribute “${key}”`);
	if (typeof target === 'string' || Array.isArray(target)) {
		const length = typeof target === 'string' ? chars(target).length : target.length;
		return new Problem(`${what} has no entry ${shown(key, budget)}: its length is ${length}`);
	}
	return new Problem(`${what} has no entry ${shown(key, budget)}`);
}

const few = (names: readonly string[]) =>
	names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');

/** Python's slices of texts, lists and tuples; each bound may be left out (null). */
export function slice(target: Value, start: Value, stop: Value, step: Value, budget: Budget): Value {
	demand(target);
	if (typeof target !== 'string' && !Array.isArray(target)) return new Undefined(`${article(target)} cannot be sliced`);
	const list = typeof target === 'string' ? chars(target) : target;
	if (typeof target === 'string') budget.look(target.length);
	const stride = bound(step) ?? 1;
	if (stride === 0) throw new Problem('the step of a slice cannot be 0');
	const length = list.length;
	const place = (value: number | undefined, none: number): number => {
		if (value === undefined) return none;
		const at = value < 0 ? value + length : value;
		return stride > 0 ? Math.min(Math.max(at, 0), length) : Math.min(Math.max(at, -1), length - 1);
	};
	const from = place(bound(start), stride > 0 ? 0 : length - 1);
	const to = place(bound(stop), stride > 0 ? length : -1);
	const picked: Value[] = [];
	for (let at = from; stride > 0 ? at < to : at > to; at += stride) picked.push(list[at] ?? null);
	if (typeof target === 'string') {
		budget.text(picked.length);
		return picked.join('');
	}
	budget.list(picked.length);
	return target instanceof Tuple && !(target instanceof View) ? tuple(...picked) : picked;
}

function bound(value: Value): number | undefined {
	demand(value);
	if (value === null) return undefined;
	const number = asNumber(value);
	if (number === undefined || isFloat(value))
		throw new Problem(`the bounds of a slice are whole numbers, not ${article(value)}`);
	return number;
}
