import {Box, Text} from 'ink';
import type {InputLine} from '../input-line.js';
import {windowOf} from '../line-window.js';
import {Line} from './line.js';

/** What is typed after `/`, with its cursor. */
export function SeekPrompt({line, columns}: {line: InputLine; columns: number}) {
	const {before, at, after} = windowOf(line, columns - 1);
	return (
		<Box height={1} width={columns}>
			<Line>
				<Text bold>/</Text>
				{before}
				<Text inverse>{at}</Text>
				{after}
			</Line>
		</Box>
	);
}
