import type {Batch, Run} from '../core/run.js';
import {reportLines} from '../headless/batch-text.js';
import type {Output} from './hooks/use-output.js';
import {type Doc, type DocRow, lastPlace, type Pane, rowsFrom} from './reading/place.js';
import {type LineLook, line, type StyledLine} from './styled-line.js';

/** How the lines of a conversation are dressed, by the signs that its backend puts before them. */
const talk: readonly [RegExp, LineLook][] = [
	[/^ *✗ |^✖ /, 'bad'],
	[/^ *↳ /, 'dim'],
	[/^ *● /, 'place'],
	[/^✔ /, 'good'],
	[/^! /, 'strong'],
];

const plain = (text: string): StyledLine => line(text);
const spoken = (text: string): StyledLine => line(text, talk.find(([sign]) => sign.test(text))?.[1] ?? 'plain');

/** Everything that an output pane has to show: what was printed, and when the process is over what came of it. */
export function outputDoc(output: Output, batch: Batch, run: Run): Doc {
	const {of, first, note, lines, isComing = false} = output;
	const shown = lines.map(dressOf(run));
	return {
		of,
		first: note === undefined ? first : Math.max(0, first - 1),
		lines: [...(note === undefined ? [] : [line(note, 'dim')]), ...shown, ...reportOf(batch, run, lines.length > 0)],
		isComing,
	};
}

/** The last rows of the same; only as many lines are looked at as can be seen. */
export function lastRows(lines: readonly string[], batch: Batch, run: Run, pane: Pane): DocRow[] {
	if (pane.rows <= 0) return [];
	const shown = lines.slice(-pane.rows).map(dressOf(run));
	const doc = {of: '', first: 0, lines: [...shown, ...reportOf(batch, run, lines.length > 0)]};
	return rowsFrom(doc, lastPlace(doc, pane), pane);
}

const dressOf = ({job}: Run) =>
	[job.backend, ...(job.backend.fallbacks ?? [])].some(({type}) => type !== 'command') ? spoken : plain;

function reportOf(batch: Batch, run: Run, isBelow: boolean): StyledLine[] {
	const isOver = batch.status !== 'running' || batch.outcome !== undefined;
	const report = isOver ? reportLines(batch, run).map(text => line(text)) : [];
	return isBelow && report.length > 0 ? [line(''), ...report] : report;
}
