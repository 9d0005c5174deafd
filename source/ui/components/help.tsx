import {Box, Text} from 'ink';
import {helpRows} from '../command-line/help-rows.js';
import {Line} from './line.js';

type Props = {top: number; rows: number; columns: number; isWatching: boolean};

/** All keys and commands; in a low window from row `top` on. */
export function Help({top, rows, columns, isWatching}: Props) {
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			{helpRows(columns, isWatching)
				.slice(top, top + rows)
				.map(({keys, help}, row) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: the place is the row
					<Line key={row}>
						<Text bold>{keys}</Text>
						{help}
					</Line>
				))}
		</Box>
	);
}
