import type {Failure} from '../core/failure.js';
import {matchWithin} from '../validation/match.js';
import {compileRegex} from '../validation/regex.js';

/** How much of a failed attempt's last words a pattern may look at, in characters. */
const longest = 2_000;
/** Work that is done sooner than a thread is asked. */
const quickSteps = 100_000;

/**
 * A failure for which there was no better word, judged by the job's own patterns: where one matches what the CLI said
 * last, letters of any case, it has met a limit. A pattern that is not valid, or takes longer than `limitMs`, matches
 * nothing.
 */
export async function withLimitPatterns(
	failure: Failure,
	patterns: readonly string[],
	limitMs = 1_000,
): Promise<Failure> {
	if (failure.kind !== 'transient' && failure.kind !== 'timeout') return failure;
	const words = (failure.raw ?? '').slice(-longest);
	if (words === '') return failure;
	for (const pattern of patterns) {
		const compiled = compileRegex(`(?i)${pattern}`);
		if ('error' in compiled) continue;
		const quick = compiled.worstSteps(words.length) <= quickSteps;
		const result = await matchWithin(compiled.regex, words, limitMs, quick);
		if (!('match' in result) || result.match === undefined) continue;
		const shown = JSON.stringify(pattern);
		return {
			...failure,
			kind: 'rate_limit',
			message: `A limit was met: the last words match ${shown} of rate_limit.detection_patterns. ${failure.message}`,
		};
	}
	return failure;
}
