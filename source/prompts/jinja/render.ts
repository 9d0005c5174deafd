import {type Budget, deepest, longestText} from './budget.js';
import {type Bodies, evaluate} from './evaluate.js';
import {Loop} from './loop.js';
import type {Machine, Run, Unit} from './machine.js';
import {iterate, truth} from './operators.js';
import {Exhausted, Problem} from './problem.js';
import {str} from './python-text.js';
import {Scope} from './scope.js';
import type {BlockNode, ForNode, MacroNode, Node} from './syntax-tree.js';
import {type Arguments, article, Callable, Dict, fill, Namespace, Tuple, Undefined, type Value} from './values.js';
import {mentions, nodesOf} from './walk.js';

/** The text that a body makes. After `extends` the rest of a template makes none. */
class Output {
	text = '';
	muted = false;

	constructor(private readonly budget: Budget) {}

	add(text: string): void {
		if (this.muted) return;
		this.budget.text(text.length);
		this.text += text;
		if (this.text.length > longestText) throw new Problem(`the prompt gets too long: over ${longestText} characters`);
	}
}

/** Renders a template and, when it extends another, that one with its blocks. */
export function renderUnit(unit: Unit, scope: Scope, machine: Machine): string {
	const run: Run = {root: scope, blocks: new Map(), parent: undefined};
	const out = new Output(machine.budget);
	let levels = 0;
	return machine.budget.nested(unit.file ?? 'the template', () => {
		for (let current: Unit | undefined = unit; current; current = run.parent) {
			levels += 1;
			if (levels > deepest) throw new Exhausted(`${current.file ?? 'the template'} extends itself without end`);
			run.parent = undefined;
			out.muted = false;
			for (const node of nodesOf(current.root)) {
				if (node.typename !== 'Block') continue;
				const chain = run.blocks.get(node.name.value) ?? [];
				run.blocks.set(node.name.value, [...chain, {node, file: current.file}]);
			}
			new Body(machine, run).render(current.root, scope.seenFrom(current.file), out);
		}
		return out.text;
	});
}

class Body implements Bodies {
	constructor(
		private readonly machine: Machine,
		private readonly run: Run,
	) {}

	private value(node: Node, scope: Scope): Value {
		return evaluate(node, scope, this.machine, this);
	}

	capture(body: Node, scope: Scope): string {
		const {trial} = this.machine;
		return trial ? trial.captured(() => this.text(body, scope)) : this.text(body, scope);
	}

	private text(body: Node, scope: Scope): string {
		const out = new Output(this.machine.budget);
		this.render(body, scope, out);
		return out.text;
	}

	/** Renders one statement; a problem without a place gets this one. */
	render(node: Node, scope: Scope, out: Output): void {
		this.machine.budget.step();
		try {
			this.statement(node, scope, out);
		} catch (error) {
			if (!(error instanceof Problem)) throw error;
			error.place ??= {lineno: node.lineno, colno: node.colno, file: scope.file};
			if (!this.machine.trial?.passes(error, node)) throw error;
		}
	}

	private statement(node: Node, scope: Scope, out: Output): void {
		switch (node.typename) {
			case 'Root':
			case 'NodeList':
				for (const child of node.children) this.render(child, scope, out);
				return;
			case 'Output':
				for (const child of node.children) this.output(child, scope, out);
				return;
			case 'If':
				if (truth(this.value(node.cond, scope))) this.render(node.body, scope, out);
				else if (node.else_) this.render(node.else_, scope, out);
				return;
			case 'For':
				this.loop(node, scope, out);
				return;
			case 'Set': {
				const value = node.value ? this.value(node.value, scope) : node.body ? this.value(node.body, scope) : null;
				for (const target of node.targets) this.assign(target, value, scope);
				return;
			}
			case 'With': {
				const inner = new Scope(scope, scope.file);
				const values = node.values.map(value => this.value(value, scope));
				for (const [index, target] of node.targets.entries()) this.assign(target, values[index] ?? null, inner);
				this.render(node.body, inner, out);
				return;
			}
			case 'Do':
				this.value(node.target, scope);
				return;
			case 'Macro':
				scope.set(node.name.value, this.macro(node, scope));
				return;
			case 'Block':
				if (!this.run.parent) out.add(this.block(node.name.value, 0, node.scoped ? scope : this.run.root));
				return;
			case 'Extends': {
				this.run.parent = this.load(node.template, scope, false);
				out.muted = true;
				return;
			}
			case 'Include': {
				const unit = this.load(node.template, scope, node.ignoreMissing);
				if (!unit) return;
				out.add(renderUnit(unit, new Scope(node.withContext ? scope : this.machine.base, unit.file), this.machine));
				return;
			}
			case 'Import':
				if (node.target.typename !== 'Symbol') throw new Problem('a name is expected after “as”');
				scope.set(node.target.value, this.module(node.template, node.withContext === true, scope).value);
				return;
			case 'FromImport': {
				const {value, file} = this.module(node.template, node.withContext === true, scope);
				for (const part of node.names.children) {
					const [name, alias] = part.typename === 'Pair' ? [part.key, part.value] : [part, part];
					if (name.typename !== 'Symbol' || alias.typename !== 'Symbol')
						throw new Problem('a name is expected after “import”');
					scope.set(alias.value, value.get(name.value) ?? new Undefined(`“${file}” has nothing named “${name.value}”`));
				}
				return;
			}
			default:
				this.value(node, scope);
		}
	}

	private output(node: Node, scope: Scope, out: Output): void {
		try {
			out.add(node.typename === 'TemplateData' ? node.value : str(this.value(node, scope), this.machine.budget));
		} catch (error) {
			if (!(error instanceof Problem)) throw error;
			error.place ??= {lineno: node.lineno, colno: node.colno, file: scope.file};
			if (!this.machine.trial?.passes(error, node)) throw error;
		}
	}

	private loop(node: ForNode, scope: Scope, out: Output): void {
		let entries: readonly Value[] = [...iterate(this.value(node.arr, scope), this.machine.budget)];
		const {test} = node;
		if (test) {
			entries = entries.filter(entry => {
				const inner = new Scope(scope, scope.file);
				this.assign(node.name, entry, inner);
				return truth(this.value(test, inner));
			});
		}
		if (entries.length === 0 && node.else_) this.render(node.else_, scope, out);
		const loop = new Loop(entries, this.machine.budget);
		for (const [index, entry] of entries.entries()) {
			loop.at = index;
			const inner = new Scope(scope, scope.file);
			inner.set('loop', loop.value);
			this.assign(node.name, entry, inner);
			this.render(node.body, inner, out);
		}
	}

	private assign(target: Node, value: Value, scope: Scope): void {
		switch (target.typename) {
			case 'Symbol':
				scope.set(target.value, value);
				return;
			case 'Tuple': {
				const parts = iterate(value, this.machine.budget);
				if (parts.length !== target.children.length) {
					throw new Problem(`${target.children.length} names are given ${parts.length} value(s)`);
				}
				for (const [index, part] of target.children.entries()) this.assign(part, parts[index] ?? null, scope);
				return;
			}
			case 'LookupVal': {
				const owner = this.value(target.target, scope);
				const name = target.val.typename === 'Literal' ? String(target.val.value) : '';
				if (owner instanceof Undefined) throw owner.problem();
				if (!(owner instanceof Namespace) || !owner.set) {
					throw new Problem(`only a namespace() has attributes that can be set, not ${article(owner)}`);
				}
				owner.set(name, value);
				return;
			}
			default:
				throw new Problem('only names can be given a value');
		}
	}

	macro(node: MacroNode, scope: Scope): Callable {
		const name = node.name.value;
		const title = `macro ${name}`;
		const needed = node.args.children.map(part => (part.typename === 'Symbol' ? part.value : ''));
		const optional = new Map(
			node.args.named.map(({key, value}) => [key.typename === 'Symbol' ? key.value : '', value]),
		);
		const names = [...needed, ...optional.keys()];
		const takesRest = mentions(node.body, 'varargs');
		const takesNamed = mentions(node.body, 'kwargs');
		return new Callable(name, ({positional, named}: Arguments) =>
			this.machine.budget.nested(title, () => {
				const inner = new Scope(scope, scope.file);
				if (positional.length > names.length && !takesRest) {
					throw new Problem(`${title} takes at most ${names.length} argument(s)`);
				}
				const rest = new Map(named);
				for (const [index, parameter] of names.entries()) {
					const given = positional[index] ?? rest.get(parameter);
					rest.delete(parameter);
					const fallback = optional.get(parameter);
					if (given !== undefined) inner.set(parameter, given);
					else if (fallback) inner.set(parameter, this.value(fallback, inner));
					else inner.set(parameter, new Undefined(`${title} was called without “${parameter}”`));
				}
				if (!rest.has('caller') && !names.includes('caller')) {
					inner.set('caller', new Undefined(`caller() is only there when ${title} is used by {% call %}`));
				} else if (rest.has('caller')) inner.set('caller', rest.get('caller') ?? null);
				rest.delete('caller');
				const [unknown] = rest.keys();
				if (unknown !== undefined && !takesNamed) throw new Problem(`${title} has no argument “${unknown}”`);
				if (takesRest) inner.set('varargs', fill(new Tuple(), positional.slice(names.length)));
				if (takesNamed) inner.set('kwargs', new Dict(rest));
				return this.capture(node.body, inner);
			}),
		);
	}

	private block(name: string, level: number, scope: Scope): string {
		const found = this.run.blocks.get(name)?.[level];
		if (!found) throw new Problem(`block ${name} has no super()`);
		return this.machine.budget.nested(`block ${name}`, () => {
			const inner = new Scope(scope, found.file);
			inner.set('super', new Callable('super', () => this.block(name, level + 1, scope)));
			return this.text((found.node satisfies BlockNode).body, inner);
		});
	}

	private load(template: Node, scope: Scope, optional: boolean): Unit | undefined {
		const value = this.value(template, scope);
		const names = Array.isArray(value) ? value : [value];
		for (const name of names) {
			if (name instanceof Undefined) throw name.problem();
			if (typeof name !== 'string') throw new Problem(`a file’s name is expected here, not ${article(name)}`);
			const unit = this.machine.load(name);
			if (unit) return unit;
		}
		if (optional) return undefined;
		throw new Problem(`there is no file “${names.join('”, “')}” in the template’s folder`);
	}

	private module(template: Node, withContext: boolean, scope: Scope): {value: Namespace; file: string} {
		const unit = this.load(template, scope, false);
		if (!unit) throw new Problem('there is no such file');
		const inner = new Scope(withContext ? scope : this.machine.base, unit.file);
		renderUnit(unit, inner, this.machine);
		return {value: new Namespace('module', name => inner.own(name)), file: unit.file ?? ''};
	}
}
