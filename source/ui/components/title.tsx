import {Text} from 'ink';
import type {Look} from '../theme.js';
import {Line} from './line.js';
import {Tint} from './tint.js';

type Props = {
	text: string;
	columns: number;
	look?: Look;
	bold?: boolean;
	/** What moves, at the right end, where it changes the fewest cells of the line. */
	end?: string | undefined;
	/** A sign that turns, in place of the rule's last one. */
	sign?: string | undefined;
};

/** What lies below, set into a rule over the whole width. Every sign of the texts has one cell. */
export function Title({text, columns, look, bold = false, end = '', sign}: Props) {
	const used = 2 + (look ? 2 : 0) + text.length + 1 + (end === '' ? 0 : end.length + 3);
	const rule = ` ${'─'.repeat(Math.max(0, columns - used))}${end === '' ? '' : ` ${end} ${sign ?? '─'}`}`;
	return (
		<Line>
			<Text dimColor>─ </Text>
			{look && <Tint color={look.color}>{look.glyph} </Tint>}
			{bold && <Text bold>{text}</Text>}
			<Text dimColor>{bold ? rule : text + rule}</Text>
		</Line>
	);
}
