import {Box, Text} from 'ink';
import {batchAt} from '../../core/batch-table.js';
import type {Run} from '../../core/run.js';
import {BatchList} from '../components/batch-list.js';
import {OutputPane} from '../components/output-pane.js';
import {TabPane} from '../components/tab-pane.js';
import type {Frames} from '../frames.js';
import {type Layout, paneHeights} from '../layout.js';
import type {StyledLine} from '../styled-line.js';
import type {Tab} from '../view-state.js';

type Props = {
	run: Run;
	selected: number;
	frames: Frames;
	layout: Layout;
	tab: Tab;
	top: number;
	shown: readonly StyledLine[];
};

/** The batch list, and beside it the selected batch's output, with the other running batches below. */
export function RunScreen({run, selected, frames, layout, tab, top, shown}: Props) {
	const now = frames.now();
	const {body, list, listRows, output} = layout;
	const others = run.live.filter(number => number !== selected && batchAt(run, number).status === 'running');
	const heights = paneHeights(body, others.length + 1);
	return (
		<Box height={body}>
			{list > 0 && <BatchList {...{run, selected, now}} rows={listRows} columns={list} hasTitle={listRows < body} />}
			{list > 0 && output > 0 && <Divider heights={heights} />}
			{output > 0 && (
				<Box flexDirection="column" width={output} height={body}>
					{heights.map((rows, index) => {
						const number = index === 0 ? selected : others[index - 1]!;
						const indent = list > 0 ? 1 : 0;
						if (index === 0 && tab !== 'output') {
							const batch = batchAt(run, number);
							return <TabPane key={number} columns={output} {...{batch, tab, top, shown, rows, indent}} />;
						}
						return (
							<OutputPane
								key={number}
								batch={batchAt(run, number)}
								lines={frames.output.linesOf(number)}
								columns={output}
								isFocused={index === 0}
								{...{run, now, rows, indent}}
							/>
						);
					})}
				</Box>
			)}
		</Box>
	);
}

/** A line between list and output that joins the rules of the panes' titles. */
function Divider({heights}: {heights: readonly number[]}) {
	const signs = heights.flatMap((rows, pane) =>
		Array.from({length: rows}, (_, row) => (row > 0 ? '│' : pane === 0 ? '┬' : '├')),
	);
	return (
		<Box width={1} height={signs.length}>
			<Text dimColor>{signs.join('\n')}</Text>
		</Box>
	);
}
