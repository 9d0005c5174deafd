import {checkFile} from '../check/check-file.js';
import type {Rule} from '../config/schema.js';
import {batchAt} from '../core/batch-table.js';
import {batchRanges} from '../core/batches.js';
import {isChosen} from '../core/bookkeeping.js';
import {recut, totalItems} from '../core/change.js';
import {selectionProblem} from '../core/opening-facts.js';
import {expand} from '../core/placeholders.js';
import {counted} from '../headless/words.js';
import type {OpenOptions} from '../open-run.js';
import {compileTemplate} from '../prompts/template.js';
import {placeholderValues, templateVariables} from '../prompts/variables.js';
import {itemsOf, templateOf, templateOptions} from '../read-job.js';
import {jobId} from '../store/job-id.js';
import {statePaths} from '../store/state-folder.js';
import {type Context, type Ending, sayFindings, sayProblem} from './context.js';
import {readRun} from './locate.js';
import {openOptions, type RunFlags} from './run.js';
import {heedSignals} from './signals.js';

/** Items of one batch that are named; a bound for the plain output. */
const mostNamed = 20;

/** `mozart run --dry-run`: what each chosen batch would be: its items and rules, with `verbose` its prompt. Runs only `items.command`. */
export async function dryRun(ref: string, flags: RunFlags, verbose: boolean, context: Context): Promise<Ending> {
	const options = await openOptions(ref, flags, 'run', context);
	if ('kind' in options) return sayProblem(options, context);
	const heed = heedSignals(context);
	try {
		return await show(options, verbose, context);
	} finally {
		heed.release();
	}
}

async function show({file, sets, selection}: OpenOptions, verbose: boolean, context: Context): Promise<Ending> {
	const checked = await checkFile(file, sets, context.env);
	if ('kind' in checked) return sayProblem(checked, context);
	const {job, workspace, folder, warnings, loaded} = checked;
	// A job that was begun keeps its batches: what is shown has the numbers that `run` will use.
	const saved = await readRun(statePaths(workspace, jobId(checked.file, workspace, job.name)));
	const known = 'kind' in saved ? undefined : saved;
	const found = await itemsOf(checked, context.env, known?.items);
	if ('kind' in found) return sayProblem(found, context);
	const folders = {workspace, jobFolder: folder};
	const total = totalItems(job, found.items);
	const ranges = known
		? recut(known, {job, sets: [...sets], template: '', ...found})
		: batchRanges({size: job.batch.size, totalItems: total, startItem: job.batch.start_item});
	if (ranges.length === 0) {
		const message = `start_item is ${job.batch.start_item}, but there are only ${counted(total, 'item')}`;
		return sayProblem({kind: 'usage', message}, context);
	}
	const beyond = selectionProblem(selection, ranges.length);
	if (beyond) return sayProblem({kind: 'usage', message: beyond}, context);
	const template = compileTemplate(await templateOf(checked), templateOptions(checked));
	if ('error' in template) return sayProblem({kind: 'usage', message: template.error.message}, context);
	sayFindings(warnings, loaded.source, context);
	if (!context.json) {
		const cut = `${counted(ranges.length, 'batch', 'batches')} of up to ${counted(job.batch.size, 'item')}`;
		context.out(`${job.name}: ${cut}, ${counted(total, 'item')} in all. Nothing is run.`);
	}
	for (const [index, {first, last}] of ranges.entries()) {
		const number = index + 1;
		if (!isChosen({selection}, number)) continue;
		const items = found.items?.slice(first - 1, last);
		const batch = {number, first, last, total: ranges.length, ...(items && {items})};
		const placeholders = placeholderValues(job, batch, folders);
		const rules = job.validations.map(rule => ruleWords(rule, text => expand(text, placeholders)));
		const rendered = template.render(templateVariables(job, batch, folders));
		if ('error' in rendered) {
			const {message, line} = rendered.error;
			return sayProblem({kind: 'usage', message: `batch ${number}: template line ${line}: ${message}`}, context);
		}
		const status = known && number <= known.total ? batchAt(known, number).status : 'pending';
		if (context.json) {
			context.out(
				JSON.stringify({batch: number, status, first, last, ...(items && {items}), rules, prompt: rendered.text}),
			);
			continue;
		}
		const stands = status === 'pending' ? '' : `, ${status}`;
		context.out(`\nbatch ${number}: ${first === last ? `item ${first}` : `items ${first} to ${last}`}${stands}`);
		for (const item of items?.slice(0, mostNamed) ?? []) context.out(`  - ${item}`);
		if (items && items.length > mostNamed) context.out(`  … and ${items.length - mostNamed} more`);
		for (const rule of rules) context.out(`  rule ${rule}`);
		if (verbose) context.out(`  prompt:\n${rendered.text.replaceAll(/^/gm, '    ')}`);
	}
	return 'done';
}

function ruleWords(rule: Rule, fill: (text: string) => string): string {
	switch (rule.type) {
		case 'file_exists':
		case 'file_modified':
			return `${rule.type}: ${fill(rule.path)}`;
		case 'content_contains':
		case 'content_regex':
			return `${rule.type}: ${fill(rule.path)}: ${fill(rule.pattern)}`;
		case 'command_succeeds':
			return `${rule.type}: ${typeof rule.command === 'string' ? fill(rule.command) : rule.command.map(fill).join(' ')}`;
	}
}
