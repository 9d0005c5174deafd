import {Box} from 'ink';
import wrapAnsi from 'wrap-ansi';
import type {Batch, Run} from '../../core/run.js';
import {counters, itemWords, reportLines, stageWords} from '../batch-text.js';
import {statusLooks} from '../theme.js';
import {Line} from './line.js';
import {Title} from './title.js';

type Props = {
	batch: Batch;
	run: Run;
	lines: readonly string[];
	now: number;
	rows: number;
	columns: number;
	/** Empty cells left of the text. */
	indent: number;
	isFocused: boolean;
};

/** The last lines that a batch printed, below a title; when its process is over, what came of it too. */
export function OutputPane({batch, run, lines, now, rows, columns, indent, isFocused}: Props) {
	const items = itemWords(batch);
	const title = [
		`batch ${batch.number}`,
		stageWords(batch, now),
		counters(batch, run).join(' '),
		items && `items ${items}`,
	];
	const isOver = batch.status !== 'running' || batch.outcome !== undefined;
	const report = isOver ? reportLines(batch, run) : [];
	const gap = lines.length > 0 && report.length > 0 ? [''] : [];
	const shown = lastRows([...lines, ...gap, ...report], rows - 1, columns - indent);
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			{rows > 0 && (
				<Title
					text={title.filter(part => part !== '').join(' · ')}
					look={statusLooks[batch.status]}
					columns={columns}
					bold={isFocused}
				/>
			)}
			{shown.length > 0 && <Line>{shown.map(line => ' '.repeat(indent) + line).join('\n')}</Line>}
		</Box>
	);
}

/** The last screen rows of these lines, wrapped to the width; only as many lines are wrapped as can be seen. */
export function lastRows(lines: readonly string[], rows: number, columns: number): string[] {
	const wrapped: string[] = [];
	for (let at = lines.length - 1; at >= 0 && wrapped.length < rows; at--) {
		const line = (lines[at] ?? '').replaceAll('\t', '    ');
		const [first = '', ...more] = wrapAnsi(line, Math.max(1, columns), {hard: true, trim: false}).split('\n');
		// The space that a line was broken at belongs to neither row.
		wrapped.unshift(first, ...more.map(row => row.replace(/^ /, '')));
	}
	return rows > 0 ? wrapped.slice(-rows) : [];
}
