import {Box, Text} from 'ink';
import {batchAt} from '../../core/batch-table.js';
import type {Batch, Run} from '../../core/run.js';
import {windowStart} from '../layout.js';
import {type ListColumns, listColumns, listRow} from '../list-columns.js';
import {selectionMark, statusLooks} from '../theme.js';
import {Line} from './line.js';
import {Tint} from './tint.js';
import {Title} from './title.js';

type Props = {run: Run; selected: number; now: number; rows: number; columns: number; hasTitle: boolean};

/** The batches around the selected one; only what is seen is drawn, so that 10,000 feel like 10. */
export function BatchList({run, selected, now, rows, columns, hasTitle}: Props) {
	const start = windowStart(selected, rows, run.total);
	const shown = Math.max(0, Math.min(rows, run.total - start + 1));
	const widths = listColumns(run, columns);
	const title = shown < run.total ? `batches ${start}–${start + shown - 1} of ${run.total}` : 'batches';
	return (
		<Box flexDirection="column" width={columns} height={rows + (hasTitle ? 1 : 0)}>
			{hasTitle && <Title text={title} columns={columns} />}
			{Array.from({length: shown}, (_, index) => batchAt(run, start + index)).map(batch => (
				<Row key={batch.number} {...{batch, run, now, widths}} isSelected={batch.number === selected} />
			))}
		</Box>
	);
}

type RowProps = {batch: Batch; run: Run; now: number; widths: ListColumns; isSelected: boolean};

function Row({batch, run, now, widths, isSelected}: RowProps) {
	const {glyph, color, dim = false} = statusLooks[batch.status];
	const {number, items, counters, stage} = listRow(batch, run, now, widths);
	return (
		<Line inverse={isSelected}>
			{isSelected ? selectionMark : ' '}
			<Tint color={color} dimColor={dim && !isSelected}>
				{glyph} {number}
			</Tint>
			{items !== '' && <Text dimColor={!isSelected}>{`  ${items}`}</Text>}
			{`  ${counters}`}
			<Text dimColor={!isSelected}>{stage}</Text>
		</Line>
	);
}
