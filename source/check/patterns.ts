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
	return subject.rules.flatMap(({index, rule}) => {
		const findings: Finding[] = [];
		if ('path' in rule && !rule.path.includes('{items}')) {
			const located = locate(rule.path, workspace, {...unknownAsThemselves(rule.path), ...values});
			if ('problem' in located)
				findings.push(error(subject.document.placeOf(['validations', index, 'path']), located.problem));
		}
		if (rule.type === 'content_regex') findings.push(...regexFindings(subject, index, rule.pattern, values));
		return findings;
	});
}

/** Placeholders without a value are told of elsewhere; here they stand for a plain name. */
function unknownAsThemselves(text: string): Placeholders {
	return Object.fromEntries([...text.matchAll(/\{(\w+)\}/g)].map(match => [match[1]!, match[1]!]));
}

function regexFindings({document}: Subject, index: number, pattern: string, values: Placeholders): Finding[] {
	const path = ['validations', index, 'pattern'] as const;
	const compiled = compileRegex(fillPattern(pattern, values));
	if ('error' in compiled) {
		const message = `the regular expression is not valid: ${compiled.error}`;
		if (compiled.offset === undefined) return [error(document.placeOf(path), message)];
		return [error(document.placeInText(path, unfilled(pattern, values, compiled.offset), 1), message)];
	}
	const danger = looksCatastrophic(pattern);
	return danger === undefined
		? []
		: [warning(document.placeOf(path), `this regular expression can take forever: ${danger}`)];
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
