import type {TemplateFinding} from './check.js';
import {Exhausted, Problem, toTemplateError} from './problem.js';
import type {Node} from './syntax-tree.js';
import {nodesOf} from './walk.js';

/** More findings help nobody, and each that is met costs time. */
const mostFindings = 50;
const mostMet = 5_000;

/** Thrown where a value is read that nobody knows before the run. */
class Unsure extends Problem {}

/** Methods that change the value they are called on. */
const changing = new Set([
	'append',
	'extend',
	'insert',
	'remove',
	'pop',
	'clear',
	'update',
	'setdefault',
	'reverse',
	'sort',
	'next',
	'reset',
]);

/**
 * A rendering for its problems alone: what fails is written down and left out, and the rest goes on, so that one look
 * tells everything. What is found does not hang on a name of `unsure`: a statement that reads one is left out too, and
 * names that it would have set are unsure from there on.
 */
export class Trial {
	private readonly unsure: Set<string>;
	private readonly found = new Map<string, TemplateFinding>();
	private met = 0;
	private captures = 0;
	private over = false;

	constructor(unsure: ReadonlySet<string>) {
		this.unsure = new Set(unsure);
	}

	/** The problems met, each place once. */
	get findings(): TemplateFinding[] {
		return [...this.found.values()];
	}

	/** Call before a variable is read. */
	reads(name: string): void {
		if (this.unsure.has(name)) throw new Unsure(`“${name}” is not known before the run`);
	}

	/** Runs what makes a text that is not the output itself: left out in part, it would be a wrong value. */
	captured<T>(run: () => T): T {
		this.captures += 1;
		try {
			return run();
		} finally {
			this.captures -= 1;
		}
	}

	/** Whether the rendering can go on without this statement, which failed. */
	passes(problem: Problem, statement: Node): boolean {
		this.met += 1;
		if (this.captures > 0) return false;
		// Without its parent a template is another one, and after a change left out nothing is sure.
		const isEnd = problem instanceof Exhausted || statement.typename === 'Extends' || changes(statement);
		this.over ||= isEnd || this.met > mostMet || this.found.size >= mostFindings;
		if (this.over) return false;
		if (!(problem instanceof Unsure)) this.note(problem);
		for (const name of namesSetIn(statement)) this.unsure.add(name);
		return true;
	}

	/** Writes down what ended the rendering. */
	ended(thrown: unknown): void {
		if (thrown instanceof Unsure || this.found.size >= mostFindings) return;
		this.note(thrown);
	}

	private note(thrown: unknown): void {
		const {kind: _kind, ...error} = toTemplateError(thrown);
		const mend = thrown instanceof Problem ? thrown.mend : undefined;
		const key = placeKey(error);
		if (!this.found.has(key)) this.found.set(key, {severity: 'error', ...error, ...(mend === undefined ? {} : {mend})});
	}
}

/** One text for one place of a template and its files. */
export const placeKey = ({file, line, column}: Pick<TemplateFinding, 'file' | 'line' | 'column'>): string =>
	`${line}:${column}:${file ?? ''}`;

/** Whether something in there may change a list or dict, which other names may hold as well. */
function changes(statement: Node): boolean {
	return nodesOf(statement).some(
		node =>
			node.typename === 'FunCall' &&
			node.name.typename === 'LookupVal' &&
			node.name.val.typename === 'Literal' &&
			changing.has(String(node.name.val.value)),
	);
}

function* namesSetIn(statement: Node): Generator<string> {
	for (const node of nodesOf(statement)) {
		if (node.typename === 'Set') for (const target of node.targets) yield* namesOf(target);
		else if (node.typename === 'Macro') yield node.name.value;
		else if (node.typename === 'Import') yield* namesOf(node.target);
		else if (node.typename === 'FromImport') {
			for (const part of node.names.children) yield* namesOf(part.typename === 'Pair' ? part.value : part);
		}
	}
}

/** All names in a target: of `ns.n` that is `ns`. */
const namesOf = (target: Node): string[] =>
	[...nodesOf(target)].flatMap(node => (node.typename === 'Symbol' ? [node.value] : []));
