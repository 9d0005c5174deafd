import {looksCatastrophic} from './catastrophic.js';
import {matchWithin} from './match.js';
import {compileRegex} from './regex.js';

type Found = {index: number; length: number}[];

/** Work that is done sooner than a thread is asked. */
const quickSteps = 100_000;

/**
 * Prepares a pattern in Python's syntax, `^` and `$` at each line, for the search through texts: the first match of each
 * line, at most so many. One that is not valid is a sentence, and so is one that takes longer than `limitMs` for a match:
 * it may come from a model.
 */
export function findMatches(
	pattern: string,
	ignoresCase: boolean,
	limitMs = 2_000,
): ((text: string, most: number) => Promise<Found | {problem: string}>) | {problem: string} {
	const compiled = compileRegex(`(?m${ignoresCase ? 'i' : ''})${pattern}`);
	if ('error' in compiled) return {problem: `The regular expression is not valid: ${compiled.error}.`};
	const {regex, worstSteps} = compiled;
	return async (text, most) => {
		const found: Found = [];
		for (let from = 0; from < text.length && found.length < most; ) {
			const rest = text.slice(from);
			const result = await matchWithin(regex, rest, limitMs, worstSteps(rest.length) <= quickSteps);
			if ('failed' in result) return {problem: `The regular expression cannot be used: ${result.failed}.`};
			if ('timedOut' in result) return {problem: `The regular expression takes too long. ${adviceFor(pattern)}`};
			if (result.match === undefined) return found;
			const index = from + (result.index ?? 0);
			// Behind the end of the last line there is no line.
			if (index === text.length && text.endsWith('\n')) return found;
			found.push({index, length: result.match.length});
			const end = text.indexOf('\n', index);
			if (end < 0) return found;
			from = Math.max(end + 1, index + result.match.length);
		}
		return found;
	};
}

const adviceFor = (pattern: string) => looksCatastrophic(pattern) ?? 'Use a simpler one, or search for plain text.';
