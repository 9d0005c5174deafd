const names: Readonly<Record<string, string>> = {
	five_hour: 'The 5-hour limit',
	seven_day: 'The weekly limit',
	seven_day_opus: 'The weekly limit for Opus',
	seven_day_sonnet: 'The weekly limit for Sonnet',
	overage: 'The limit for extra usage',
};

/** A limit of an account by the name that Claude Code gives it, as the beginning of a sentence. */
export const limitName = (type: string | undefined): string => names[type ?? ''] ?? 'The usage limit';

/** A time, ms since the epoch, to the minute: `2026-11-23 08:27 UTC`. */
export function utcTime(ms: number): string {
	const date = new Date(ms);
	return Number.isNaN(date.getTime())
		? 'at an unknown time'
		: `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
