import {Box, Text, usePaste, useWindowSize} from 'ink';
import {useRef, useState, useSyncExternalStore} from 'react';
import wrapAnsi from 'wrap-ansi';
import {Footer} from '../components/footer.js';
import {Line} from '../components/line.js';
import {Tint} from '../components/tint.js';
import {useKeys} from '../hooks/use-keys.js';
import {windowStart} from '../layout.js';
import {selectionMark} from '../theme.js';
import type {JobBoard, JobRow, Opening} from './job-row.js';
import {type PickerState, placeOf, pressed} from './picker-state.js';
import {
	leadWidth,
	noJobs,
	type PickerColumns,
	pickerColumns,
	pickerHint,
	rowWords,
	stateSigns,
	titleWords,
} from './picker-text.js';

type Props = {board: JobBoard; onEnd(opening: Opening | undefined): void};

/** This user's jobs, one of which can be opened. */
export function Picker({board, onEnd}: Props) {
	const rows = useSyncExternalStore(board.subscribe, board.rows);
	const {columns, rows: height} = useWindowSize();
	const [state, setState] = useState<PickerState>({});
	// One input event can hold several keys.
	const latest = useRef(state);
	const {question, message} = state;
	const said = question ? `${question.text} y yes · l look only · any other key: no` : message;
	const spoken = said === undefined ? [] : wrapAnsi(said, Math.max(1, columns), {hard: true}).split('\n').slice(0, 4);
	const footer = Math.min(height, Math.max(spoken.length, height >= 4 ? 1 : 0));
	const title = height - footer >= 2 ? 1 : 0;
	const body = height - footer - title;
	useKeys(keys => {
		for (const name of keys) {
			const step = pressed(latest.current, name, rows ?? [], Math.max(1, Math.ceil(body / 2)));
			if ('end' in step) return onEnd(step.end);
			latest.current = step.state;
			setState(step.state);
		}
	});
	usePaste(() => {});
	if (!rows) return <Box height={height} />;
	const at = placeOf(rows, state);
	return (
		<Box flexDirection="column" width={columns} height={height}>
			{title > 0 && <Line bold>{titleWords(rows)}</Line>}
			{rows.length === 0 ? (
				<Welcome columns={columns} height={body} />
			) : (
				<Jobs {...{rows, at}} height={body} widths={pickerColumns(rows, columns)} />
			)}
			<Footer spoken={spoken} hint={pickerHint(rows[at], columns)} rows={footer} />
		</Box>
	);
}

function Jobs({
	rows,
	at,
	height,
	widths,
}: {
	rows: readonly JobRow[];
	at: number;
	height: number;
	widths: PickerColumns;
}) {
	const start = windowStart(at + 1, height, rows.length) - 1;
	return (
		<Box flexDirection="column" height={height}>
			{rows.slice(start, start + height).map((row, index) => {
				const isSelected = start + index === at;
				const {glyph, color} = stateSigns[row.state];
				return (
					<Line key={row.id} inverse={isSelected} dimColor={!row.owner && !isSelected && row.state === 'missing'}>
						{` ${isSelected ? selectionMark : ' '}`}
						<Tint color={color}>{glyph}</Tint>
						{' '.repeat(leadWidth - 3)}
						{rowWords(row, widths)}
					</Line>
				);
			})}
		</Box>
	);
}

function Welcome({columns, height}: {columns: number; height: number}) {
	const rows = noJobs.flatMap(line => wrapAnsi(line, Math.max(1, columns), {hard: true, trim: false}).split('\n'));
	return (
		<Box flexDirection="column" height={height}>
			<Text>{rows.slice(0, height).join('\n')}</Text>
		</Box>
	);
}
