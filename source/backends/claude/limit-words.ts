const names: Readonly<Record<string, string>> = {
	five_hour: 'The 5-hour limit',
	seven_day: 'The weekly limit',
	seven_day_opus: 'The weekly limit for Opus',
	seven_day_sonnet: 'The weekly limit for Sonnet',
	overage: 'The limit for extra usage',
};

/** A limit of an account by the name that Claude Code gives it, as the beginning of a sentence. */
export const limitName = (type: string | undefined): string => names[type ?? ''] ?? 'The usage limit';
