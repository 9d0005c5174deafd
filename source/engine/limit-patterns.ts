import type {ResetReader} from '../backends/reset-reader.js';
import {utcTime} from '../backends/utc-time.js';
import type {Failure} from '../core/failure.js';
import {matchWithin} from '../validation/match.js';
import {compileRegex} from '../validation/regex.js';

/** How much of a failed attempt's last words a pattern may look at, in characters. */
const longest = 2_000;
/** Work that is done sooner than a thread is asked. */
const quickSteps = 100_000;

type Reading = {
	/** What the CLI said in its own name; else all that is kept of its last words is looked at. */
	said: string | undefined;
	readReset: ResetReader;
	/** How long one pattern may take, ms. */
	limitMs: number;
};

/**
 * A failure for which there was no better word, judged by the job's own patterns: where one matches what the CLI said
 * last, letters of any case, it has met a limit, which lifts when the same line says so. A pattern that is not valid, or
 * takes too long, matches nothing.
 */
export async function withLimitPatterns(
	failure: Failure,
	patterns: readonly string[],
	{said = failure.raw ?? '', readReset = async () => undefined, limitMs = 1_000}: Partial<Reading> = {},
): Promise<Failure> {
	if (failure.kind !== 'transient' && failure.kind !== 'timeout') return failure;
	const met = await limitIn(said.slice(-longest), patterns, {readReset, limitMs});
	return met ? {...failure, ...met, message: `${met.message} ${failure.message}`} : failure;
}

/**
 * The limit that a run met though it ended well: where a pattern matches the whole of its reply, which may else talk about
 * limits as it likes.
 */
export async function limitInReply(
	said: string | undefined,
	patterns: readonly string[],
	{readReset = async () => undefined, limitMs = 1_000}: Partial<Omit<Reading, 'said'>> = {},
): Promise<Failure | undefined> {
	const reply = said ?? '';
	const met = await limitIn(reply, patterns, {readReset, limitMs}, length => length === reply.length);
	return met && {...met, raw: reply};
}

async function limitIn(
	words: string,
	patterns: readonly string[],
	{readReset, limitMs}: Omit<Reading, 'said'>,
	isEnough: (length: number) => boolean = () => true,
): Promise<Failure | undefined> {
	if (words === '') return undefined;
	for (const pattern of patterns) {
		const compiled = compileRegex(`(?i)${pattern}`);
		if ('error' in compiled) continue;
		const quick = compiled.worstSteps(words.length) <= quickSteps;
		const result = await matchWithin(compiled.regex, words, limitMs, quick);
		if (!('match' in result) || result.match === undefined || !isEnough(result.match.length)) continue;
		const shown = JSON.stringify(pattern);
		const until = await readReset(lineAround(words, result.index ?? 0));
		const lifts = until === undefined ? '' : ` that lifts ${utcTime(until)}`;
		return {
			kind: 'rate_limit',
			message: `A limit was met${lifts}: the last words match ${shown} of rate_limit.detection_patterns.`,
			...(until === undefined ? {} : {until}),
		};
	}
	return undefined;
}

const lineAround = (text: string, index: number): string =>
	text.slice(text.lastIndexOf('\n', index - 1) + 1).split('\n', 1)[0] ?? '';
