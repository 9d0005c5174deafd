import {stripControls} from '../process/sanitize.js';

/** How much of the last output goes along with a failure, in characters. */
const most = 4_000;

/** The end of what was printed, safe to show, beginning with a whole line where there is one. */
export function lastLines(tail: string): string {
	const text = stripControls(tail).trim();
	if (text.length <= most) return text;
	const end = text.slice(-most);
	const lineStart = end.indexOf('\n') + 1;
	return lineStart < most / 4 ? end.slice(lineStart) : end;
}

/** A reply that is longer than this is no sentence of the CLI. */
const longestSentence = 400;

/**
 * A run that ended well may talk about limits as it likes: of its reply only one that may be a sentence and nothing else
 * is looked at. Empty for any other.
 */
export const shortReply = (reply: string): string =>
	reply.length <= longestSentence && !reply.includes('\n') ? reply : '';
