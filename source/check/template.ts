import path from 'node:path';
import type {Finding} from '../config/finding.js';
import {type Place, placeAt, sourceOf} from '../config/place.js';
import {readText} from '../config/read-text.js';
import {
	checkTemplate as checkText,
	placeKey,
	type TemplateFinding,
	type TemplateOptions,
	tryTemplate,
} from '../prompts/template.js';
import {shadowedVariables, templateVariableNames, templateVariables} from '../prompts/variables.js';
import {sampleBatches, sampleFolders} from './sample-values.js';
import {error, fromFolder, type Subject, warning} from './subject.js';

const templateByteLimit = 1_000_000;

/** The prompt's template: that it is there, and that it says nothing without a value. */
export async function checkTemplate(subject: Subject): Promise<Finding[]> {
	const {document, job, sound} = subject;
	if (!sound.has('prompt')) return [];
	const {template, template_file: file} = job.prompt;
	const known = templateVariableNames(job);
	// A batch section that cannot be read may well have meant to name items.
	if (!sound.has('batch')) known.add('items');
	if (template !== undefined) {
		const inJob = (start: number, length: number) => document.placeInText(['prompt', 'template'], start, length);
		return (await textFindings(subject, template, known, {})).map(found => placed(found, template, inJob));
	}
	if (file === undefined) return [];
	const read = await readText(fromFolder(subject, file), templateByteLimit);
	if ('problem' in read)
		return [error(document.placeOf(['prompt', 'template_file']), `the template file ${file} ${read.problem}`)];
	const folder = path.dirname(fromFolder(subject, file));
	const shownFile = path.isAbsolute(file) ? file : path.join(subject.shownFolder, file);
	const found = await textFindings(subject, read.text, known, {folder});
	return Promise.all(
		found.map(async found => {
			const included =
				found.file === undefined ? undefined : await readText(path.resolve(folder, found.file), templateByteLimit);
			const text = included === undefined ? read.text : 'text' in included ? included.text : '';
			const name = found.file === undefined ? shownFile : path.join(path.dirname(shownFile), found.file);
			const source = sourceOf(name, text, false);
			return placed(found, text, (start, length) => placeAt(source, start, start + length));
		}),
	);
}

/** What can be seen in a template without rendering it and then, where that is nothing grave, what rendering it meets. */
async function textFindings(
	subject: Subject,
	source: string,
	known: ReadonlySet<string>,
	options: TemplateOptions,
): Promise<TemplateFinding[]> {
	const seen = checkText(source, known, options);
	if (seen.some(({severity}) => severity === 'error')) return seen;
	const met = await metFindings(subject, source, options);
	// What was likely at a place has then happened there: the likely one says better what to do.
	return [
		...seen.map(finding => ({...finding, severity: met.get(placeKey(finding))?.severity ?? finding.severity})),
		...[...met.values()].filter(finding => !seen.some(other => placeKey(other) === placeKey(finding))),
	];
}

/** What goes wrong in the batches that can be tried, by place: errors, and warnings where it hangs on made-up values. */
async function metFindings(
	subject: Subject,
	source: string,
	options: TemplateOptions,
): Promise<Map<string, TemplateFinding>> {
	const {batches, unsure} = await sampleBatches(subject);
	const met = new Map<string, TemplateFinding>();
	for (const batch of batches) {
		const variables = templateVariables(subject.job, batch, sampleFolders(subject));
		for (const finding of tryTemplate(source, variables, unsure, options)) {
			const message = batch.number === 1 ? finding.message : `in batch ${batch.number}: ${finding.message}`;
			if (!met.has(placeKey(finding))) met.set(placeKey(finding), {...finding, message});
		}
		if (unsure.size === 0) continue;
		for (const finding of tryTemplate(source, variables, new Set(), options)) {
			if (met.has(placeKey(finding))) continue;
			const message = `${finding.message} (tried with made-up values: the real ones are known when the run starts)`;
			met.set(placeKey(finding), {...finding, message, severity: 'warning'});
		}
	}
	return met;
}

/** Prompt variables that a name of Mozart's own hides. */
export function checkVariables({document, job, sound}: Subject): Finding[] {
	if (!sound.has('prompt') || !sound.has('batch')) return [];
	return shadowedVariables(job).map(name => {
		const message = `the variable ${name} is never seen: Mozart has a value of its own under that name`;
		return warning(document.placeOf(['prompt', 'variables', name], 'key'), message);
	});
}

function placed(
	{line, column, severity, message, mend}: TemplateFinding,
	text: string,
	placeOf: (start: number, length: number) => Place,
): Finding {
	const start = offsetOf(text, line, column);
	return {...placeOf(start, wordAt(text, start)), severity, message, ...(mend === undefined ? {} : {mend})};
}

/** How many characters to mark: the word or quoted word that begins there. */
function wordAt(text: string, offset: number): number {
	const word = /\w+|(['"])\w+\1/y;
	word.lastIndex = offset;
	return word.exec(text)?.[0].length ?? 1;
}

/** From a line and column to the offset in a text. */
function offsetOf(text: string, line: number, column: number): number {
	let start = 0;
	for (let passed = 1; passed < line; passed++) {
		const newline = text.indexOf('\n', start);
		if (newline === -1) break;
		start = newline + 1;
	}
	return Math.min(start + column - 1, text.length);
}
