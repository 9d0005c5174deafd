import {Box} from 'ink';
import type {StyledLine} from '../styled-line.js';
import {lineLooks} from '../theme.js';
import {Line} from './line.js';

type Props = {shown: readonly StyledLine[]; top: number; rows: number; columns: number};

/** Rows from `top` on, over the whole width. */
export function StyledRows({shown, top, rows, columns}: Props) {
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			{shown.slice(top, top + rows).map(({text, look}, row) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: the place is the row
				<Line key={row} {...lineLooks[look]}>
					{text}
				</Line>
			))}
		</Box>
	);
}
