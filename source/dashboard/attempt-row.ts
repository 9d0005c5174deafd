import {createTwoFilesPatch} from 'diff';
import {stripControls} from '../process/sanitize.js';
import type {KeptAttempt, KeptFile} from '../store/kept-attempt.js';
import type {AttemptRow} from './shapes.js';

type FileRow = AttemptRow['files'][number];

/** Unchanged lines shown around a change, and edits that a diff is worth: as on the screen. */
const context = 3;
const mostEdits = 5000;

export function attemptRow({files, failure, verdicts, ...attempt}: KeptAttempt): AttemptRow {
	return {
		...attempt,
		...(failure && {failure: {kind: failure.kind, message: stripControls(failure.message)}}),
		...(verdicts && {
			verdicts: verdicts.map(({expected, actual, message, ...verdict}) => ({
				...verdict,
				...{expected: stripControls(expected), actual: stripControls(actual), message: stripControls(message)},
			})),
		}),
		files: files.map(fileRow),
	};
}

/** A watched file before the batch's first attempt against after this one. */
function fileRow(file: KeptFile): FileRow {
	const {path, before, after} = file;
	const change = changeOf(file);
	const diff = change === 'added' || change === 'changed' ? diffOf(file) : undefined;
	return {
		path,
		change,
		...(before?.size !== undefined && {beforeBytes: before.size}),
		...(after?.size !== undefined && {afterBytes: after.size}),
		...(diff !== undefined && {diff}),
	};
}

function changeOf({before, after}: KeptFile): FileRow['change'] {
	if (!after) return 'unknown';
	if (!after.exists) return before?.exists ? 'deleted' : 'absent';
	if (!before?.exists) return 'added';
	return before.hash !== undefined && before.hash === after.hash ? 'same' : 'changed';
}

function diffOf({path, before, beforeText, afterText}: KeptFile): string | undefined {
	if ((before?.exists && beforeText === undefined) || afterText === undefined) return undefined;
	const options = {context, maxEditLength: mostEdits};
	const patch = createTwoFilesPatch(path, path, beforeText ?? '', afterText, 'before', 'after', options);
	return patch === undefined ? undefined : stripControls(patch);
}
