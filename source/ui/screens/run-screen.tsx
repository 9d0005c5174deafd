import {Box, Text} from 'ink';
import {batchAt} from '../../core/batch-table.js';
import type {Run} from '../../core/run.js';
import {BatchList} from '../components/batch-list.js';
import {OutputPane} from '../components/output-pane.js';
import type {Frames} from '../hooks/use-run.js';
import {type Layout, paneHeights} from '../layout.js';

type Props = {run: Run; selected: number; frames: Frames; layout: Layout};

/** The batch list, and beside it the selected batch's output, with the other running batches below. */
export function RunScreen({run, selected, frames, layout}: Props) {
	const now = frames.now();
	const {body, list, output} = layout;
	return (
		<Box height={body}>
			{list > 0 && <BatchList run={run} selected={selected} now={now} rows={body} columns={list} />}
			{list > 0 && output > 0 && <Divider rows={body} />}
			{output > 0 && <Panes run={run} selected={selected} frames={frames} rows={body} columns={output} />}
		</Box>
	);
}

const Divider = ({rows}: {rows: number}) => (
	<Box width={1} height={rows}>
		<Text dimColor>{'│\n'.repeat(Math.max(0, rows - 1))}│</Text>
	</Box>
);

function Panes({run, selected, frames, rows, columns}: Omit<Props, 'layout'> & {rows: number; columns: number}) {
	const others = run.live.filter(number => number !== selected && batchAt(run, number).status === 'running');
	const heights = paneHeights(rows, others.length + 1);
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			{heights.map((height, index) => {
				const number = index === 0 ? selected : others[index - 1]!;
				return (
					<OutputPane
						key={number}
						batch={batchAt(run, number)}
						run={run}
						lines={frames.output.linesOf(number)}
						now={frames.now()}
						rows={height}
						columns={columns}
						isFocused={index === 0}
					/>
				);
			})}
		</Box>
	);
}
