import {matchWithin} from './match.js';
import {compileRegex} from './regex.js';

/** Work that is done sooner than a thread is asked. */
const quickSteps = 100_000;

/**
 * The first place where a pattern in Python's syntax matches a text, `^` and `$` at each of its lines. A pattern that is
 * not valid, or takes longer than `limitMs`, matches nothing.
 */
export async function matchPattern(
	pattern: string,
	text: string,
	limitMs = 1_000,
): Promise<{match: string; index: number} | undefined> {
	const compiled = compileRegex(`(?m)${pattern}`);
	if ('error' in compiled) return undefined;
	const quick = compiled.worstSteps(text.length) <= quickSteps;
	const result = await matchWithin(compiled.regex, text, limitMs, quick);
	return 'match' in result && result.match !== undefined ? {match: result.match, index: result.index ?? 0} : undefined;
}
