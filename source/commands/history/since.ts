const unitMs: Readonly<Record<string, number>> = {m: 60_000, h: 3_600_000};
const unitDays: Readonly<Record<string, number>> = {d: 1, w: 7};

/**
 * A time in the past as a person writes it: `30m` and `12h` ago to the minute, `7d` and `2w` since the beginning of that day,
 * `today`, `yesterday`, or a local date, with or without a time. Ms since the epoch; undefined where it is none of these.
 */
export function sinceOf(text: string, now: number): number | undefined {
	const today = new Date(now);
	// By the calendar: a day has 23 or 25 hours where clocks are put forward or back.
	const midnight = (daysAgo: number) =>
		new Date(today.getFullYear(), today.getMonth(), today.getDate() - daysAgo).getTime();
	if (text === 'today') return midnight(0);
	if (text === 'yesterday') return midnight(1);
	const {1: count = '', 2: unit = ''} = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
	const [ms, days] = [unitMs[unit], unitDays[unit]];
	if (ms !== undefined) return now - Number(count) * ms;
	if (days !== undefined) return midnight(Number(count) * days);
	const {1: date, 2: time = '00:00'} = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?$/.exec(text) ?? [];
	if (date === undefined) return undefined;
	const at = new Date(`${date}T${time}`);
	// A day that no month has would be taken for one of the next month.
	const isReal = !Number.isNaN(at.getTime()) && at.getDate() === Number(date.slice(-2));
	return isReal ? at.getTime() : undefined;
}
