import type {Run} from '../../core/run.js';
import {oneLine} from '../../process/sanitize.js';
import type {Size} from '../layout.js';
import {type LineWindow, windowOf} from '../line-window.js';
import {specOf} from './commands.js';
import {offersFor, type Typing} from './typing.js';

/** A row of words of which one may be chosen. */
type Offers = {before: string; chosen: string; after: string};

/** What the footer shows while a command is typed, from top to bottom; in a low window only the line itself. */
export type PromptRows = {usage?: string; offers?: Offers; line: LineWindow};

/** Below this height nothing but the line is shown. */
const fewestRows = 6;

export function promptRows(
	typing: Typing,
	run: Run,
	{columns, rows, message, isWatching = false}: Size & {message?: string | undefined; isWatching?: boolean},
): PromptRows {
	const line = windowOf(typing.line, columns - 1);
	if (rows < fewestRows) return {line};
	const words = typing.offered?.words ?? offersFor(typing, run, isWatching);
	const offers = words.length > 0 ? offersRow(words, typing.offered?.at, columns) : undefined;
	const [name = '', ...more] = typing.line.text.trimStart().split(/\s+/);
	const spec = more.length > 0 || words.length === 1 ? specOf(more.length > 0 ? name : (words[0] ?? '')) : undefined;
	const usage = message ?? (spec && `${[spec.name, spec.words].filter(Boolean).join(' ')}  ${spec.help}`);
	return {
		...(usage !== undefined && {usage: oneLine(usage)}),
		...(offers && {offers}),
		line,
	};
}

export const rowCount = ({usage, offers}: PromptRows): number =>
	1 + (usage === undefined ? 0 : 1) + (offers === undefined ? 0 : 1);

/** As many words as fit, the chosen one among them. */
function offersRow(words: readonly string[], at: number | undefined, columns: number): Offers {
	const gap = '  ';
	let first = 0;
	const width = (from: number, to: number) => words.slice(from, to).join(gap).length + (from > 0 ? 3 : 0) + 3;
	while (at !== undefined && first < at && width(first, at + 1) > columns) first++;
	let last = words.length;
	while (last > first + 1 && width(first, last) - (last === words.length ? 3 : 0) > columns) last--;
	const shown = (from: number, to: number) => words.slice(from, to).join(gap);
	const start = first > 0 ? `…${gap}` : '';
	const end = last < words.length ? `${gap}…` : '';
	if (at === undefined) return {before: start + shown(first, last) + end, chosen: '', after: ''};
	const before = at > first ? shown(first, at) + gap : '';
	const after = at + 1 < last ? gap + shown(at + 1, last) : '';
	return {before: start + before, chosen: words[at] ?? '', after: after + end};
}
