import {Box} from 'ink';
import {batchAt} from '../../core/batch-table.js';
import type {Run} from '../../core/run.js';
import {oneLine} from '../../process/sanitize.js';
import {listedOf} from '../filter/listed.js';
import {windowStart} from '../layout.js';
import {leadWidth, listColumns, rowText} from '../list-columns.js';
import {selectionMark, statusLooks} from '../theme.js';
import {Column} from './column.js';
import {Title} from './title.js';

type Props = {
	run: Run;
	selected: number;
	filter: string | undefined;
	/** The batches that fit the filter. */
	numbers: readonly number[] | undefined;
	now: number;
	rows: number;
	columns: number;
	hasTitle: boolean;
};

/**
 * The batches around the selected one; only what is seen is drawn, so that 10,000 feel like 10. Signs and texts are two
 * columns: the width of plain ASCII is known at once, that of anything else has to be looked up sign by sign.
 */
export function BatchList({run, selected, filter, numbers, now, rows, columns, hasTitle}: Props) {
	const list = listedOf(run.total, selected, numbers);
	const start = windowStart(list.selected + 1, rows, list.length);
	const shown = Math.max(0, Math.min(rows, list.length - start + 1));
	const widths = listColumns(run, columns);
	const place = shown < list.length ? ` ${start}–${start + shown - 1} of ${list.length}` : '';
	const title = numbers ? `/${oneLine(filter ?? '')} · ${numbers.length} of ${run.total} · esc all` : `batches${place}`;
	const listed = Array.from({length: shown}, (_, index) => {
		const batch = batchAt(run, list.numberAt(start - 1 + index));
		const isSelected = batch.number === selected;
		const {glyph, color, isQuiet} = statusLooks[batch.status];
		const shared = {dim: isQuiet && !isSelected, inverse: isSelected};
		return {
			sign: {text: `${isSelected ? selectionMark : ' '}${glyph} `, color, ...shared, dim: shared.dim && !color},
			text: {text: rowText(batch, run, now, widths), ...shared},
		};
	});
	return (
		<Box flexDirection="column" width={columns} height={rows + (hasTitle ? 1 : 0)}>
			{hasTitle && <Title text={title} columns={columns} />}
			{shown > 0 && (
				<Box>
					<Column lines={listed.map(({sign}) => sign)} width={Math.min(leadWidth, columns)} />
					<Column lines={listed.map(({text}) => text)} width={Math.max(0, columns - leadWidth - 1)} />
				</Box>
			)}
		</Box>
	);
}
