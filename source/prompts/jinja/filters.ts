import {fixed} from './decimal.js';
import {lengthOf, listFilters} from './list-filters.js';
import {lookupAttribute} from './members.js';
import {type Native, native, textArgument, wholeNumber} from './native.js';
import {parseFloating, parseWhole} from './number-parsing.js';
import {compute, demand, negate, truth} from './operators.js';
import {Problem} from './problem.js';
import {textFilters} from './text-filters.js';
import {article, asNumber, isFloat, toFloat, toInt, Undefined, type Value} from './values.js';

const length = native('', lengthOf);
const fallback = native('default_value? boolean?', (_host, value, [other, boolean]) =>
	value instanceof Undefined || (truth(boolean ?? false) && !truth(value)) ? (other ?? '') : value,
);

/** All filters, by name. */
export const filters: ReadonlyMap<string, Native> = new Map<string, Native>([
	...textFilters,
	...listFilters,
	['e', textFilters.get('escape')!],
	['default', fallback],
	['d', fallback],
	['length', length],
	['count', length],
	[
		'attr',
		native('name', (host, value, [name]) => lookupAttribute(value, textArgument(name, '', 'name'), host.budget)),
	],
	['abs', native('', (_host, value) => ((asNumber(value) ?? 0) < 0 ? negate(value) : number(value, 'abs')))],
	[
		'int',
		native('default? base?', (_host, value, [other, base]) =>
			toWhole(value, other ?? 0, wholeNumber(base, 10, 'base')),
		),
	],
	[
		'float',
		native('default?', (_host, value, [other]) => {
			demand(value);
			const parsed = typeof value === 'string' ? parseFloating(value) : asNumber(value);
			return parsed === undefined ? (other ?? toFloat(0)) : toFloat(parsed);
		}),
	],
	[
		'round',
		native('precision? method?', (host, value, [precision, method]) => {
			const places = wholeNumber(precision, 0, 'precision');
			const how = textArgument(method, 'common', 'method');
			number(value, 'round');
			if (how === 'common') return rounded(value, places);
			if (how !== 'ceil' && how !== 'floor') throw new Problem('round’s method is "common", "ceil" or "floor"');
			const scale = compute('Pow', 10, places, host.budget);
			const scaled = asNumber(compute('Mul', value, scale, host.budget)) ?? 0;
			if (!Number.isFinite(scaled)) throw new Problem('the number is too big to be rounded');
			return compute('Div', toInt(BigInt(Math[how](scaled))), scale, host.budget);
		}),
	],
]);

function number(value: Value, filter: string): Value {
	demand(value);
	if (asNumber(value) === undefined) throw new Problem(`${filter} is for numbers, not ${article(value)}`);
	return typeof value === 'boolean' ? Number(value) : value;
}

function toWhole(value: Value, other: Value, base: number): Value {
	demand(value);
	if (typeof value === 'string') {
		const whole = parseWhole(value, base);
		if (whole !== undefined) return toInt(whole);
		const floating = parseFloating(value);
		return floating !== undefined && Number.isFinite(floating) ? toInt(BigInt(Math.trunc(floating))) : other;
	}
	const size = asNumber(value);
	if (size === undefined || !Number.isFinite(size)) return other;
	return typeof value === 'bigint' ? value : toInt(BigInt(Math.trunc(size)));
}

/** Python's `round`: halves go to the even neighbour, a whole number stays whole. */
function rounded(value: Value, places: number): Value {
	const size = asNumber(value) ?? 0;
	if (isFloat(value)) {
		if (!Number.isFinite(size) || places > 300) return value;
		if (places >= 0) return toFloat(size < 0 ? -Number(fixed(-size, places)) : Number(fixed(size, places)));
	} else if (places >= 0) return typeof value === 'boolean' ? Number(value) : value;
	if (places < -300) return isFloat(value) ? toFloat(0) : 0;
	const whole = typeof value === 'bigint' ? value : BigInt(Math.trunc(size));
	const step = 10n ** BigInt(-places);
	const rest = ((whole % step) + step) % step;
	const down = whole - rest;
	const up = rest * 2n > step || (rest * 2n === step && (down / step) % 2n !== 0n);
	const result = up ? down + step : down;
	return isFloat(value) ? toFloat(Number(result)) : toInt(result);
}
