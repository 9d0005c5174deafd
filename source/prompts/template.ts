import {checkSource, type TemplateFinding} from './jinja/check.js';
import {folderLoader} from './jinja/loader.js';
import {createMachine, type Machine, type Unit} from './jinja/machine.js';
import {parse} from './jinja/parser.js';
import {type TemplateError, toTemplateError} from './jinja/problem.js';
import {renderUnit} from './jinja/render.js';
import {Scope} from './jinja/scope.js';
import {Trial} from './jinja/trial.js';
import {fromHost} from './jinja/values.js';

export type {TemplateFinding} from './jinja/check.js';
export type {TemplateError} from './jinja/problem.js';
export {placeKey} from './jinja/trial.js';

/** The text, or what was wrong with the template or its variables. */
export type Rendered = {text: string} | {error: TemplateError};

/** A template that was read once and renders any number of times. Rendering always ends, reads nothing but files in the template's folder, and changes nothing. */
export type Template = {render(variables: Readonly<Record<string, unknown>>): Rendered};

/** Where `include`, `import` and `extends` look: the template file's own folder. Without it they are refused. */
export type TemplateOptions = {folder?: string | undefined};

/** Reads a template, once for all batches; files that it includes are read when it first renders. */
export function compileTemplate(source: string, options: TemplateOptions = {}): Template | {error: TemplateError} {
	const units = new Map<string, Unit>();
	let main: Unit;
	try {
		main = {root: parse(source), file: undefined};
	} catch (thrown) {
		return {error: toTemplateError(thrown)};
	}
	return {
		render(variables) {
			try {
				const machine = createMachine(folderLoader(options.folder), units);
				return {text: renderUnit(main, scopeOf(variables, machine), machine)};
			} catch (thrown) {
				return {error: toTemplateError(thrown)};
			}
		},
	};
}

function scopeOf(variables: Readonly<Record<string, unknown>>, machine: Machine): Scope {
	const scope = new Scope(machine.base, undefined);
	for (const [name, data] of Object.entries(variables)) {
		const value = fromHost(data);
		if (value !== undefined) scope.set(name, value);
	}
	return scope;
}

/**
 * What goes wrong when a template is rendered with these variables, all of it and not only the first. Nothing is said of
 * what hangs on the names in `unsure`, whose values nobody knows yet.
 */
export function tryTemplate(
	source: string,
	variables: Readonly<Record<string, unknown>>,
	unsure: ReadonlySet<string>,
	options: TemplateOptions = {},
): TemplateFinding[] {
	const trial = new Trial(unsure);
	try {
		const machine = createMachine(folderLoader(options.folder), new Map(), trial);
		renderUnit({root: parse(source), file: undefined}, scopeOf(variables, machine), machine);
	} catch (thrown) {
		trial.ended(thrown);
	}
	return trial.findings;
}

/** Everything that can be known to be wrong with a template before any batch is rendered; `known` are the names it will have. */
export function checkTemplate(
	source: string,
	known: ReadonlySet<string>,
	options: TemplateOptions = {},
): TemplateFinding[] {
	return checkSource(source, known, folderLoader(options.folder));
}
