/** Where something stands in a template: 0-based, as nunjucks counts; `file` only when it is not the template itself. */
export type Place = {lineno: number; colno: number; file?: string | undefined};

/**
 * Thrown inside this folder for everything that can be wrong with a template; never leaves it (`template.ts` and
 * `check-template.ts` turn it into values). The innermost syntax node that sees one without a place fills it in.
 */
export class Problem extends Error {
	place: Place | undefined;

	constructor(
		message: string,
		place?: Place,
		/** What to write at that place instead. */
		readonly mend?: string,
	) {
		super(message);
		this.place = place;
	}
}

/** The rendering has used up what it may: whatever follows would fail as well. */
export class Exhausted extends Problem {}

/** Messages may quote the template, but not all of it. */
const longest = 1000;

/** What is wrong with a template, and where: 1-based line and column; `file` names an included file when it is there. */
export type TemplateError = {kind: 'template'; message: string; line: number; column: number; file?: string};

/** Any error from reading or rendering a template as a value. Errors that are no `Problem` are bugs and go on, but for a full stack. */
export function toTemplateError(error: unknown): TemplateError {
	if (error instanceof RangeError && /call stack/i.test(error.message)) {
		return {kind: 'template', message: 'the template is nested too deeply', line: 1, column: 1};
	}
	if (!(error instanceof Problem)) throw error;
	const {lineno, colno, file} = error.place ?? {lineno: 0, colno: 0};
	return {
		kind: 'template',
		message: error.message.length > longest ? `${error.message.slice(0, longest)}…` : error.message,
		line: lineno + 1,
		column: colno + 1,
		...(file === undefined ? {} : {file}),
	};
}
