import type {JobDocument, Path} from '../config/document.js';
import type {Finding} from '../config/finding.js';
import type {Placeholders} from '../core/placeholders.js';
import {looksCatastrophic} from '../validation/catastrophic.js';
import {locate} from '../validation/place.js';
import {compileRegex, fillPattern} from '../validation/regex.js';
import {sampleValues} from './sample-values.js';
import {error, fromFolder, type Subject, warning} from './subject.js';

/** Regular expressions compile, and paths stay in the workspace, as far as that can be seen without a batch. */
export function checkPatterns(subject: Subject): Finding[] {
	const values = sampleValues(subject);
	const workspace = fromFolder(subject, subject.job.workspace);
	const inRules = subject.rules.flatMap(({index, rule}) => {
		const findings: Finding[] = [];
		if ('path' in rule && !rule.path.includes('{items}')) {
			const located = locate(rule.path, workspace, {...unknownAsThemselves(rule.path), ...values});
			if ('problem' in located)
				findings.push(error(subject.document.placeOf(['validations', index, 'path']), located.problem));
		}
		if (rule.type === 'content_regex')
			findings.push(...regexFindings(subject.document, ['validations', index, 'pattern'], rule.pattern, values));
		return findings;
	});
	if (!subject.sound.has('rate_limit')) return inRules;
	const forLimits = subject.job.rate_limit.detection_patterns.flatMap((pattern, index) =>
		regexFindings(subject.document, ['rate_limit', 'detection_patterns', index], pattern, undefined),
	);
	return [...inRules, ...forLimits];
}

/** Placeholders without a value are told of elsewhere; here they stand for a plain name. */
function unknownAsThemselves(text: string): Placeholders {
	return Object.fromEntries([...text.matchAll(/\{(\w+)\}/g)].map(match => [match[1]!, match[1]!]));
}

/** `values` fill in placeholders first; without them the pattern has none. */
export function regexFindings(
	document: JobDocument,
	path: Path,
	pattern: string,
	values: Placeholders | undefined,
): Finding[] {
	const filled = values ? fillPattern(pattern, values) : pattern;
	const compiled = compileRegex(filled);
	if ('error' in compiled) {
		const message = `the regular expression is not valid: ${compiled.error}`;
		if (compiled.offset === undefined) return [error(document.placeOf(path), message)];
		const offset = values ? unfilled(pattern, values, compiled.offset) : compiled.offset;
		return [error(document.placeInText(path, offset, 1), message)];
	}
	const danger = looksCatastrophic(filled);
	if (danger === undefined) return [];
	return [warning(document.placeOf(path), `this regular expression can take forever: ${danger}`)];
}

/** Where a character of the filled-in pattern stands in the pattern as written. */
function unfilled(pattern: string, values: Placeholders, offset: number): number {
	let grown = 0;
	for (const {0: written, index} of pattern.matchAll(/\{\{|\}\}|\{[A-Za-z_]\w*\}/g)) {
		const length = fillPattern(written, values).length;
		if (offset < index + grown) break;
		if (offset < index + grown + length) return index;
		grown += length - written.length;
	}
	return offset - grown;
}
