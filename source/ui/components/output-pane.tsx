import {Box, Text} from 'ink';
import wrapAnsi from 'wrap-ansi';
import type {Batch, Run} from '../../core/run.js';
import {counterWords, reportLines, stageWords} from '../batch-text.js';
import {statusLooks} from '../theme.js';
import {Line} from './line.js';

type Props = {
	batch: Batch;
	run: Run;
	lines: readonly string[];
	now: number;
	rows: number;
	columns: number;
	isFocused: boolean;
};

/** The last lines that a batch printed, below a title; where it printed nothing, what is known of it. */
export function OutputPane({batch, run, lines, now, rows, columns, isFocused}: Props) {
	const {glyph, color} = statusLooks[batch.status];
	const text = lines.length > 0 ? lines : reportLines(batch, run);
	const shown = lastRows(text, rows - 1, columns);
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			<Line bold={isFocused}>
				<Text {...(color && {color})}>{glyph}</Text> batch {batch.number} {counterWords(batch, run)}{' '}
				<Text dimColor>
					{batch.status} {stageWords(batch, now)}
				</Text>
			</Line>
			{shown.map((line, index) => (
				// The place is the row: a line that moves up is another line in that place.
				// biome-ignore lint/suspicious/noArrayIndexKey: see above
				<Line key={index}>{line}</Line>
			))}
		</Box>
	);
}

/** The last screen rows of these lines, wrapped to the width; only as many lines are wrapped as can be seen. */
export function lastRows(lines: readonly string[], rows: number, columns: number): string[] {
	const wrapped: string[] = [];
	for (let at = lines.length - 1; at >= 0 && wrapped.length < rows; at--) {
		const line = (lines[at] ?? '').replaceAll('\t', '    ');
		wrapped.unshift(...wrapAnsi(line, Math.max(1, columns), {hard: true, trim: false}).split('\n'));
	}
	return rows > 0 ? wrapped.slice(-rows) : [];
}
