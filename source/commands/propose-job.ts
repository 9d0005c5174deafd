import {dirname} from 'node:path';
import {formatFinding} from '../config/finding.js';
import {changesOf, type Opened, recut} from '../core/change.js';
import {impactOf, promptsAreSame} from '../core/impact.js';
import type {Batch, Run} from '../core/run.js';
import {compileTemplate, type Template} from '../prompts/template.js';
import {templateVariables} from '../prompts/variables.js';
import {hashOf, type JobNow, type JobPlace, readJobNow, templateOptions} from '../read-job.js';
import {changeLines} from '../ui/change-text.js';
import type {Proposal} from '../ui/job-edit.js';
import {line, lines} from '../ui/styled-line.js';
import {findingCount} from './context.js';

/** Batches whose prompts are rendered to see whether they differ; with more of them they are taken to. */
const mostRendered = 1000;

/** What the job file as it is now would mean for a run. `template`: the template file's text before it was edited, if it was read. */
export async function proposalFor(run: Run, place: JobPlace, template: string | undefined): Promise<Proposal> {
	const now = await readJobNow(place, run);
	if ('kind' in now) {
		if (now.kind === 'usage') return {kind: 'nothing', message: now.message};
		const found = now.findings.map(finding => lines(formatFinding(finding, now.source)));
		const head = line(`The job file cannot be used: ${findingCount(now.findings)}.`, 'bad');
		return {kind: 'mistakes', lines: [head, ...found.flatMap(one => [line(''), ...one])]};
	}
	if (changesOf(run, now.opened).length === 0) {
		const over = place.sets.length > 0 ? `; what was set on the command line holds: ${place.sets.join(', ')}` : '';
		return {kind: 'nothing', message: `nothing has changed in the job${over}`};
	}
	const before = run.job.prompt.template ?? template;
	const known = before !== undefined && hashOf(before) === run.template ? before : undefined;
	const groups = impactOf(run, now.opened, promptDiffers(run, now, place, known));
	const {checked, hash, opened, source: after} = now;
	return {
		kind: 'change',
		hash,
		lines: changeLines({
			...{run, next: opened, groups},
			...(known !== undefined && {templates: {before: known, after}}),
			warnings: checked.warnings.map(finding => formatFinding(finding, checked.loaded.source)),
		}),
	};
}

/** Asked of a batch: whether its prompt would be another text, or may be. `before` is the text of the template that the run knows. */
function promptDiffers(
	run: Run,
	{opened, checked, template}: JobNow,
	{workspace}: JobPlace,
	before: string | undefined,
): (batch: Batch) => boolean {
	if (promptsAreSame(run, opened)) return () => false;
	const folder = dirname(checked.file);
	const known = before === undefined ? undefined : compileTemplate(before, templateOptions({job: run.job, folder}));
	if (!known || 'error' in known || run.total > mostRendered) return () => true;
	const folders = {workspace, jobFolder: folder};
	const total = recut(run, opened).length;
	const promptOf = (template: Template, {job, items}: Pick<Opened, 'job' | 'items'>, batch: Batch, total: number) => {
		const {number, first, last} = batch;
		const named = items ? {items: items.slice(first - 1, last)} : {};
		return JSON.stringify(template.render(templateVariables(job, {number, first, last, total, ...named}, folders)));
	};
	const old = {job: run.job, ...(run.items && {items: run.items})};
	return batch => promptOf(known, old, batch, run.total) !== promptOf(template, opened, batch, total);
}
