import {Box} from 'ink';
import type {Batch, Run} from '../../core/run.js';
import {paneTitle} from '../pane-title.js';
import type {Doc, DocRow} from '../reading/place.js';
import type {Search} from '../reading/reading.js';
import {spinnerSigns, statusLooks} from '../theme.js';
import {Rows} from './rows.js';
import {Title} from './title.js';

type Props = {
	batch: Batch;
	run: Run;
	shown: readonly DocRow[];
	/** Which lines are shown, where they are not the last ones. */
	place?: string;
	search?: {doc: Doc; search: Search} | undefined;
	now: number;
	rows: number;
	columns: number;
	/** Empty cells left of the text. */
	indent: number;
	isFocused: boolean;
	/** Grows while the batch prints. */
	turn?: number | undefined;
};

/** What a batch printed, below a title that says how it is with it. */
export function OutputPane({batch, run, shown, place, search, now, rows, columns, indent, isFocused, turn}: Props) {
	const title = paneTitle(batch, run, {now, columns, place});
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			{rows > 0 && (
				<Title
					{...title}
					look={statusLooks[batch.status]}
					columns={columns}
					bold={isFocused}
					sign={turn === undefined ? undefined : spinnerSigns[turn % spinnerSigns.length]}
				/>
			)}
			{shown.length > 0 && <Rows rows={shown} indent={indent} search={search} />}
		</Box>
	);
}
