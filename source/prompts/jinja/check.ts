import {closest} from '../../config/closest.js';
import {Names} from './check-names.js';
import {dictMethods, listMethods, numberMethods, sequenceMethods} from './collection-methods.js';
import {filters} from './filters.js';
import {globals} from './globals.js';
import {guardsOf} from './guards.js';
import type {Loader} from './loader.js';
import {didYouMean, parseUnit, unknownFilter, unknownTest} from './machine.js';
import {functionsOfPython, namesOfJinja} from './names-of-python.js';
import {bind} from './native.js';
import {parse} from './parser.js';
import {Problem, type TemplateError, toTemplateError} from './problem.js';
import {stringMethods} from './string-methods.js';
import type {BlockNode, CallArguments, MacroNode, Node} from './syntax-tree.js';
import {tests} from './tests.js';
import {nodesOf} from './walk.js';

/** Something to say about a template before it is rendered, with its place in it (1-based); `mend` is what to write there instead. */
export type TemplateFinding = Omit<TemplateError, 'kind'> & {severity: 'error' | 'warning'; mend?: string};

/** More findings help nobody. */
const mostFindings = 200;

const methods: ReadonlySet<string> = new Set(
	[stringMethods, sequenceMethods, listMethods, dictMethods, numberMethods].flatMap(table => [...table.keys()]),
);

/** Syntax errors, unknown names, filters, tests, methods and files, in the order of the text. */
export function checkSource(source: string, known: ReadonlySet<string>, loader: Loader): TemplateFinding[] {
	const findings: TemplateFinding[] = [];
	try {
		const root = parse(source);
		new Checker(loader, findings, known).unit(root, undefined, new Names(new Names(undefined, globals.keys()), known));
	} catch (thrown) {
		const {kind: _kind, ...error} = toTemplateError(thrown);
		findings.push({severity: 'error', ...error});
	}
	return findings.sort(
		(x, y) => Number(x.file !== undefined) - Number(y.file !== undefined) || x.line - y.line || x.column - y.column,
	);
}

/** Names that every macro has. */
const ofMacros: readonly string[] = ['varargs', 'kwargs', 'caller'];

const seenImport = 'give it to the macro as an argument, or write “with context” at the end of the import';
const seenInclude = 'leave out “without context”';

class Checker {
	private later: (() => void)[] = [];
	private readonly files: string[] = [];
	private readonly units = new Map<string, Node>();
	private file: string | undefined;
	/** Blocks of a parent that a child replaces: their text is never rendered. */
	private replaced = new Set<string>();
	private root = new Names();
	private current: Node | undefined;
	/** What the template that names this file sees, where the file itself does not. */
	private hidden: {names: Names; mend: string} | undefined;

	constructor(
		private readonly loader: Loader,
		private readonly findings: TemplateFinding[],
		private readonly given: ReadonlySet<string>,
	) {}

	/** Checks one file; the bodies of macros and blocks at its end, when all names of the top level are known. */
	unit(root: Node, file: string | undefined, names: Names, replaced = new Set<string>()): void {
		const outside = {
			later: this.later,
			file: this.file,
			replaced: this.replaced,
			root: this.root,
			current: this.current,
		};
		Object.assign(this, {later: [], file, replaced, root: names, current: root});
		this.check(root, names);
		for (let next = this.later.shift(); next; next = this.later.shift()) next();
		Object.assign(this, outside);
	}

	private report(
		at: {lineno: number; colno: number},
		message: string,
		mend?: string,
		severity: 'error' | 'warning' = 'error',
	): void {
		if (this.findings.length >= mostFindings) return;
		this.findings.push({
			severity,
			message,
			line: at.lineno + 1,
			column: at.colno + 1,
			...(this.file === undefined ? {} : {file: this.file}),
			...(mend === undefined ? {} : {mend}),
		});
	}

	private check(node: Node | null, names: Names): void {
		if (!node) return;
		switch (node.typename) {
			case 'Symbol':
				this.name(node, names, false);
				return;
			case 'If': {
				this.check(node.cond, names);
				const {whenTrue, whenFalse} = guardsOf(node.cond);
				names.branch(
					{assume: whenTrue, check: () => this.check(node.body, names)},
					{assume: whenFalse, check: () => this.check(node.else_, names)},
				);
				return;
			}
			case 'InlineIf': {
				this.check(node.cond, names);
				const {whenTrue, whenFalse} = guardsOf(node.cond);
				names.assuming(whenTrue, () => this.check(node.body, names));
				names.assuming(whenFalse, () => this.check(node.else_, names));
				return;
			}
			case 'And':
			case 'Or': {
				this.check(node.left, names);
				const {whenTrue, whenFalse} = guardsOf(node.left);
				names.assuming(node.typename === 'And' ? whenTrue : whenFalse, () => this.check(node.right, names));
				return;
			}
			case 'For': {
				this.check(node.arr, names);
				const inner = new Names(names);
				this.target(node.name, inner);
				this.check(node.test, inner);
				inner.define('loop');
				this.check(node.body, inner);
				this.check(node.else_, names);
				return;
			}
			case 'Set':
				this.check(node.value, names);
				this.check(node.body, names);
				for (const target of node.targets) this.target(target, names);
				return;
			case 'Capture':
				this.check(node.body, new Names(names));
				return;
			case 'With': {
				const inner = new Names(names);
				for (const value of node.values) this.check(value, names);
				for (const target of node.targets) this.target(target, inner);
				this.check(node.body, inner);
				return;
			}
			case 'Macro':
				names.define(node.name.value);
				this.later.push(() => this.macro(node, names));
				return;
			case 'Caller':
				this.macro(node, names);
				return;
			case 'Block':
				this.block(node, names);
				return;
			case 'Filter':
				this.filter(node, names);
				return;
			case 'Is':
				if (!tests.has(node.right.name)) {
					this.report(node, unknownTest(node.right.name), closest(node.right.name, tests.keys()));
				} else this.fits(node, tests.get(node.right.name)?.params, `“is ${node.right.name}”`, node.right.args, 0);
				if (!/^(un)?defined$/.test(node.right.name) || node.left.typename !== 'Symbol') this.check(node.left, names);
				this.callArguments(node.right.args, names);
				return;
			case 'FunCall':
				if (node.name.typename === 'Symbol') this.name(node.name, names, true);
				else {
					this.check(node.name, names);
					this.method(node.name);
				}
				this.callArguments(node.args, names);
				return;
			case 'LookupVal':
				this.check(node.target, names);
				this.check(node.val, names);
				return;
			case 'Include':
			case 'Import':
			case 'FromImport':
			case 'Extends':
				this.otherFile(node, names);
				return;
			default:
				this.parts(node, names);
		}
	}

	/** All nodes right below one that needs no care of its own. */
	private parts(node: Node, names: Names): void {
		for (const part of Object.values(node)) {
			for (const entry of Array.isArray(part) ? part : [part]) {
				if (typeof entry !== 'object' || entry === null) continue;
				if ('typename' in entry && 'lineno' in entry) this.check(entry as Node, names);
				else if ('expr' in entry) this.check(entry.expr as Node, names);
			}
		}
	}

	private name(node: Node & {typename: 'Symbol'}, names: Names, called: boolean): void {
		if (this.findings.length >= mostFindings) return;
		const certainty = names.get(node.value);
		if (certainty === 'sure' || certainty === 'guarded') return;
		if (certainty === 'maybe') {
			this.report(
				node,
				`“${node.value}” has a value only on some ways through the template: set it before the {% if %} as well`,
				undefined,
				'warning',
			);
			return;
		}
		if (this.hidden?.names.get(node.value)) {
			const {mend} = this.hidden;
			this.report(node, `there is no variable “${node.value}” in this file, only in the one that names it: ${mend}`);
			return;
		}
		const instead = namesOfJinja.get(node.value);
		if (instead !== undefined) {
			this.report(node, instead);
			return;
		}
		const python = called ? functionsOfPython.get(node.value) : undefined;
		if (python !== undefined) {
			this.report(node, `there is no function “${node.value}”; Jinja2 has ${python}`);
			return;
		}
		const near = closest(node.value, names.visible());
		const what = called ? 'function' : 'variable';
		this.report(
			node,
			`there is no ${what} “${node.value}”${near ? didYouMean(near) : this.listed(names, called)}`,
			near,
		);
	}

	private listed(visible: Names, called: boolean): string {
		if (called) return '';
		const names = [...visible.visible()].filter(name => !globals.has(name) && !ofMacros.includes(name)).sort();
		const shown = names.slice(0, 12).join(', ');
		return names.length === 0 ? '' : `; there are ${shown}${names.length > 12 ? ` and ${names.length - 12} more` : ''}`;
	}

	private target(node: Node, names: Names): void {
		if (node.typename === 'Symbol') names.define(node.value);
		else if (node.typename === 'Tuple') for (const part of node.children) this.target(part, names);
		else if (node.typename === 'LookupVal') this.check(node.target, names);
	}

	private macro(node: MacroNode, names: Names): void {
		const inner = new Names(names, ofMacros);
		for (const parameter of node.args.children) this.target(parameter, inner);
		for (const {key, value} of node.args.named) {
			this.check(value, inner);
			this.target(key, inner);
		}
		this.check(node.body, inner);
	}

	private block(node: BlockNode, names: Names): void {
		if (this.replaced.has(node.name.value)) return;
		const outer = node.scoped ? names : this.root;
		this.later.push(() => this.check(node.body, new Names(outer, ['super'])));
	}

	private filter(node: Node & {typename: 'Filter'}, names: Names): void {
		const name = node.name.value;
		const filter = filters.get(name);
		if (filter) this.fits(node, filter.params, name, node.args, 1);
		else this.report(node.name, unknownFilter(name), closest(name, filters.keys()));
		const [input, ...rest] = node.args.children;
		if (!((name === 'default' || name === 'd') && input?.typename === 'Symbol')) this.check(input ?? null, names);
		this.callArguments({...node.args, children: rest}, names);
		const [first, second] = rest;
		if (name === 'map') this.named(first, filters, unknownFilter);
		if (name === 'select' || name === 'reject') this.named(first, tests, unknownTest);
		if (name === 'selectattr' || name === 'rejectattr') this.named(second, tests, unknownTest);
	}

	/** A filter or test that is named in a text: `map('upper')`. */
	private named(node: Node | undefined, table: ReadonlyMap<string, unknown>, message: (name: string) => string): void {
		if (node?.typename === 'Literal' && typeof node.value === 'string' && !table.has(node.value)) {
			this.report(node, message(node.value));
		}
	}

	/** Whether the arguments fit in number and name. */
	private fits(at: Node, params: string | undefined, title: string, args: CallArguments, skip: number): void {
		if (params === undefined || args.rest || args.more) return;
		const named = args.named.map(({key}) => [key.typename === 'Symbol' ? key.value : '', null] as const);
		try {
			bind(params, title, {positional: args.children.slice(skip).map(() => null), named: new Map(named)});
		} catch (error) {
			if (!(error instanceof Problem)) throw error;
			this.report(at, error.message);
		}
	}

	private callArguments(args: CallArguments, names: Names): void {
		for (const part of args.children) this.check(part, names);
		for (const {value} of args.named) this.check(value, names);
		this.check(args.rest, names);
		this.check(args.more, names);
	}

	/** A method called on a variable of the job: that is data, so it can only be a known one. */
	private method(node: Node): void {
		if (node.typename !== 'LookupVal' || node.val.typename !== 'Literal' || !node.dotted) return;
		const name = String(node.val.value);
		let start = node.target;
		while (start.typename === 'LookupVal') start = start.target;
		if (start.typename !== 'Symbol' || !this.given.has(start.value) || methods.has(name)) return;
		const near = closest(name, methods);
		this.report(node, `there is no method ${name}()${near ? `; did you mean ${near}()?` : ''}`, near);
	}

	private otherFile(node: Node & {typename: 'Include' | 'Import' | 'FromImport' | 'Extends'}, names: Names): void {
		this.check(node.template, names);
		const optional = node.typename === 'Include' && node.ignoreMissing;
		const found = this.namedFile(node.template, optional);
		const withContext = node.typename === 'Extends' || node.withContext === true;
		const base = new Names(undefined, globals.keys());
		const inner = new Names(withContext ? names : base);
		const outside = this.hidden;
		if (found && !this.files.includes(found.file)) {
			const replaced = node.typename === 'Extends' ? this.blockNames() : new Set<string>();
			const check = () => {
				this.files.push(found.file);
				if (!withContext) this.hidden = {names, mend: node.typename === 'Include' ? seenInclude : seenImport};
				this.unit(found.root, found.file, node.typename === 'Extends' ? names : inner, replaced);
				this.files.pop();
				this.hidden = outside;
			};
			if (node.typename === 'Extends') this.later.push(check);
			else check();
		}
		if (node.typename === 'Import') this.target(node.target, names);
		if (node.typename !== 'FromImport') return;
		const offered = inner.defined();
		for (const part of node.names.children) {
			const [name, alias] = part.typename === 'Pair' ? [part.key, part.value] : [part, part];
			this.target(alias, names);
			if (found && name.typename === 'Symbol' && !offered.includes(name.value)) {
				this.report(
					name,
					`“${found.file}” has nothing named “${name.value}”${didYouMean(closest(name.value, offered))}`,
					closest(name.value, offered),
				);
			}
		}
	}

	/** The file that a literal name, or the first of a list of them that is there, stands for. */
	private namedFile(node: Node, optional: boolean): {root: Node; file: string} | undefined {
		if (node.typename === 'Literal') return typeof node.value === 'string' ? this.read(node, optional) : undefined;
		if (node.typename !== 'Array' && node.typename !== 'Tuple') return undefined;
		for (const part of node.children) {
			if (part.typename !== 'Literal' || typeof part.value !== 'string') return undefined;
			const found = this.read(part, true);
			if (found) return found;
		}
		if (!optional) this.report(node, 'none of these files is in the template’s folder');
		return undefined;
	}

	private blockNames(): Set<string> {
		const blocks = this.current ? [...nodesOf(this.current)].filter(node => node.typename === 'Block') : [];
		return new Set([...this.replaced, ...blocks.map(block => block.name.value)]);
	}

	private read(node: Node & {typename: string}, optional: boolean): {root: Node; file: string} | undefined {
		const name = node.typename === 'Literal' && 'value' in node ? String(node.value) : '';
		try {
			const known = this.units.get(name);
			if (known) return {root: known, file: name};
			const source = this.loader(name);
			if (source !== undefined) {
				const root = parseUnit(source, name);
				this.units.set(name, root);
				return {root, file: name};
			}
			if (!optional) this.report(node, `there is no file “${name}” in the template’s folder`);
		} catch (thrown) {
			if (!(thrown instanceof Problem)) throw thrown;
			if (thrown.place?.file === undefined) this.report(node, thrown.message);
			else {
				const {kind: _kind, ...error} = toTemplateError(thrown);
				this.findings.push({severity: 'error', ...error});
			}
		}
		return undefined;
	}
}
