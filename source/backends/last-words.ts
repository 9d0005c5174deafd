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
