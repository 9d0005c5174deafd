import {structuredPatch} from 'diff';
import {oneLine} from '../../process/sanitize.js';
import type {KeptFile} from '../../store/kept-attempt.js';
import {line, type StyledLine} from '../styled-line.js';

/** Unchanged lines shown around a change. */
const context = 3;
/** A diff that takes longer than this many edits is not worth its time on a screen. */
const mostEdits = 5000;

/** A watched file before the batch's first attempt against after this attempt, as a unified diff. */
export function fileDiffLines({path, before, after, beforeText, afterText}: KeptFile): StyledLine[] {
	const title = line(`${oneLine(path)}: before the first attempt → after this one`, 'strong');
	if (!after) return [title, line('not looked at yet', 'dim')];
	if (!before?.exists && !after.exists) return [title, line('was not there, and is not there', 'bad')];
	if (!after.exists) return [title, line('was deleted', 'bad')];
	if (before?.exists && before.hash !== undefined && before.hash === after.hash)
		return [title, line('is the same', 'bad')];
	if ((before?.exists && beforeText === undefined) || afterText === undefined) {
		return [
			title,
			line(`has changed: ${before?.size ?? 0} → ${after.size ?? 0} bytes (too large for a copy to be kept)`, 'dim'),
		];
	}
	return [title, ...patchLines(beforeText ?? '', afterText)];
}

/** What differs between two texts, as a unified diff. */
export function patchLines(before: string, after: string): StyledLine[] {
	const patch = structuredPatch('before', 'after', before, after, '', '', {context, maxEditLength: mostEdits});
	if (!patch) return [line('has changed in so many places that the difference is not shown', 'dim')];
	return patch.hunks.flatMap(hunk => [
		line(`@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`, 'place'),
		...hunk.lines.map(text => line(text, lookOf(text))),
	]);
}

const lookOf = (text: string) => (text.startsWith('+') ? 'added' : text.startsWith('-') ? 'removed' : 'plain');
