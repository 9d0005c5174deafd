import {checkSource, type TemplateFinding} from './jinja/check.js';
import {folderLoader} from './jinja/loader.js';
import {createMachine, type Unit} from './jinja/machine.js';
import {parse} from './jinja/parser.js';
import {type TemplateError, toTemplateError} from './jinja/problem.js';
import {renderUnit} from './jinja/render.js';
import {Scope} from './jinja/scope.js';
import {fromHost} from './jinja/values.js';

export type {TemplateFinding} from './jinja/check.js';
export type {TemplateError} from './jinja/problem.js';

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
				const scope = new Scope(machine.base, undefined);
				for (const [name, data] of Object.entries(variables)) {
					const value = fromHost(data);
					if (value !== undefined) scope.set(name, value);
				}
				return {text: renderUnit(main, scope, machine)};
			} catch (thrown) {
				return {error: toTemplateError(thrown)};
			}
		},
	};
}

/** Everything that can be known to be wrong with a template before any batch is rendered; `known` are the names it will have. */
export function checkTemplate(
	source: string,
	known: ReadonlySet<string>,
	options: TemplateOptions = {},
): TemplateFinding[] {
	return checkSource(source, known, folderLoader(options.folder));
}
