/** How a piece of text is shown. */
export type Style = {color?: string | undefined; dim: boolean; inverse: boolean};

/** Lines that are shown in the same way, one below the other. */
export type Span = Style & {text: string};

/**
 * Puts neighbouring lines of one style together: a frame costs by the pieces it is made of, and most lines of a long
 * list look alike.
 */
export function spansOf(lines: readonly Span[]): Span[] {
	const spans: Span[] = [];
	for (const line of lines) {
		const last = spans.at(-1);
		if (last && last.color === line.color && last.dim === line.dim && last.inverse === line.inverse) {
			last.text += `\n${line.text}`;
		} else spans.push({...line});
	}
	return spans;
}
