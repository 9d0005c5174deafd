import type {Job} from '../config/schema.js';
import type {Placeholders} from '../core/placeholders.js';
import {floatText} from './jinja/python-text.js';

/** A batch as templates and rules see it: numbers from 1; `items` only when the job names its items. */
export type BatchPlace = {number: number; first: number; last: number; total: number; items?: readonly string[]};

/** Where a job lives; absolute. `jobFolder` holds the job file. */
export type Folders = {workspace: string; jobFolder: string};

/** Names that every template has; `items` comes on top where the job names its items. */
const builtIn = [
	'batch_num',
	'total_batches',
	'start_item',
	'end_item',
	'workspace',
	'job_folder',
	'job_name',
	'stakes',
	'thinking_method',
] as const;

/**
 * What the template of one batch is rendered with. Mozart's own names win over prompt variables of the same name, so
 * that prompt and rules always speak of the same batch; `stakes` and `thinking_method` win only where the job sets
 * them, and are empty where nothing does.
 */
export function templateVariables(job: Job, batch: BatchPlace, folders: Folders): Record<string, unknown> {
	const {stakes, thinking_method, variables} = job.prompt;
	return {
		stakes: '',
		thinking_method: '',
		...variables,
		...(stakes === undefined ? {} : {stakes}),
		...(thinking_method === undefined ? {} : {thinking_method}),
		...(batch.items === undefined ? {} : {items: [...batch.items]}),
		batch_num: batch.number,
		total_batches: batch.total,
		start_item: batch.first,
		end_item: batch.last,
		workspace: folders.workspace,
		job_folder: folders.jobFolder,
		job_name: job.name,
	};
}

/** The names that `templateVariables` gives for this job, whatever the batch. */
export function templateVariableNames(job: Job): Set<string> {
	return new Set([...builtIn, ...Object.keys(job.prompt.variables), ...(job.batch.items ? ['items'] : [])]);
}

/** Prompt variables that never reach a template, because Mozart has a value of its own under that name. */
export function shadowedVariables(job: Job): string[] {
	const {stakes, thinking_method, variables} = job.prompt;
	const taken = new Set<string>(builtIn);
	if (stakes === undefined) taken.delete('stakes');
	if (thinking_method === undefined) taken.delete('thinking_method');
	if (job.batch.items) taken.add('items');
	return Object.keys(variables).filter(name => taken.has(name));
}

/** What `{placeholders}` in paths, patterns and commands stand for. Lists and maps among the prompt variables have no place there. */
export function placeholderValues(job: Job, batch: BatchPlace, folders: Folders): Placeholders {
	const scalars = Object.entries(job.prompt.variables).flatMap(([name, value]) => {
		const text = scalarText(value);
		return text === undefined ? [] : [[name, text] as const];
	});
	return {
		...Object.fromEntries(scalars),
		...(batch.items === undefined ? {} : {items: batch.items.join(' ')}),
		workspace: folders.workspace,
		job_folder: folders.jobFolder,
		batch_num: String(batch.number),
		total_batches: String(batch.total),
		start_item: String(batch.first),
		end_item: String(batch.last),
	};
}

/** A value as a template prints it; undefined for lists and maps. */
function scalarText(value: unknown): string | undefined {
	if (value === null) return 'None';
	if (typeof value === 'boolean') return value ? 'True' : 'False';
	if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : floatText(value);
	return typeof value === 'string' ? value : undefined;
}
