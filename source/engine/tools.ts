import type {Backend} from '../backends/backend.js';
import {createBackend} from '../backends/create.js';
import type {ResetReader} from '../backends/reset-reader.js';
import type {Job} from '../config/schema.js';
import type {Run} from '../core/run.js';
import type {Template} from '../prompts/template.js';
import {matchPattern} from '../validation/match-pattern.js';

/** A job as the state knows it: its template's text by its hash alone. */
type Known = Pick<Run, 'job' | 'template'>;

/** What attempts are made with. Which of them follows from the state, so that a changed job needs no word of its own. */
export type Tools = {
	/** To be called before a fact names the job. */
	add(known: Known, template: Template): void;
	of(known: Known): {template: Template; backend: Backend};
};

export function createTools(readReset: ResetReader): Tools {
	const templates = new Map<string, Template>();
	const backends = new Map<string, Backend>();
	// The same text in another folder includes other files.
	const keyOf = ({job, template}: Known) => `${template} ${job.prompt.template_file ?? ''}`;

	function backendOf({backend}: Job): Backend {
		const key = JSON.stringify(backend);
		const known = backends.get(key) ?? createBackend(backend, {readReset, match: matchPattern});
		backends.set(key, known);
		return known;
	}

	return {
		add: (known, template) => void templates.set(keyOf(known), template),
		of(known) {
			const template = templates.get(keyOf(known));
			if (!template) throw new Error(`the template ${known.template} was never read`);
			return {template, backend: backendOf(known.job)};
		},
	};
}
