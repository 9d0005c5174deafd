import assert from 'node:assert/strict';
import {type SpawnSyncReturns, spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {parse} from 'yaml';
import {type Job, jobSchema} from '../../source/config/schema.js';
import type {FileState} from '../../source/core/verdict.js';
import {compileTemplate} from '../../source/prompts/template.js';
import {placeholderValues, templateVariables} from '../../source/prompts/variables.js';
import {takeBaseline} from '../../source/validation/baseline.js';
import {checkRules} from '../../source/validation/rules.js';

export const examples = path.resolve(import.meta.dirname, '../../examples');

/** The job file as it is, with all defaults. */
export const readJob = (name: string): Job =>
	jobSchema.parse(parse(readFileSync(path.join(examples, `${name}.yaml`), 'utf8')));

/** What stands in templates and rules for one batch. */
export type Facts = {
	workspace: string;
	batch_num: number;
	total_batches: number;
	start_item: number;
	end_item: number;
	items: string[];
	/** Given by `--set`, in place of the job file's. */
	repository?: string;
};

/** The batch's prompt, by the template of the job file. */
export function renderPrompt(job: Job, facts: Facts): string {
	const template = compileTemplate(job.prompt.template ?? '');
	const rendered =
		'error' in template
			? template
			: template.render(templateVariables(withSets(job, facts), placeOf(facts), foldersOf(facts)));
	assert.ok('text' in rendered, JSON.stringify(rendered));
	return rendered.text;
}

const withSets = (job: Job, {repository}: Facts): Job =>
	repository === undefined ? job : {...job, prompt: {...job.prompt, variables: {...job.prompt.variables, repository}}};

const placeOf = ({batch_num: number, total_batches: total, start_item: first, end_item: last, items}: Facts) => ({
	...{number, total, first, last, items},
});

const foldersOf = ({workspace}: Facts) => ({workspace, jobFolder: examples});

const placeholdersOf = (job: Job, facts: Facts) =>
	placeholderValues(withSets(job, facts), placeOf(facts), foldersOf(facts));

/** How the watched files look before a batch's first attempt. */
export const baselineOf = (job: Job, facts: Facts, snapshots: string): Promise<FileState[]> =>
	takeBaseline(job.validations, {workspace: facts.workspace, placeholders: placeholdersOf(job, facts), snapshots});

/** How many of the job's rules hold for a batch, and what the others say. */
export async function judge(job: Job, facts: Facts, baseline: FileState[] = []) {
	const verdicts = await checkRules(job.validations, {
		workspace: facts.workspace,
		placeholders: placeholdersOf(job, facts),
		baseline,
		env: {PATH: [path.dirname(process.execPath), process.env.PATH].join(path.delimiter)},
		marker: 'example',
		signal: new AbortController().signal,
	});
	const failed = verdicts.filter(verdict => !verdict.passed);
	return {passed: verdicts.length - failed.length, failed: failed.map(verdict => verdict.message)};
}

/** Runs one of our scripts as a child, the prompt on its standard input, in the folder where a job would run it. */
export const runScript = (
	script: string,
	{
		args = [],
		input = '',
		cwd = examples,
		env = {},
	}: {args?: string[]; input?: string; cwd?: string; env?: NodeJS.ProcessEnv} = {},
): SpawnSyncReturns<string> =>
	spawnSync(process.execPath, [path.join(examples, script), ...args], {
		cwd,
		encoding: 'utf8',
		env: {...process.env, ...env},
		input,
	});

/** A prompt as another one quotes it. */
export const quoted = (prompt: string) =>
	`The batch was checked; something is missing.\n\nThe original task:\n\n${prompt.replace(/^/gm, '    ')}`;
