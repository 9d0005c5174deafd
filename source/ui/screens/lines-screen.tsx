import {Box, useStdout} from 'ink';
import {useEffect} from 'react';
import {Footer} from '../components/footer.js';
import type {StreamedLines} from '../streamed-lines.js';

type Props = {lines: StreamedLines; spoken: readonly string[]; hint: string; columns: number; rows: number};

/** Lines go to the terminal's own scrollback; below them stands what is said and asked, else the keys of the moment. */
export function LinesScreen({lines, spoken, hint, columns, rows}: Props) {
	const {write} = useStdout();
	useEffect(() => lines.listen(told => write(told.map(line => `${line}\n`).join(''))), [lines, write]);
	// A frame as high as the window would clear the scrollback.
	const height = Math.min(rows - 2, Math.max(1, spoken.length));
	return (
		height > 0 && (
			<Box width={columns}>
				<Footer spoken={spoken} hint={hint} rows={height} />
			</Box>
		)
	);
}
