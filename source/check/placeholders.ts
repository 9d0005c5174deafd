import {isApi} from '../backends/keys.js';
import {closest} from '../config/closest.js';
import type {Path} from '../config/document.js';
import type {Finding} from '../config/finding.js';
import {list} from '../config/value-words.js';
import {expand, placeholdersIn} from '../core/placeholders.js';
import {backendsOf} from './backends.js';
import {sampleValues} from './sample-values.js';
import {error, type Subject, warning} from './subject.js';

/** Finding a place costs as much as its text is long. */
const mostInOneText = 20;

/** A text of the job in which placeholders are filled in. */
export type Filled = {path: Path; text: string; isRegex: boolean; isPath?: boolean};

/** Every placeholder must have a value; whatever has braces for another reason is told how to write them. */
export function checkPlaceholders(subject: Subject): Finding[] {
	const known = new Set(Object.keys(sampleValues(subject)));
	const inRules = subject.rules.flatMap(({index, rule}) => {
		const path: Path = ['validations', index];
		const texts: Filled[] = [];
		if ('path' in rule) texts.push({path: [...path, 'path'], text: rule.path, isRegex: false, isPath: true});
		if ('pattern' in rule)
			texts.push({path: [...path, 'pattern'], text: rule.pattern, isRegex: rule.type === 'content_regex'});
		if ('command' in rule) texts.push(...commandTexts([...path, 'command'], rule.command));
		return texts.flatMap(text => textFindings(subject, text, known));
	});
	const commands = backendsOf(subject).flatMap(({path, settings}) =>
		settings.type === 'command' ? commandTexts([...path, 'command'], settings.command) : [],
	);
	const outputs = backendsOf(subject).flatMap(({path, settings}): Filled[] =>
		isApi(settings) && settings.output
			? [{path: [...path, 'output', 'file'], text: settings.output.file, isRegex: false, isPath: true}]
			: [],
	);
	return [
		...inRules,
		...commands.flatMap(text => textFindings(subject, text, new Set([...known, 'prompt_file']))),
		...outputs.flatMap(text => textFindings(subject, text, known)),
	];
}

function commandTexts(path: Path, command: string | readonly string[]): Filled[] {
	if (typeof command === 'string') return [{path, text: command, isRegex: false}];
	return command.map((text, index) => ({path: [...path, index], text, isRegex: false}));
}

/** Placeholders of a text that have no value, by the names that have one, and braces that mean something else. */
export function textFindings(subject: Subject, filled: Filled, known: ReadonlySet<string>): Finding[] {
	const {path, text, isRegex} = filled;
	const place = (offset: number, length: number) => subject.document.placeInText(path, offset, length);
	const findings = placeholdersIn(text)
		.filter(({name, offset}) => !known.has(name) && !(isRegex && belongsToEscape(text, offset)))
		.slice(0, mostInOneText)
		.map(({name, offset}) => {
			const whole = place(offset, name.length + 2);
			const reason = noValue(subject, name);
			if (reason !== undefined) return error(whole, `{${name}} ${reason}`);
			const meant = closest(name, known);
			const literal = `{{${name}}}`;
			const rest = meant
				? `did you mean {${meant}}? (braces that stand for themselves are written ${literal})`
				: `known are ${list(
						[...known].map(word => `{${word}}`),
						'and',
					)}; braces that stand for themselves are written twice`;
			return error(whole, `{${name}} is not a placeholder that has a value: ${rest}`, meant ? `{${meant}}` : literal);
		});
	const doubled = text.matchAll(/\{\{\s*(\w+)\s*\}\}/g).map(match => ({
		match,
		message: (name: string) =>
			`is how a template says it; here doubled braces stand for themselves, and the placeholder is {${name}}`,
	}));
	const formatted = text.matchAll(/(?<!\{)\{(\w+)(?:![rsa])?:[^{}\s]*\}(?!\})/g).map(match => ({
		match,
		message: () => 'is left as it is: a placeholder is a name and nothing else',
	}));
	for (const {match, message} of [...doubled, ...(isRegex ? [] : formatted)].slice(0, mostInOneText)) {
		const [whole, name = ''] = match;
		if (!known.has(name)) continue;
		findings.push(warning(place(match.index, whole.length), `${whole} ${message(name)}`, `{${name}}`));
	}
	if (!isRegex) {
		for (const {offset, whole, said, mend} of misses(filled, known).take(mostInOneText))
			findings.push(warning(place(offset, whole.length), `${whole} is left as it is: ${said}`, mend));
	}
	if (balance(text) === 0 && balance(expand(text, {})) !== 0) {
		const at = text.search(/\{\{|\}\}/);
		const message = `${text.slice(at, at + 2)} is read as one brace here, and leaves the braces uneven: write four for two`;
		findings.push(warning(place(at, 2), message));
	}
	return findings;
}

type Miss = {offset: number; whole: string; said: string; mend?: string};

/** What looks like a placeholder and is none: with blanks or hyphens in it, with a number for a name, or never closed. */
function* misses({text, isPath}: Filled, known: ReadonlySet<string>): Generator<Miss> {
	for (const {0: whole, 1: name = '', index: offset} of text.matchAll(/(?<![{$])\{[ \t]*([\w-]+)[ \t]*\}(?!\})/g)) {
		if (/^\{[A-Za-z_]\w*\}$/.test(whole)) continue;
		const meant = known.has(name) ? name : closest(name, known);
		if (meant !== undefined) {
			const said = `did you mean {${meant}}? (a placeholder is a name between braces and nothing else)`;
			yield {offset, whole, said, mend: `{${meant}}`};
		} else if (isPath && /^\d+$/.test(name)) {
			yield {offset, whole, said: 'a placeholder is a name, such as {batch_num}'};
		}
	}
	for (const {0: whole, 1: name = '', index: offset} of text.matchAll(/(?<![{$])\{(\w+)(?![^{]*\})/g)) {
		if (known.has(name)) yield {offset, whole, said: 'its closing brace is missing', mend: `{${name}}`};
	}
}

/** Why a name that the job does have cannot stand between braces. */
function noValue({job}: Subject, name: string): string | undefined {
	if (name === 'items') return 'has no value: this job counts its items by total_items and does not name them';
	if (name === 'prompt_file') return 'has a value in the words of a command or profile only';
	if (!Object.hasOwn(job.prompt.variables, name)) return undefined;
	return 'is a list or a map, and only text, numbers, true and false can be filled in here';
}

/** In a regular expression the braces of `\p{L}`, `\N{DASH}` or `\u{AB}` are the escape's own: whether it is valid is said by the pattern's check. */
const belongsToEscape = (text: string, offset: number) =>
	/(?<!\\)(?:\\\\)*\\[pPuUNxk]$/.test(text.slice(Math.max(0, offset - 100), offset));

const balance = (text: string) => [...text].reduce((sum, char) => sum + Number(char === '{') - Number(char === '}'), 0);
