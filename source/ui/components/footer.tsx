import {Box} from 'ink';
import {Line} from './line.js';

type Props = {spoken: readonly string[]; hint: string; rows: number};

/** What the screen has to say, else the keys of the moment. */
export function Footer({spoken, hint, rows}: Props) {
	return (
		<Box flexDirection="column" height={rows}>
			{spoken.slice(0, rows).map((line, row) => (
				// Two rows of a long answer can be the same.
				// biome-ignore lint/suspicious/noArrayIndexKey: the place is the row
				<Line key={row} color="yellow">
					{line}
				</Line>
			))}
			{spoken.length === 0 && rows > 0 && <Line dimColor>{hint}</Line>}
		</Box>
	);
}
