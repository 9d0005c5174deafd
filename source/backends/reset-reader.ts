import type {Failure} from '../core/failure.js';
import {utcTime} from './utc-time.js';

/**
 * When a limit lifts, ms since the epoch, by a sentence of a CLI or by a time that it told as a number, ms; undefined
 * where it tells none, or none that can be believed.
 */
export type ResetReader = (told: string | number) => Promise<number | undefined>;

/** Times are told in the zone of the child, whose environment this is. The grammar is loaded when a limit is met. */
export function createResetReader({
	now,
	env,
}: {
	now(): number;
	env: Readonly<Record<string, string | undefined>>;
}): ResetReader {
	return async told => {
		const {believed, resetTime} = await import('./reset-time.js');
		const time = now();
		return typeof told === 'number' ? believed(told, time) : resetTime(told, {now: time, zone: zoneOf(env)});
	};
}

/** A failure by a limit, with the time at which it lifts and with words for it. `said` is what the CLI said about it. */
export async function withReset(failure: Failure, said: string, read: ResetReader): Promise<Failure> {
	const {until: told, brief, ...rest} = failure;
	const until = (told === undefined ? undefined : await read(told)) ?? (await read(said));
	const message = failure.message.replace(/\.$/, '');
	if (until !== undefined)
		return {...rest, until, message: `${message}; it resets ${utcTime(until)}, and the job goes on by itself then.`};
	return brief
		? {...rest, brief, message: `${message}: the job waits a little and tries again.`}
		: {...rest, message: `${message}; when it resets was not told.`};
}

/** The zone in which a child with this environment tells times. */
export function zoneOf({TZ}: Readonly<Record<string, string | undefined>>): string {
	const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
	if (!TZ) return own;
	try {
		return new Intl.DateTimeFormat('en', {timeZone: TZ}).resolvedOptions().timeZone;
	} catch {
		return own;
	}
}
