import {durationAtStart} from './duration.js';
import {type Day, nextDay, nextTime, type WallTime, zoneNamed} from './local-time.js';

/** When and where a sentence is read: ms since the epoch, and the IANA zone in which the CLI tells times. */
export type Here = {now: number; zone: string};

/** What tells that a time follows, with the little words between. */
const cues =
	/\b(?:resets?(?:ting)?(?:[_ ]?(?:at|time|in|after))?(?:_seconds)?|try again|retry(?:ing)?(?:[-_ ]?(?:after|delay|in))?|regain access|available(?: again)?|wait)\b(?:[\s:=~∙·"'’,-]|(?:at|in|on|after|until|by|for|about|around)\b)*/gi;
/** The same, where a number alone counts seconds. */
const secondsCue =
	/\b(?:resets?_(?:in|after)_seconds|resets?_after|retry[-_ ]?after)\b["'’:=\s]*(\d{1,7}(?:\.\d+)?)(?![\w:-]|\.\d|\s*[a-z%])/i;

const epoch = /^\|?\s*(\d{10}|\d{13})(?!\d)/;
const isoDay = /^(\d{4})-(\d\d)-(\d\d)(?:T|,?\s+at\s+|,?\s+|(?=$|[.;)]))/;
const weekday = '(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\\s+)?';
const monthName =
	'(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\b\\.?';
const dayNumber = '(\\d{1,2})(?:st|nd|rd|th)?(?![\\d:])';
const yearAndRest = '(?:,?\\s+(\\d{4})(?![\\d:]))?(?:,?\\s+at\\s+|,?\\s+|(?=$|\\W))';
const monthDay = new RegExp(`^${weekday}${monthName}\\s+${dayNumber}${yearAndRest}`, 'i');
/** As in the date of a header: `Wed, 25 Nov 2026 07:28:00 GMT`. */
const dayMonth = new RegExp(`^${weekday}${dayNumber}\\s+${monthName}${yearAndRest}`, 'i');
const clockTime =
	/^(?:(\d{1,2})(?::(\d\d)(?::(\d\d)(?:[.]\d+)?)?)?\s*([ap])\.?m\b\.?|(\d{1,2}):(\d\d)(?::(\d\d)(?:[.]\d+)?)?(?![\d:]|\s*[ap]m\b))/i;
const zoneInBrackets = /^\s*\(([A-Za-z][\w+-]*(?:\/[\w+-]+)*(?::\d\d)?|[+-]\d\d:\d\d)\)/;
const zoneBeside =
	/^(?:Z\b|\s*[+-]\d\d:?\d\d\b|\s*(?:UTC|GMT)[+-]\d{1,2}(?::\d\d)?|\s+[A-Z][A-Za-z]+\/[\w/+-]+|\s*[A-Z]{1,5}\b)/;

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const midnight: WallTime = {hour: 0, minute: 0, second: 0};

/** No limit lasts longer: what would is misread. */
const longestMs = 35 * 86_400_000;
/** A reset that lies further back is not that of a limit met now. */
const stalestMs = 3_600_000;

/**
 * When the limit lifts that a CLI's sentence is about, ms since the epoch, or undefined when it does not tell. A time of
 * day is the next such time in the zone it names, else in that of `here`; a date without a year is the next such date.
 * May lie a little before `now`: then the limit has just lifted.
 */
export function resetTime(text: string, here: Here): number | undefined {
	for (const rest of afterCues(text)) {
		const time = toldTime(rest, here);
		if (time !== undefined) return time;
	}
	const seconds = secondsCue.exec(text)?.[1];
	return seconds === undefined ? undefined : believed(here.now + Number(seconds) * 1000, here.now);
}

/** As `resetTime`, of a text that begins with the time itself, as a pattern of a profile may have caught it. */
export const toldTime = (text: string, here: Here): number | undefined =>
	believed(timeAtStart(text.trim(), here), here.now);

/** The time where a limit can last until then, else undefined. */
export const believed = (time: number | undefined, now: number): number | undefined =>
	time !== undefined && time <= now + longestMs && time >= now - stalestMs ? Math.round(time) : undefined;

function afterCues(text: string): string[] {
	const ends = [...text.matchAll(cues)].map(match => match.index + match[0].length);
	const bar = text.search(/\|\d{10}/);
	return [...ends, ...(bar < 0 ? [] : [bar])].map(end => text.slice(end));
}

function timeAtStart(text: string, here: Here): number | undefined {
	const number = epoch.exec(text)?.[1];
	if (number !== undefined) return Number(number) * (number.length === 10 ? 1000 : 1);
	const date = dayAtStart(text);
	if (date) {
		const clock = clockAtStart(date.rest);
		const zone = zoneAtStart(clock?.rest ?? date.rest, here.zone);
		return zone === undefined ? undefined : nextDay(date.day, clock?.time ?? midnight, zone, here.now);
	}
	const clock = clockAtStart(text);
	if (clock) {
		const zone = zoneAtStart(clock.rest, here.zone);
		return zone === undefined ? undefined : nextTime(clock.time, zone, here.now);
	}
	const ms = durationAtStart(text);
	return ms === undefined ? undefined : here.now + ms;
}

function dayAtStart(text: string): {day: Day; rest: string} | undefined {
	const iso = isoDay.exec(text);
	if (iso) {
		const [whole, year, month, day] = iso;
		return {day: {year: Number(year), month: Number(month), day: Number(day)}, rest: text.slice(whole.length)};
	}
	const named = monthDay.exec(text);
	const turned = named ? undefined : dayMonth.exec(text);
	const [whole, month = '', day] = named ?? (turned ? [turned[0], turned[2], turned[1]] : []);
	if (whole === undefined) return undefined;
	const year = (named ?? turned)?.[3];
	const of = {month: months.indexOf(month.slice(0, 3).toLowerCase()) + 1, day: Number(day)};
	return {day: year === undefined ? of : {...of, year: Number(year)}, rest: text.slice(whole.length)};
}

function clockAtStart(text: string): {time: WallTime; rest: string} | undefined {
	const match = clockTime.exec(text);
	if (!match) return undefined;
	const [whole, hour12, minute12 = '0', second12 = '0', half, hour24, minute24 = '0', second24 = '0'] = match;
	const rest = text.slice(whole.length);
	if (hour12 !== undefined) {
		const hour = Number(hour12);
		if (hour < 1 || hour > 12) return undefined;
		return inRange((hour % 12) + (half?.toLowerCase() === 'p' ? 12 : 0), minute12, second12, rest);
	}
	return inRange(Number(hour24), minute24, second24, rest);
}

function inRange(hour: number, minute: string, second: string, rest: string) {
	const time: WallTime = {hour, minute: Number(minute), second: Number(second)};
	return hour < 24 && time.minute < 60 && time.second < 60 ? {time, rest} : undefined;
}

/** The zone that follows a time, `otherwise` where none does; undefined when one is named that nobody knows. */
function zoneAtStart(text: string, otherwise: string): string | undefined {
	const named = zoneInBrackets.exec(text)?.[1];
	if (named !== undefined) return zoneNamed(named);
	const beside = zoneBeside.exec(text)?.[0].trim();
	return (beside && zoneNamed(beside)) || otherwise;
}
