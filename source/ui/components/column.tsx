import {Box} from 'ink';
import {type Span, spansOf} from '../spans.js';
import {Line} from './line.js';
import {Tint} from './tint.js';

/** Lines one below the other, each cut at the width. */
export function Column({lines, width}: {lines: readonly Span[]; width: number}) {
	const spans = spansOf(lines);
	return (
		<Box width={width} flexShrink={0}>
			<Line>
				{spans.map(({text, color, dim, inverse}, index) => (
					// The place is what a span is known by: its text and style change as the list moves.
					// biome-ignore lint/suspicious/noArrayIndexKey: see above
					<Tint key={index} color={color} dimColor={dim} inverse={inverse}>
						{index < spans.length - 1 ? `${text}\n` : text}
					</Tint>
				))}
			</Line>
		</Box>
	);
}
