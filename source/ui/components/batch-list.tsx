import {Box, Text} from 'ink';
import {batchAt} from '../../core/batch-table.js';
import type {Batch, Run} from '../../core/run.js';
import {counterWords, itemWords, stageWords} from '../batch-text.js';
import {windowStart} from '../layout.js';
import {statusLooks} from '../theme.js';
import {Line} from './line.js';

type Props = {run: Run; selected: number; now: number; rows: number; columns: number};

/** The batches around the selected one; only what is seen is drawn, so that 10,000 feel like 10. */
export function BatchList({run, selected, now, rows, columns}: Props) {
	const start = windowStart(selected, rows, run.total);
	const shown = Math.max(0, Math.min(rows, run.total - start + 1));
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			{Array.from({length: shown}, (_, index) => batchAt(run, start + index)).map(batch => (
				<Row key={batch.number} {...{batch, run, now}} isSelected={batch.number === selected} />
			))}
		</Box>
	);
}

function Row({batch, run, now, isSelected}: {batch: Batch; run: Run; now: number; isSelected: boolean}) {
	const {glyph, color, dim} = statusLooks[batch.status];
	const number = String(batch.number).padStart(String(run.total).length);
	return (
		<Line inverse={isSelected}>
			<Text {...(color && {color})} dimColor={dim ?? false}>
				{glyph} {number}
			</Text>
			<Text dimColor> {itemWords(batch)}</Text> {counterWords(batch, run)}{' '}
			<Text dimColor>{stageWords(batch, now)}</Text>
		</Line>
	);
}
