import {durationAtStart} from './duration.js';
import {believed} from './reset-time.js';

/**
 * When an API takes requests again by the headers of its refusal, ms since the epoch; undefined when they do not tell.
 * `retry-after` is its own word for it. Else the latest reset counts of what is used up: a header that says how much
 * remains, or that this limit allows more, takes its reset out.
 */
export function headerResetTime(headers: Readonly<Record<string, string>>, {now}: {now: number}): number | undefined {
	const values = trimmed(headers);
	const retry = retryTime(headers, {now});
	if (retry !== undefined) return retry;
	const resets = [...values].flatMap(([name, value]) => {
		if (!/ratelimit.*\breset\b/.test(name) || leavesMore(values, name)) return [];
		return believed(timeOf(value, now), now) ?? [];
	});
	return resets.length === 0 ? undefined : Math.max(...resets);
}

/** The same by `retry-after` alone: when a service that is too busy wants to be asked again. */
export function retryTime(headers: Readonly<Record<string, string>>, {now}: {now: number}): number | undefined {
	const values = trimmed(headers);
	const ms = values.get('retry-after-ms');
	const told = ms !== undefined && /^\d+$/.test(ms) ? believed(now + Number(ms), now) : undefined;
	return told ?? believed(timeOf(values.get('retry-after') ?? '', now), now);
}

const trimmed = (headers: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
	new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]));

function leavesMore(values: ReadonlyMap<string, string>, name: string): boolean {
	const remaining = values.get(name.replace(/\breset\b/, 'remaining'));
	const status = values.get(name.replace(/\breset\b/, 'status'));
	return Number(remaining ?? 0) > 0 || (status?.startsWith('allowed') ?? false);
}

/** A number counts seconds, from now or, where it is too large for that, from 1970; a larger one milliseconds from then. */
function timeOf(value: string, now: number): number | undefined {
	if (/^\d+(\.\d+)?$/.test(value)) {
		const number = Number(value);
		if (number >= 1e11) return number;
		return number * 1000 + (number < 1e8 ? now : 0);
	}
	if (/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$|^\w{3}, .* GMT$/.test(value)) {
		const time = Date.parse(value);
		return Number.isNaN(time) ? undefined : time;
	}
	const duration = durationAtStart(value);
	return duration === undefined ? undefined : now + duration;
}
