import type {Placeholders} from '../core/placeholders.js';
import {placeholderValues} from '../prompts/variables.js';
import {fromFolder, type Subject} from './subject.js';

/**
 * Placeholder values as some batch would have them: enough to know which names have one, where a path leads and whether
 * a pattern compiles. Items are unknown before the run.
 */
export function sampleValues(subject: Subject): Placeholders {
	const {job, sound} = subject;
	// A batch section that cannot be read may well have meant to name items.
	const named = job.batch.items !== undefined || !sound.has('batch');
	const batch = {number: 1, first: 1, last: 1, total: 1, ...(named ? {items: ['item']} : {})};
	return placeholderValues(job, batch, {
		workspace: fromFolder(subject, job.workspace),
		jobFolder: fromFolder(subject, '.'),
	});
}
