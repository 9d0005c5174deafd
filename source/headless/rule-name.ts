import type {Rule} from '../config/schema.js';
import {expand} from '../core/placeholders.js';
import type {Batch, Run} from '../core/run.js';
import type {Verdict} from '../core/verdict.js';
import {oneLine} from '../process/sanitize.js';
import {placeholderValues} from '../prompts/variables.js';

/** Paths are relative to the workspace as they are: that it is not at hand here does not matter. */
const workspace = '{workspace}/';

/**
 * What a person knows a rule by: its description, else its type and what it is about. A verdict of a job that has changed
 * since may be of a rule that is no more: then only its type is known.
 */
export function ruleName(
	{rule, type, description}: Pick<Verdict, 'rule' | 'type' | 'description'>,
	{job, total, items}: Pick<Run, 'job' | 'total' | 'items'>,
	{number, first, last}: Pick<Batch, 'number' | 'first' | 'last'>,
): string {
	if (description !== undefined) return oneLine(description);
	const written = job.validations[rule];
	if (written?.type !== type) return type;
	const named = items ? {items: items.slice(first - 1, last)} : {};
	const folders = {workspace: '{workspace}', jobFolder: '{job_folder}'};
	const about = expand(aboutOf(written), placeholderValues(job, {number, first, last, total, ...named}, folders));
	return oneLine(`${type}: ${about.startsWith(workspace) ? about.slice(workspace.length) : about}`);
}

function aboutOf(rule: Rule): string {
	if (rule.type !== 'command_succeeds') return rule.path;
	return typeof rule.command === 'string' ? rule.command : rule.command.join(' ');
}
