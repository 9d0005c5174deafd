import {Box, Text} from 'ink';
import {batchAt} from '../../core/batch-table.js';
import type {Run} from '../../core/run.js';
import {BatchList} from '../components/batch-list.js';
import {OutputPane} from '../components/output-pane.js';
import {TabPane} from '../components/tab-pane.js';
import type {Frames} from '../frames.js';
import {type Layout, paneHeights} from '../layout.js';
import {lastRows} from '../output-doc.js';
import {type Doc, rowsFrom, start} from '../reading/place.js';
import {placeWords} from '../reading/reading.js';
import type {Tab} from '../view-state.js';

type Props = {
	run: Run;
	selected: number;
	frames: Frames;
	layout: Layout;
	tab: Tab;
	/** What the tab shows, and what the selected batch has printed. */
	tabDoc: Doc;
	lines: readonly string[];
	filter: string | undefined;
	/** The batches that fit the filter. */
	numbers: readonly number[] | undefined;
};

/** The batch list, and beside it the selected batch's output, with the other running batches below. */
export function RunScreen({run, selected, frames, layout, tab, tabDoc, lines, filter, numbers}: Props) {
	const now = frames.now();
	const {body, list, listRows, output} = layout;
	const others = run.live.filter(number => number !== selected && batchAt(run, number).status === 'running');
	const heights = paneHeights(body, others.length + 1);
	const indent = list > 0 ? 1 : 0;
	return (
		<Box height={body}>
			{list > 0 && (
				<BatchList
					{...{run, selected, now, filter, numbers}}
					rows={listRows}
					columns={list}
					hasTitle={listRows < body}
				/>
			)}
			{list > 0 && output > 0 && <Divider heights={heights} />}
			{output > 0 && (
				<Box flexDirection="column" width={output} height={body}>
					{heights.map((rows, index) => {
						const number = index === 0 ? selected : others[index - 1]!;
						const batch = batchAt(run, number);
						const pane = {rows: rows - 1, columns: output - indent};
						const shared = {batch, rows, indent, columns: output};
						if (index === 0 && tab !== 'output') {
							const shown = rowsFrom(tabDoc, start, pane);
							const place = placeWords({doc: tabDoc, pane, follows: false}, undefined, shown);
							return <TabPane key={number} {...{tab, shown, place}} {...shared} />;
						}
						const printed = index === 0 ? lines : frames.output.linesOf(number);
						const shown = lastRows(printed, batch, run, pane);
						const turn = frames.turnOf(number);
						return <OutputPane key={number} isFocused={index === 0} {...{run, now, shown, turn}} {...shared} />;
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
