import {Box, Text} from 'ink';
import {type PromptRows, rowCount} from '../command-line/prompt-rows.js';
import {Line} from './line.js';

/** The command that is typed, and above it what it means and what can follow. */
export function CommandPrompt({prompt, rows}: {prompt: PromptRows; rows: number}) {
	const {usage, offers, line} = prompt;
	const isWhole = rows >= rowCount(prompt);
	return (
		<Box flexDirection="column" height={rows}>
			{isWhole && usage !== undefined && <Line dimColor>{usage}</Line>}
			{isWhole && offers && (
				<Line color="cyan">
					{offers.before}
					<Text inverse>{offers.chosen}</Text>
					{offers.after}
				</Line>
			)}
			{rows > 0 && (
				<Line>
					<Text bold>:</Text>
					{line.before}
					<Text inverse>{line.at}</Text>
					{line.after}
				</Line>
			)}
		</Box>
	);
}
