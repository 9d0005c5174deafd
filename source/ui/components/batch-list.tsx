import {Box} from 'ink';
import {batchAt} from '../../core/batch-table.js';
import type {Run} from '../../core/run.js';
import {windowStart} from '../layout.js';
import {leadWidth, listColumns, rowText} from '../list-columns.js';
import {selectionMark, statusLooks} from '../theme.js';
import {Column} from './column.js';
import {Title} from './title.js';

type Props = {run: Run; selected: number; now: number; rows: number; columns: number; hasTitle: boolean};

/**
 * The batches around the selected one; only what is seen is drawn, so that 10,000 feel like 10. Signs and texts are two
 * columns: the width of plain ASCII is known at once, that of anything else has to be looked up sign by sign.
 */
export function BatchList({run, selected, now, rows, columns, hasTitle}: Props) {
	const start = windowStart(selected, rows, run.total);
	const shown = Math.max(0, Math.min(rows, run.total - start + 1));
	const widths = listColumns(run, columns);
	const title = shown < run.total ? `batches ${start}–${start + shown - 1} of ${run.total}` : 'batches';
	const listed = Array.from({length: shown}, (_, index) => {
		const batch = batchAt(run, start + index);
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
