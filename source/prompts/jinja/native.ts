import type {Budget} from './budget.js';
import {Problem} from './problem.js';
import {str} from './python-text.js';
import {type Arguments, article, asNumber, isFloat, Undefined, type Value} from './values.js';

/** What filters, tests, methods and functions get besides their arguments. */
export type Host = {
	budget: Budget;
	filter(name: string, value: Value, args: Arguments): Value;
	test(name: string, value: Value, args: Arguments): boolean;
};

/**
 * A filter, test, method or function. `params` names what it takes, in order: `old new count?`, where `?` may be left
 * out (and is then undefined) and a closing `*` hands over all arguments as they are.
 */
export type Native<Result = Value> = {
	params: string;
	run(host: Host, self: Value, given: readonly (Value | undefined)[], all: Arguments): Result;
};

/** A short way to write a table of them. */
export const native = <Result = Value>(params: string, run: Native<Result>['run']): Native<Result> => ({params, run});

const parsed = new Map<string, {names: string[]; needed: number; open: boolean}>();

function parse(params: string) {
	const known = parsed.get(params);
	if (known) return known;
	const words = params.split(' ').filter(word => word !== '' && word !== '*');
	const fresh = {
		names: words.map(word => word.replace('?', '')),
		needed: words.filter(word => !word.endsWith('?')).length,
		open: params.endsWith('*'),
	};
	parsed.set(params, fresh);
	return fresh;
}

/** Calls it with Python's rules for arguments; `title` is how messages name it. */
export function invoke<Result>(
	callee: Native<Result>,
	title: string,
	host: Host,
	self: Value,
	args: Arguments,
): Result {
	host.budget.step();
	if (typeof self === 'string') host.budget.look(self.length);
	return callee.run(host, self, bind(callee.params, title, args), args);
}

/** Arguments in the order of the parameters; those left out are undefined. What does not fit is a `Problem`. */
export function bind(params: string, title: string, args: Arguments): readonly (Value | undefined)[] {
	const {names, needed, open} = parse(params);
	if (open) return args.positional;
	const list = names.join(', ');
	if (args.positional.length > names.length) {
		const most = names.length === 0 ? 'no arguments' : `at most ${names.length} argument(s): ${list}`;
		throw new Problem(`${title} takes ${most}`);
	}
	const given: (Value | undefined)[] = names.map((_name, index) => args.positional[index]);
	for (const [name, value] of args.named) {
		const index = names.indexOf(name);
		if (index < 0) throw new Problem(`${title} has no argument “${name}”${list === '' ? '' : `; it has ${list}`}`);
		if (given[index] !== undefined) throw new Problem(`${title} is given “${name}” twice`);
		given[index] = value;
	}
	const missing = given.findIndex((value, index) => value === undefined && index < needed);
	if (missing >= 0) throw new Problem(`${title} needs an argument: ${names[missing]}`);
	return given;
}

/** An argument that must be a whole number. */
export function wholeNumber(value: Value | undefined, fallback: number, what: string): number {
	if (value === undefined) return fallback;
	if (value instanceof Undefined) throw value.problem();
	const number = asNumber(value);
	if (number === undefined || isFloat(value))
		throw new Problem(`${what} must be a whole number, not ${article(value)}`);
	return number;
}

/** An argument that must be a text. */
export function textArgument(value: Value | undefined, fallback: string, what: string): string {
	if (value === undefined) return fallback;
	if (value instanceof Undefined) throw value.problem();
	if (typeof value !== 'string') throw new Problem(`${what} must be a text, not ${article(value)}`);
	return value;
}

/** Anything as its text, as most filters on texts take it. */
export const asText = (value: Value, host: Host): string => str(value, host.budget);
