import nunjucks from 'nunjucks/src/nodes.js';
import type {Value} from './values.js';

type At = {lineno: number; colno: number};
type Sides = {left: Node; right: Node};

/** The syntax tree: nunjucks' nodes, as far as they are used, and four of our own (`Slice`, `Tuple`, `With`, `Do`). */
export type Node = At &
	(
		| {typename: 'Root' | 'NodeList'; children: Node[]}
		| {typename: 'Output'; children: Node[]}
		| {typename: 'TemplateData'; value: string}
		| {typename: 'Literal'; value: Value}
		| {typename: 'Symbol'; value: string}
		| {typename: 'Array' | 'Tuple'; children: Node[]}
		| {typename: 'Dict'; children: Pair[]}
		| {typename: 'LookupVal'; target: Node; val: Node; dotted?: boolean}
		| {typename: 'Slice'; target: Node; start: Node | null; stop: Node | null; step: Node | null}
		| {typename: 'FunCall'; name: Node; args: CallArguments}
		| {typename: 'Filter'; name: SymbolNode; args: CallArguments}
		| {typename: 'Is'; left: Node; right: {name: string; args: CallArguments}}
		| {typename: 'InlineIf'; cond: Node; body: Node; else_: Node | null}
		| {typename: 'Compare'; expr: Node; ops: (At & {expr: Node; type: string})[]}
		| {typename: 'Not' | 'Neg' | 'Pos'; target: Node}
		| ({typename: 'And' | 'Or' | 'Concat' | 'Add' | 'Sub' | 'Mul' | 'Div' | 'FloorDiv' | 'Mod' | 'Pow'} & Sides)
		| {typename: 'If'; cond: Node; body: Node; else_: Node | null}
		| ForNode
		| {typename: 'Set'; targets: Node[]; value: Node | null; body: Node | null}
		| {typename: 'With'; targets: Node[]; values: Node[]; body: Node}
		| {typename: 'Do'; target: Node}
		| MacroNode
		| {typename: 'Capture'; body: Node}
		| BlockNode
		| {typename: 'Extends'; template: Node}
		| {typename: 'Include'; template: Node; ignoreMissing: boolean; withContext: boolean}
		| {typename: 'Import'; template: Node; target: Node; withContext: boolean | null}
		| {typename: 'FromImport'; template: Node; names: {children: Node[]}; withContext: boolean | null}
		| Pair
	);

export type Pair = At & {typename: 'Pair'; key: Node; value: Node};
export type SymbolNode = At & {typename: 'Symbol'; value: string};
export type ForNode = At & {typename: 'For'; arr: Node; name: Node; body: Node; else_: Node | null; test: Node | null};
export type BlockNode = At & {typename: 'Block'; name: SymbolNode; body: Node; scoped: boolean};
export type MacroNode = At & {typename: 'Macro' | 'Caller'; name: SymbolNode; args: CallArguments; body: Node};

/** Arguments of a call, or parameters with defaults of a macro: named ones in `named`; `*list` and `**dict` in `rest` and `more`. */
export type CallArguments = {
	typename: 'NodeList';
	children: Node[];
	named: Pair[];
	rest: Node | null;
	more: Node | null;
};

type Maker = {
	new (lineno: number, colno: number, ...fields: unknown[]): Node;
	extend(name: string, props: object): Maker;
};

const known = nunjucks as Record<string, Maker>;

function ownNode(name: string, fields: string[]): Maker {
	const base = known.Node;
	if (!base) throw new Error('nunjucks has no nodes');
	return base.extend(name, {fields});
}

const own: Record<string, Maker> = {
	Tuple: ownNode('Tuple', ['children']),
	Slice: ownNode('Slice', ['target', 'start', 'stop', 'step']),
	With: ownNode('With', ['targets', 'values', 'body']),
	Do: ownNode('Do', ['target']),
};

/** A syntax node of that name at that place, its fields in nunjucks' order. */
export function make(name: Node['typename'], at: At, ...fields: unknown[]): Node {
	const maker = own[name] ?? known[name];
	if (!maker) throw new Error(`nunjucks has no node named ${name}`);
	return new maker(at.lineno, at.colno, ...fields);
}

/** How an expression of names and points was written: `job.author`; empty for anything longer. */
export function written(node: Node): string {
	if (node.typename === 'Symbol') return node.value;
	if (node.typename === 'LookupVal' && node.dotted && node.val.typename === 'Literal') {
		const target = written(node.target);
		return target === '' ? '' : `${target}.${String(node.val.value)}`;
	}
	return '';
}
