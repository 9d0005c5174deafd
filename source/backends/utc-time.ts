/** A time, ms since the epoch, to the minute: `2026-11-23 08:27 UTC`. */
export function utcTime(ms: number): string {
	const date = new Date(ms);
	return Number.isNaN(date.getTime())
		? 'at an unknown time'
		: `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
