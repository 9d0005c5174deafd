import {Temporal} from 'temporal-polyfill';

/** A time as a clock on the wall shows it. */
export type WallTime = {hour: number; minute: number; second: number};
/** A day of some year, or of the one that is named. `month` counts from 1. */
export type Day = {month: number; day: number; year?: number};

/** What just was may be said of a time that is to come: to the minute it is told, and the CLI needed time to end. */
const momentMs = 120_000;
/** As `momentMs`, of a date. */
const longMomentMs = 3_600_000;

/** Zones by the names that US English gives them; other short names are those of the machine that wrote them. */
const shortZones: Readonly<Record<string, string>> = {
	Z: 'UTC',
	UTC: 'UTC',
	GMT: 'UTC',
	PST: '-08:00',
	PDT: '-07:00',
	MST: '-07:00',
	MDT: '-06:00',
	CST: '-06:00',
	CDT: '-05:00',
	EST: '-05:00',
	EDT: '-04:00',
};

/** A zone that Temporal takes, from an IANA name, `GMT+5:30`, `+02:00` or a short name; undefined when it is none. */
export function zoneNamed(name: string): string | undefined {
	const short = shortZones[name.toUpperCase()];
	if (short !== undefined) return short;
	const offset = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d\d))?$/i.exec(name);
	const zone = offset ? `${offset[1]}${offset[2]?.padStart(2, '0')}:${offset[3] ?? '00'}` : name;
	try {
		Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
		return zone;
	} catch {
		return undefined;
	}
}

/** When a clock in the zone shows this time next, ms since the epoch; it may have shown it a moment ago. */
export function nextTime(time: WallTime, zone: string, now: number): number | undefined {
	const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
	const days = [-1, 0, 1].map(more => today.add({days: more}));
	return earliest(
		days.flatMap(day => instants(day, time, zone)),
		now - momentMs,
	);
}

/** When it is this time of this day in the zone, ms since the epoch: the next such day where no year is named. */
export function nextDay({month, day, year}: Day, time: WallTime, zone: string, now: number): number | undefined {
	const from = now - longMomentMs;
	const thisYear = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).year;
	const years = year === undefined ? [-1, 0, 1].map(more => thisYear + more) : [year];
	return earliest(
		years.flatMap(one => {
			try {
				const date = Temporal.PlainDate.from({year: one, month, day}, {overflow: 'reject'});
				return instants(date, time, zone);
			} catch {
				return [];
			}
		}),
		from,
	);
}

/**
 * The times at which a clock shows this: two where it is set back, so that who comes too early at the first one is told
 * the second; and where it is set forward past it, the time as long after the change as it would have been.
 */
function instants(day: Temporal.PlainDate, {hour, minute, second}: WallTime, zone: string): number[] {
	const local = day.toPlainDateTime({hour, minute, second});
	return (['earlier', 'later'] as const)
		.map(disambiguation => local.toZonedDateTime(zone, {disambiguation}))
		.filter((zoned, index) => index === 1 || zoned.toPlainDateTime().equals(local))
		.map(zoned => zoned.epochMilliseconds);
}

const earliest = (times: readonly number[], from: number): number | undefined => {
	const coming = times.filter(time => time >= from);
	return coming.length === 0 ? undefined : Math.min(...coming);
};
