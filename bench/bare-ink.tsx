import {Box, render, Text, useInput} from 'ink';

const rows = Array.from({length: 38}, (_, row) => `row ${row}`);

/** The least that fills a window of 120×40: a title, a list beside some text, a line of keys. */
function App() {
	useInput(() => {});
	return (
		<Box flexDirection="column" width={120} height={40}>
			<Text bold>bare</Text>
			<Box height={38}>
				<Box flexDirection="column" width={36}>
					{rows.map(row => (
						<Text key={row}>{row}</Text>
					))}
				</Box>
				<Text>some text</Text>
			</Box>
			<Text dimColor>q quit · ? help</Text>
		</Box>
	);
}

render(<App />, {alternateScreen: true, incrementalRendering: true, patchConsole: false, interactive: true});
