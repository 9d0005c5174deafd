import {filters} from './filters.js';
import {type Host, type Native, native} from './native.js';
import {compute, contains, demand, equal, isIterable, order} from './operators.js';
import {str} from './python-text.js';
import {asNumber, Callable, Dict, isFloat, Undefined, type Value} from './values.js';

type Test = Native<boolean>;

/** A test of what a value is: a missing one is nothing of all this. */
const is = (test: (value: Value) => boolean): Test => native('', (_host, value) => test(value));

/** A test that has to look into the value: a missing one fails. */
const of = (test: (value: Value, host: Host) => boolean): Test =>
	native('', (host, value) => {
		demand(value);
		return test(value, host);
	});

const compared = (decide: (sign: number) => boolean): Test =>
	native('other', (host, value, [other]) => decide(order(value, other ?? null, host.budget)));

const rest = (value: Value, by: Value, host: Host): number | undefined =>
	asNumber(compute('Mod', value, by, host.budget));

const same = native<boolean>('other', (host, value, [other]) => equal(value, other ?? null, host.budget));
const different = native<boolean>('other', (host, value, [other]) => !equal(value, other ?? null, host.budget));
const less = compared(sign => sign < 0);
const lessOrSame = compared(sign => sign <= 0);
const more = compared(sign => sign > 0);
const moreOrSame = compared(sign => sign >= 0);

/** All tests, by name: `value is name`. */
export const tests: ReadonlyMap<string, Test> = new Map<string, Test>([
	['defined', native('', (_host, value) => !(value instanceof Undefined))],
	['undefined', native('', (_host, value) => value instanceof Undefined)],
	['none', is(value => value === null)],
	['boolean', is(value => typeof value === 'boolean')],
	['true', is(value => value === true)],
	['false', is(value => value === false)],
	['integer', is(value => typeof value !== 'boolean' && asNumber(value) !== undefined && !isFloat(value))],
	['float', is(isFloat)],
	['number', is(value => asNumber(value) !== undefined)],
	['string', is(value => typeof value === 'string')],
	['mapping', is(value => value instanceof Dict)],
	['sequence', is(isIterable)],
	['iterable', of(isIterable)],
	['callable', is(value => value instanceof Callable)],
	['odd', of((value, host) => rest(value, 2, host) === 1)],
	['even', of((value, host) => rest(value, 2, host) === 0)],
	['divisibleby', native('num', (host, value, [by]) => rest(value, by ?? null, host) === 0)],
	['lower', of((value, host) => isCased(str(value, host.budget), 'lower'))],
	['upper', of((value, host) => isCased(str(value, host.budget), 'upper'))],
	['escaped', is(() => false)],
	['in', native('seq', (host, value, [container]) => contains(container ?? null, value, host.budget))],
	['sameas', native('other', (_host, value, [other]) => value === other)],
	['filter', is(value => typeof value === 'string' && filters.has(value))],
	['test', is(value => typeof value === 'string' && tests.has(value))],
	...(['==', 'eq', 'equalto'] as const).map(name => [name, same] as const),
	...(['!=', 'ne'] as const).map(name => [name, different] as const),
	...(['<', 'lt', 'lessthan'] as const).map(name => [name, less] as const),
	...(['<=', 'le'] as const).map(name => [name, lessOrSame] as const),
	...(['>', 'gt', 'greaterthan'] as const).map(name => [name, more] as const),
	...(['>=', 'ge'] as const).map(name => [name, moreOrSame] as const),
]);

function isCased(text: string, side: 'lower' | 'upper'): boolean {
	const [wanted, other] =
		side === 'lower' ? [text.toLowerCase(), text.toUpperCase()] : [text.toUpperCase(), text.toLowerCase()];
	return text === wanted && text !== other;
}
