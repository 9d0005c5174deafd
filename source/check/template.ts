import path from 'node:path';
import type {Finding} from '../config/finding.js';
import {type Place, placeAt, sourceOf} from '../config/place.js';
import {readText} from '../config/read-text.js';
import {checkTemplate as checkText} from '../prompts/template.js';
import {templateVariableNames} from '../prompts/variables.js';
import {error, fromFolder, type Subject} from './subject.js';

const templateByteLimit = 1_000_000;

/** The prompt's template: that it is there, and that it says nothing without a value. */
export async function checkTemplate(subject: Subject): Promise<Finding[]> {
	const {document, job, sound} = subject;
	if (!sound.has('prompt')) return [];
	const {template, template_file: file} = job.prompt;
	const known = templateVariableNames(job);
	if (template !== undefined) {
		const at = offsets(template);
		return place(checkText(template, known), (line, column) =>
			document.placeInText(['prompt', 'template'], at(line, column), wordAt(template, at(line, column))),
		);
	}
	if (file === undefined) return [];
	const read = await readText(fromFolder(subject, file), templateByteLimit);
	if ('problem' in read)
		return [error(document.placeOf(['prompt', 'template_file']), `the template file ${file} ${read.problem}`)];
	const at = offsets(read.text);
	const source = sourceOf(path.isAbsolute(file) ? file : path.join(subject.shownFolder, file), read.text, false);
	return place(checkText(read.text, known), (line, column) => {
		const start = at(line, column);
		return placeAt(source, start, start + wordAt(read.text, start));
	});
}

function place(found: ReturnType<typeof checkText>, placeOf: (line: number, column: number) => Place): Finding[] {
	return found.map(({line, column, severity, message, mend}) => ({
		...placeOf(line, column),
		severity,
		message,
		...(mend === undefined ? {} : {mend}),
	}));
}

/** How many characters to mark: the word that begins there. */
function wordAt(text: string, offset: number): number {
	const word = /\w+/y;
	word.lastIndex = offset;
	return word.exec(text)?.[0].length ?? 1;
}

/** From a line and column to the offset in a text. */
function offsets(text: string): (line: number, column: number) => number {
	const starts = [0];
	for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
	return (line, column) => Math.min((starts[line - 1] ?? text.length) + column - 1, text.length);
}
