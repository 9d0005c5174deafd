import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {dirname, resolve} from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {keysOf} from './backends/keys.js';
import {type CheckedJob, checkFile, type JobFileProblem} from './check/check-file.js';
import type {Job} from './config/schema.js';
import {mergeItems, type Opened} from './core/change.js';
import type {Run} from './core/run.js';
import {findItems} from './items/find-items.js';
import {childEnvironment} from './process/environment.js';
import {createMask} from './process/mask.js';
import {secretsOf} from './process/secrets.js';
import {compileTemplate, type Template} from './prompts/template.js';
import {placeholderValues} from './prompts/variables.js';
import {jobId} from './store/job-id.js';

type Env = Readonly<Record<string, string | undefined>>;

export const templateOf = async ({job, folder}: CheckedJob): Promise<string> =>
	job.prompt.template ?? (await readFile(resolve(folder, job.prompt.template_file ?? ''), 'utf8'));

export function templateOptions({job, folder}: Pick<CheckedJob, 'job' | 'folder'>): {name?: string; folder?: string} {
	const {template_file: file} = job.prompt;
	return file === undefined ? {} : {name: file, folder: dirname(resolve(folder, file))};
}

/** Looks for the named items of a job that has any; `known` ones keep their place. */
export async function itemsOf(
	{job, folder, workspace}: CheckedJob,
	env: Env,
	known?: readonly string[],
): Promise<{items?: string[]} | {kind: 'usage'; message: string}> {
	if (!job.batch.items) return {};
	const nowhere = {number: 0, first: 0, last: 0, total: 0};
	const found = await findItems(job.batch.items, {
		folder,
		placeholders: placeholderValues(job, nowhere, {workspace, jobFolder: folder}),
		env: childEnvironment(env, job.backend),
		mask: createMask([...secretsOf(env), ...keysOf(job.backend, env)]),
	});
	if ('problem' in found) return {kind: 'usage', message: found.problem};
	return {items: known ? mergeItems(known, found.items) : found.items};
}

/** A job as a run takes it up. Its named items are looked for when `looks` says so, else they are those that are known. */
export async function describeJob(
	checked: CheckedJob,
	{sets, env, source, looks}: {sets: readonly string[]; env: Env; source: string; looks: boolean},
	known?: Run,
): Promise<Opened | {kind: 'usage'; message: string}> {
	const items = looks ? await itemsOf(checked, env, known?.items) : {...(known?.items && {items: known.items})};
	if ('kind' in items) return items;
	return {job: withoutKeys(checked.job), sets: [...sets], template: hashOf(source), ...items};
}

/** The job as facts hold it. By the file alone, so that another environment makes no other job of it. */
function withoutKeys(job: Job): Job {
	const mask = createMask(keysOf(job.backend, {}));
	return mask ? {...job, backend: mask.data(job.backend)} : job;
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A job file as it is now, for a run that may go on with it. */
export type JobNow = {
	opened: Opened;
	/** Tells it from every other job. */
	hash: string;
	checked: CheckedJob;
	/** The template's text. */
	source: string;
	template: Template;
};

/** Where a run's job file is, what the job is called, and what was set over the file; paths are real ones. */
export type JobPlace = {id: string; file: string; workspace: string; sets: readonly string[]; env: Env};

/**
 * Reads and checks the job file of a run that lives. What would make it another job (its workspace) is refused: the state
 * would have to lie elsewhere.
 */
export async function readJobNow(
	{id, file, workspace, sets, env}: JobPlace,
	run: Run,
): Promise<JobNow | JobFileProblem | {kind: 'usage'; message: string}> {
	const found = await checkFile(file, sets, env);
	if ('kind' in found) return found;
	if (jobId(found.file, found.workspace, found.job.name) !== id) {
		const now = found.workspace === workspace ? '' : `: its workspace is ${found.workspace} by now, not ${workspace}`;
		return {kind: 'usage', message: `that is another job${now}. Change it back, or start it on its own: mozart run`};
	}
	const checked = {...found, workspace};
	const source = await templateOf(checked);
	const template = compileTemplate(source, templateOptions(checked));
	if ('error' in template) return {kind: 'usage', message: template.error.message};
	const looks = !isDeepStrictEqual(run.job.batch.items, checked.job.batch.items);
	const opened = await describeJob(checked, {sets, env, source, looks}, run);
	if ('kind' in opened) return opened;
	return {opened, hash: hashOf(JSON.stringify(opened)), checked, source, template};
}
