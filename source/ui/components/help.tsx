import {Box, Text} from 'ink';
import {keymap} from '../keymap.js';
import {Line} from './line.js';

const shownKeys: Record<string, string> = {
	down: '↓',
	up: '↑',
	return: '↵',
	escape: 'esc',
	pagedown: 'pgdn',
	pageup: 'pgup',
};

/** All keys, made from the keymap. */
export function Help({rows, columns}: {rows: number; columns: number}) {
	const lines = keymap.map(({keys, help}) => ({keys: keys.map(key => shownKeys[key] ?? key).join(' '), help}));
	return (
		<Box flexDirection="column" width={columns} height={rows} overflow="hidden">
			{lines.slice(0, rows).map(({keys, help}) => (
				<Line key={keys}>
					<Text bold>{keys.padStart(8)}</Text> {help}
				</Line>
			))}
		</Box>
	);
}
