import {Box, Text} from 'ink';
import {helpRows} from '../help-text.js';
import {Line} from './line.js';

type Props = {top: number; rows: number; columns: number};

/** All keys; in a low window from row `top` on. */
export function Help({top, rows, columns}: Props) {
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			{helpRows(columns)
				.slice(top, top + rows)
				.map(({keys, help}) => (
					<Line key={keys + help}>
						<Text bold>{keys}</Text>
						{help}
					</Line>
				))}
		</Box>
	);
}
