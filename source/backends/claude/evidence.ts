import type {Failure} from '../../core/failure.js';
import type {Exited} from '../../process/run.js';
import {stripControls} from '../../process/sanitize.js';
import {lastLines, shortReply} from '../last-words.js';
import {type ResetReader, withReset} from '../reset-reader.js';
import {firstLine} from '../tool-words.js';
import type {AssistantEvent} from './event.js';
import {type Evidence, lookUp} from './failure-table.js';
import type {Format, Seen} from './transcript.js';

/** Puts together what speaks for or against a run that is over. */
export function evidenceOf(
	seen: Seen,
	exit: Exited,
	{format, timeoutSeconds}: {format: Format; timeoutSeconds: number},
): Evidence {
	const {result, apiError} = seen;
	const reply = (result?.result ?? (format === 'text' ? seen.plain : '')).trim();
	const silent = format === 'text' ? reply === '' : result === undefined;
	// Never by `subtype`, never by the exit code alone: an interrupted run exits 0, and so do some limits.
	const failed = exit.exitCode !== 0 || silent || (result?.is_error ?? false) || apiError?.error !== undefined;
	const words = failed ? wordsOf(seen, exit) : [];
	const wholeReply = shortReply(reply);
	return {
		seen,
		exit,
		failed,
		timeoutSeconds,
		said: words.join('\n') || wholeReply,
		quote: words[0] === undefined ? '' : ` ("${firstLine(words[0])}")`,
		says(sentence) {
			const atStart = new RegExp(sentence.source, `${sentence.flags}y`);
			for (const word of words) {
				atStart.lastIndex = 0;
				const match = atStart.exec(word);
				if (match) return match;
			}
			atStart.lastIndex = 0;
			const match = atStart.exec(wholeReply);
			return match && match[0].length === wholeReply.length ? match : undefined;
		},
	};
}

/** Why a run failed, with its last words and with the end of a limit; undefined when nothing speaks against it. */
export async function failureOf(evidence: Evidence, readReset: ResetReader): Promise<Failure | undefined> {
	const failure = kindOf(evidence);
	return failure?.kind === 'rate_limit' ? withReset(failure, evidence.said, readReset) : failure;
}

function kindOf(evidence: Evidence): Failure | undefined {
	const {seen, exit} = evidence;
	const raw = lastLines(wordsOf(seen, exit).join('\n') || seen.shown);
	const words = raw === '' ? {} : {raw};
	if (exit.aborted) return {kind: 'interrupted', message: 'Stopped before it had finished.', ...words};
	const found = lookUp(evidence);
	return found && {...found, ...words};
}

/** What the CLI said in its own name: the error that is its result, and else what stood beside its events. */
function wordsOf(seen: Seen, exit: Exited): string[] {
	const {result, apiError, plain} = seen;
	const own = [
		...(result?.is_error ? [result.result ?? '', ...result.errors] : []),
		...(apiError?.error === undefined ? [] : [textOf(apiError)]),
	];
	const lines = (text: string) => stripControls(text).split('\n').slice(-20);
	const words = [...own, ...lines(exit.tails.stderr), ...lines(plain)].map(word => word.trim());
	return [...new Set(words)].filter(word => word !== '');
}

const textOf = ({message}: AssistantEvent) => message.content.map(({text}) => text).join('\n');
