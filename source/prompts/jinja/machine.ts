import {closest} from '../../config/closest.js';
import {Budget} from './budget.js';
import {filters} from './filters.js';
import {globals} from './globals.js';
import type {Loader} from './loader.js';
import {type Host, invoke} from './native.js';
import {parse} from './parser.js';
import {Problem} from './problem.js';
import {Scope} from './scope.js';
import type {BlockNode, Node} from './syntax-tree.js';
import {tests} from './tests.js';
import type {Trial} from './trial.js';
import {Callable} from './values.js';

/** A template that was read: the main one has no `file`. */
export type Unit = {root: Node; file: string | undefined};

/** One run through a template and those it extends: its blocks by name, the youngest first, and the parent met last. */
export type Run = {
	root: Scope;
	blocks: Map<string, {node: BlockNode; file: string | undefined}[]>;
	parent: Unit | undefined;
};

/** What one rendering shares: its budget, its filters and tests, its functions, and the files it may read. */
export type Machine = {
	budget: Budget;
	host: Host;
	/** The scope with nothing but the functions every template has. */
	base: Scope;
	load(name: string): Unit | undefined;
	/** Set where problems are gathered and not the text. */
	trial?: Trial | undefined;
};

/** A machine for one rendering; `units` keeps what was read, so that all batches see the same files. */
export function createMachine(loader: Loader, units: Map<string, Unit>, trial?: Trial): Machine {
	const budget = new Budget();
	const base = new Scope(undefined, undefined);
	const host: Host = {
		budget,
		filter: (name, value, args) => {
			const filter = filters.get(name);
			if (!filter) throw new Problem(unknownFilter(name));
			return invoke(filter, name, host, value, args);
		},
		test: (name, value, args) => {
			const test = tests.get(name);
			if (!test) throw new Problem(unknownTest(name));
			return invoke(test, `“is ${name}”`, host, value, args);
		},
	};
	for (const [name, native] of globals) {
		base.set(name, new Callable(name, args => invoke(native, `${name}()`, host, null, args)));
	}
	const load = (name: string): Unit | undefined => {
		const known = units.get(name);
		if (known) return known;
		const source = loader(name);
		if (source === undefined) return undefined;
		const unit = {root: parseUnit(source, name), file: name};
		units.set(name, unit);
		return unit;
	};
	return {budget, host, base, load, trial};
}

/** Reads an included file; its errors carry its name. */
export function parseUnit(source: string, file: string): Node {
	try {
		return parse(source);
	} catch (error) {
		if (error instanceof Problem) error.place = {lineno: 0, colno: 0, ...error.place, file};
		throw error;
	}
}

/** “There is no filter …”, with the one that was probably meant. */
export function unknownFilter(name: string): string {
	if (name === 'random') return 'there is no filter “random”: a prompt must be the same each time it is rendered';
	return `there is no filter “${name}”${didYouMean(closest(name, filters.keys()))}`;
}

export function unknownTest(name: string): string {
	return `there is no test “is ${name}”${didYouMean(closest(name, tests.keys()))}`;
}

export const didYouMean = (near: string | undefined): string => (near === undefined ? '' : `; did you mean “${near}”?`);
