import {longestList} from './budget.js';
import {pairsOf} from './collection-methods.js';
import {type Native, native} from './native.js';
import {demand} from './operators.js';
import {Problem} from './problem.js';
import {asNumber, Callable, Dict, isFloat, Namespace, type Value, View} from './values.js';

/** The functions that every template has. */
export const globals: ReadonlyMap<string, Native> = new Map<string, Native>([
	[
		'range',
		native('start stop? step?', (host, _self, given) => {
			const numbers = given.filter(value => value !== undefined).map(value => wholeArgument(value, 'range()'));
			const [start = 0, stop = 0, step = 1] = numbers.length === 1 ? [0, ...numbers] : numbers;
			if (step === 0) throw new Problem('the step of range() cannot be 0');
			const length = Math.max(0, Math.ceil((stop - start) / step));
			if (length > longestList) throw new Problem(`range() is too long: ${length} numbers, at most ${longestList}`);
			host.budget.list(length);
			const range = new View();
			for (let index = 0; index < length; index += 1) range.push(start + index * step);
			range.shown = step === 1 ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`;
			return range;
		}),
	],
	[
		'dict',
		native('*', (host, _self, [source], {named}) => {
			return new Dict([...pairsOf(source, length => host.budget.list(length)), ...named]);
		}),
	],
	[
		'namespace',
		native('*', (host, _self, [source], {named}) => {
			const attributes = new Map<string, Value>();
			for (const [key, value] of [...pairsOf(source, length => host.budget.list(length)), ...named]) {
				if (typeof key === 'string') attributes.set(key, value);
			}
			return new Namespace(
				'namespace',
				name => attributes.get(name),
				(name, value) => {
					attributes.set(name, value);
				},
			);
		}),
	],
	[
		'cycler',
		native('*', (_host, _self, items) => {
			if (items.length === 0) throw new Problem('cycler() needs at least one value');
			let at = 0;
			const current = (): Value => items[at] ?? null;
			const members = new Map<string, () => Value>([
				['current', current],
				[
					'next',
					() =>
						new Callable('next', () => {
							const value = current();
							at = (at + 1) % items.length;
							return value;
						}),
				],
				[
					'reset',
					() =>
						new Callable('reset', () => {
							at = 0;
							return null;
						}),
				],
			]);
			return new Namespace('cycler', name => members.get(name)?.());
		}),
	],
	[
		'joiner',
		native('sep?', (_host, _self, [separator]) => {
			let used = false;
			return new Callable('joiner', () => {
				const text = used ? (separator ?? ', ') : '';
				used = true;
				return text;
			});
		}),
	],
]);

function wholeArgument(value: Value | undefined, what: string): number {
	if (value === undefined) throw new Problem(`${what} needs a whole number`);
	demand(value);
	const number = asNumber(value);
	if (number === undefined || isFloat(value) || !Number.isSafeInteger(number))
		throw new Problem(`${what} needs whole numbers`);
	return number;
}
