/** The beginning of a text, at most so many UTF-16 units; never half a character, which strict receivers refuse. */
export function cut(text: string, length: number): string {
	const whole = text.toWellFormed();
	if (whole.length <= length) return whole;
	return `${whole.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
