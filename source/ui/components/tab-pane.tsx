import {Box} from 'ink';
import type {Batch} from '../../core/run.js';
import type {Doc, DocRow} from '../reading/place.js';
import type {Search} from '../reading/reading.js';
import {tabTitle} from '../tab-title.js';
import {statusLooks} from '../theme.js';
import type {Tab} from '../view-state.js';
import {Rows} from './rows.js';
import {Title} from './title.js';

type Props = {
	batch: Batch;
	tab: Tab;
	shown: readonly DocRow[];
	/** Which lines are shown, where not all are; where it is read that comes first. */
	place: string;
	isRead?: boolean;
	search?: {doc: Doc; search: Search} | undefined;
	rows: number;
	columns: number;
	indent: number;
};

/** A tab other than the output below a title that names all tabs. */
export function TabPane({batch, tab, shown, place, isRead = false, search, rows, columns, indent}: Props) {
	const title = tabTitle(batch.number, tab, {place, isRead, columns});
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			{rows > 0 && <Title text={title} look={statusLooks[batch.status]} columns={columns} bold />}
			{shown.length > 0 && <Rows rows={shown} indent={indent} search={search} />}
		</Box>
	);
}
