import {closest} from '../../config/closest.js';
import {methodTables} from './collection-methods.js';
import {filters} from './filters.js';
import {didYouMean, type Machine} from './machine.js';
import {lookupAttribute, lookupItem, slice} from './members.js';
import {invoke, type Native} from './native.js';
import {type BinaryName, compute, concat, contains, demand, equal, iterate, negate, order, truth} from './operators.js';
import {Problem} from './problem.js';
import {Scope} from './scope.js';
import {stringMethods} from './string-methods.js';
import {type CallArguments, type Node, written} from './syntax-tree.js';
import {type Arguments, article, asNumber, Callable, Dict, Namespace, tuple, Undefined, type Value} from './values.js';

/** What renders the bodies that expressions can hold: `{% call %}` and captured blocks. */
export type Bodies = {
	capture(body: Node, scope: Scope): string;
	macro(node: Node & {typename: 'Macro' | 'Caller'}, scope: Scope): Callable;
};

/** The value of an expression. Missing names are values too (`Undefined`) until something uses them. */
export function evaluate(node: Node, scope: Scope, machine: Machine, bodies: Bodies): Value {
	machine.budget.step();
	try {
		const value = expressionValue(node, scope, machine, bodies);
		if (value instanceof Undefined) value.place ??= {lineno: node.lineno, colno: node.colno, file: scope.file};
		return value;
	} catch (error) {
		if (error instanceof Problem) error.place ??= {lineno: node.lineno, colno: node.colno, file: scope.file};
		throw error;
	}
}

function expressionValue(node: Node, scope: Scope, machine: Machine, bodies: Bodies): Value {
	const {budget, host} = machine;
	const inner = (part: Node) => evaluate(part, scope, machine, bodies);
	switch (node.typename) {
		case 'Literal':
			return node.value;
		case 'TemplateData':
			return node.value;
		case 'Symbol':
			machine.trial?.reads(node.value);
			return scope.get(node.value) ?? (known(node.value, scope) ? null : missingName(node.value, scope));
		case 'Array':
			return node.children.map(inner);
		case 'Tuple':
			return tuple(...node.children.map(inner));
		case 'Dict':
			return new Dict(node.children.map(pair => [inner(pair.key), inner(pair.value)]));
		case 'LookupVal':
			return placedAt(member(inner(node.target), inner(node.val), node, machine), node, scope);
		case 'Slice': {
			const bound = (part: Node | null) => (part ? inner(part) : null);
			return slice(inner(node.target), bound(node.start), bound(node.stop), bound(node.step), budget);
		}
		case 'FunCall':
			return call(node.name, node.args, scope, machine, bodies);
		case 'Filter': {
			const [value = null, ...positional] = node.args.children.map(inner);
			const args = argumentsOf({...node.args, children: []}, scope, machine, bodies);
			return host.filter(node.name.value, value, {...args, positional: [...positional, ...args.positional]});
		}
		case 'Is':
			return host.test(node.right.name, inner(node.left), argumentsOf(node.right.args, scope, machine, bodies));
		case 'InlineIf':
			if (truth(inner(node.cond))) return inner(node.body);
			return node.else_
				? inner(node.else_)
				: new Undefined('this “if” has no “else”, and its condition is false', true);
		case 'And': {
			const left = inner(node.left);
			return truth(left) ? inner(node.right) : left;
		}
		case 'Or': {
			const left = inner(node.left);
			return truth(left) ? left : inner(node.right);
		}
		case 'Not':
			return !truth(inner(node.target));
		case 'Neg':
			return negate(inner(node.target));
		case 'Pos': {
			const value = inner(node.target);
			demand(value);
			if (asNumber(value) === undefined) throw new Problem(`+ does not work before ${article(value)}`);
			return typeof value === 'boolean' ? Number(value) : value;
		}
		case 'Concat':
			return concat(inner(node.left), inner(node.right), budget);
		case 'Add':
		case 'Sub':
		case 'Mul':
		case 'Div':
		case 'FloorDiv':
		case 'Mod':
		case 'Pow':
			return compute(node.typename satisfies BinaryName, inner(node.left), inner(node.right), budget);
		case 'Compare':
			return compareAll(node, inner, machine);
		case 'Caller':
		case 'Macro':
			return bodies.macro(node, scope);
		case 'Capture':
			return bodies.capture(node.body, new Scope(scope, scope.file));
		default:
			throw new Problem('this cannot stand where a value is expected');
	}
}

const known = (name: string, scope: Scope): boolean => scope.get(name) !== undefined;

function missingName(name: string, scope: Scope): Undefined {
	return new Undefined(() => {
		const near = closest(name, scope.visible());
		return new Problem(`there is no variable “${name}”${didYouMean(near)}`, undefined, near);
	});
}

function compareAll(node: Node & {typename: 'Compare'}, inner: (part: Node) => Value, {budget}: Machine): boolean {
	let left = inner(node.expr);
	for (const {expr, type} of node.ops) {
		const right = inner(expr);
		if (!compareOne(left, type, right)) return false;
		left = right;
	}
	return true;

	function compareOne(x: Value, type: string, y: Value): boolean {
		switch (type) {
			case '==':
				return equal(x, y, budget);
			case '!=':
				return !equal(x, y, budget);
			case '<':
				return order(x, y, budget) < 0;
			case '>':
				return order(x, y, budget) > 0;
			case '<=':
				return order(x, y, budget) <= 0;
			case '>=':
				return order(x, y, budget) >= 0;
			case 'in':
				return contains(y, x, budget);
			default:
				return !contains(y, x, budget);
		}
	}
}

/** A method of the value's own kind, or undefined: the guard, for nothing else of a value can be called. */
function methodOf(value: Value, name: string): Native | undefined {
	if (typeof value === 'string') return stringMethods.get(name);
	return methodTables(value)
		.map(table => table.get(name))
		.find(method => method !== undefined);
}

function member(target: Value, key: Value, node: Node & {typename: 'LookupVal'}, machine: Machine): Value {
	const {budget, host} = machine;
	const found = node.dotted
		? lookupAttribute(target, String(key), budget, written(node.target))
		: lookupItem(target, key, budget, written(node.target));
	if (!(found instanceof Undefined) || typeof key !== 'string') return found;
	const method = methodOf(target, key);
	if (method) return new Callable(key, args => invoke(method, `${key}()`, host, target, args));
	return target instanceof Dict || target instanceof Namespace ? found : noAttribute(target, key, written(node.target));
}

/** A missing entry stands where its name is written: in `cfg['nam']` that is within the brackets. */
function placedAt(found: Value, {dotted, val}: Node & {typename: 'LookupVal'}, {file}: Scope): Value {
	if (found instanceof Undefined && !dotted && val.typename === 'Literal' && typeof val.value === 'string')
		found.place ??= {lineno: val.lineno, colno: val.colno, file};
	return found;
}

/** A missing attribute of a value that has methods only, with the method or filter that was probably meant. */
function noAttribute(target: Value, key: string, written: string): Undefined {
	return new Undefined(() => {
		const near = closest(key, methodsOf(target));
		const filter = near === undefined ? closest(key, filters.keys()) : undefined;
		const meant = near ? `; did you mean ${near}()?` : filter ? `; there is a filter: | ${filter}` : '';
		const what = written === '' ? article(target) : `${written} (${article(target)})`;
		return new Problem(`${what} has no attribute “${key}”${meant}`, undefined, near);
	});
}

const methodsOf = (value: Value): string[] =>
	(typeof value === 'string' ? [stringMethods] : methodTables(value)).flatMap(table => [...table.keys()]);

function call(callee: Node, given: CallArguments, scope: Scope, machine: Machine, bodies: Bodies): Value {
	if (callee.typename === 'LookupVal') {
		const target = evaluate(callee.target, scope, machine, bodies);
		const key = evaluate(callee.val, scope, machine, bodies);
		demand(target);
		const method = typeof key === 'string' ? methodOf(target, key) : undefined;
		if (method) {
			const args = argumentsOf(given, scope, machine, bodies);
			return invoke(method, `${String(key)}()`, machine.host, target, args);
		}
		return apply(member(target, key, callee, machine), callee, given, scope, machine, bodies);
	}
	return apply(evaluate(callee, scope, machine, bodies), callee, given, scope, machine, bodies);
}

function apply(
	value: Value,
	callee: Node,
	given: CallArguments,
	scope: Scope,
	machine: Machine,
	bodies: Bodies,
): Value {
	if (value instanceof Undefined) value.place ??= {lineno: callee.lineno, colno: callee.colno, file: scope.file};
	demand(value);
	if (!(value instanceof Callable)) {
		const name = written(callee);
		throw new Problem(`${name === '' ? 'this' : name} is ${article(value)}, not a function`);
	}
	return value.call(argumentsOf(given, scope, machine, bodies));
}

/** The arguments of a call, with `*list` and `**dict` spread. */
export function argumentsOf(given: CallArguments, scope: Scope, machine: Machine, bodies: Bodies): Arguments {
	const inner = (part: Node) => evaluate(part, scope, machine, bodies);
	const positional = given.children.map(inner);
	if (given.rest) positional.push(...iterate(inner(given.rest), machine.budget).slice(0, 10_000));
	const named = new Map<string, Value>();
	for (const {key, value} of given.named) if (key.typename === 'Symbol') named.set(key.value, inner(value));
	if (given.more) {
		const more = inner(given.more);
		demand(more);
		if (!(more instanceof Dict)) throw new Problem(`** needs a dict, not ${article(more)}`);
		for (const [key, value] of more.items()) {
			if (typeof key !== 'string') throw new Problem('the keys after ** must be texts');
			named.set(key, value);
		}
	}
	return {positional, named};
}
