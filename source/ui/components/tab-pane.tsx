import {Box} from 'ink';
import type {Batch} from '../../core/run.js';
import type {StyledLine} from '../styled-line.js';
import {lineLooks, statusLooks} from '../theme.js';
import {type Tab, tabs} from '../view-state.js';
import {Line} from './line.js';
import {Title} from './title.js';

type Props = {
	batch: Batch;
	tab: Tab;
	shown: readonly StyledLine[];
	top: number;
	rows: number;
	columns: number;
	indent: number;
};

/** A tab other than the output, from its line `top` on, below a title that names all tabs. */
export function TabPane({batch, tab, shown, top, rows, columns, indent}: Props) {
	const space = Math.max(0, rows - 1);
	const first = Math.max(0, Math.min(top, shown.length - space));
	const more =
		shown.length > space ? ` · ${first + 1}-${Math.min(first + space, shown.length)} of ${shown.length}` : '';
	const names = tabs.map((name, index) => (name === tab ? `[${name}]` : `${index + 1} ${name}`)).join(' ');
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			{rows > 0 && (
				<Title text={`batch ${batch.number} ${names}${more}`} look={statusLooks[batch.status]} columns={columns} bold />
			)}
			{shown.slice(first, first + space).map(({text, look}, index) => (
				// The place is the row: a line that moves up is another line in that place.
				// biome-ignore lint/suspicious/noArrayIndexKey: see above
				<Line key={index} {...lineLooks[look]}>
					{' '.repeat(indent) + text}
				</Line>
			))}
		</Box>
	);
}
