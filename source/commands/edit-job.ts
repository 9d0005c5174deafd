import {readFile} from 'node:fs/promises';
import {dirname, resolve} from 'node:path';
import type {Run} from '../core/run.js';
import {editorOf, type OpenEditor, openEditor} from '../process/editor.js';
import {stopReading} from '../process/terminal.js';
import type {JobPlace} from '../read-job.js';
import type {JobEditing} from '../ui/job-edit.js';

/** The job file in the person's editor, and what it says after that. */
export type EditedJob = JobEditing & {
	/** An editor has the terminal: Ctrl-C is meant for that. */
	readonly isOpen: boolean;
	/** Ends the editor, if one is open, and resolves when it is gone. */
	end(): Promise<void>;
};

export function editedJob(place: JobPlace): EditedJob {
	let open: OpenEditor | undefined;
	/** The template file's text while it was the one that the run knows. */
	let template: string | undefined;

	return {
		get isOpen() {
			return open !== undefined;
		},
		async edit(run) {
			const words = editorOf(place.env);
			if (words === undefined) return 'No editor was found: set VISUAL or EDITOR to yours.';
			template = (await templateNow(place.file, run)) ?? template;
			await stopReading();
			open = openEditor(words, place.file, place.env);
			const problem = await open.closed;
			open = undefined;
			return problem;
		},
		async look(run) {
			// Loads all that reads and checks a job.
			const {proposalFor} = await import('./propose-job.js');
			return proposalFor(run, place, template);
		},
		async end() {
			const ending = open;
			await ending?.end();
			await ending?.closed;
		},
	};
}

const templateNow = async (file: string, {job}: Run): Promise<string | undefined> =>
	job.prompt.template_file === undefined
		? undefined
		: readFile(resolve(dirname(file), job.prompt.template_file), 'utf8').catch(() => undefined);
