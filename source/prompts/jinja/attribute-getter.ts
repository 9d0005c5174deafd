import {lookupItem} from './members.js';
import type {Host} from './native.js';
import {Problem} from './problem.js';
import {asNumber, Undefined, type Value} from './values.js';

/** Reads the attribute that filters take by name: `'name'`, `'author.name'`, `'pair.0'`, a position, or nothing for the value itself. */
export function attributeGetter(
	host: Host,
	attribute: Value | undefined,
	change: (value: Value) => Value = value => value,
	fallback?: Value,
): (value: Value) => Value {
	const steps = stepsOf(attribute);
	return value => {
		host.budget.step();
		let found = value;
		for (const step of steps) {
			found = lookupItem(found, step, host.budget);
			if (found instanceof Undefined && fallback !== undefined && fallback !== null) found = fallback;
		}
		return change(found);
	};
}

/** As `attributeGetter`, for `sort`: several attributes with commas between them. */
export function multiAttributeGetter(
	host: Host,
	attribute: Value | undefined,
	change: (value: Value) => Value,
): (value: Value) => Value[] {
	const parts = typeof attribute === 'string' ? attribute.split(',') : [attribute];
	const getters = parts.map(part => attributeGetter(host, part, change));
	return value => getters.map(get => get(value));
}

function stepsOf(attribute: Value | undefined): Value[] {
	if (attribute === undefined || attribute === null) return [];
	if (asNumber(attribute) !== undefined) return [attribute];
	if (typeof attribute !== 'string') throw new Problem('an attribute is given by its name, as text');
	return attribute.split('.').map(step => (/^\d+$/.test(step) ? Number(step) : step));
}

/** Texts in lower case, as sorting and grouping compare them unless told otherwise. */
export const ignoreCase = (value: Value): Value => (typeof value === 'string' ? value.toLowerCase() : value);
