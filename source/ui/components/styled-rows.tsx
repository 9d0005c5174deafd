import {Box} from 'ink';
import type {StyledLine} from '../styled-line.js';
import {lineLooks} from '../theme.js';
import {Line} from './line.js';

type Props = {shown: readonly StyledLine[]; top: number; rows: number; columns: number};

/** Rows from `top` on, or from where the last one is seen, over the whole width. */
export function StyledRows({shown, top, rows, columns}: Props) {
	const first = Math.max(0, Math.min(top, shown.length - rows));
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			{shown.slice(first, first + rows).map(({text, look}, row) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: the place is the row
				<Line key={row} {...lineLooks[look]}>
					{/* A row without a sign would take no room. */}
					{text === '' ? ' ' : text}
				</Line>
			))}
		</Box>
	);
}
