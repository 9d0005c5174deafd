import {Text} from 'ink';
import type {Look} from '../theme.js';
import {Line} from './line.js';
import {Tint} from './tint.js';

type Props = {text: string; columns: number; look?: Look; bold?: boolean};

/** What lies below, set into a rule over the whole width. Every sign of the text has one cell. */
export function Title({text, columns, look, bold = false}: Props) {
	const used = 2 + (look ? 2 : 0) + text.length + 1;
	return (
		<Line>
			<Text dimColor>─ </Text>
			{look && <Tint color={look.color}>{look.glyph} </Tint>}
			<Text bold={bold} dimColor={!bold}>
				{text}
			</Text>
			<Text dimColor> {'─'.repeat(Math.max(0, columns - used))}</Text>
		</Line>
	);
}
