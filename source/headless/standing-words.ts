import {slotsOf} from '../core/limit.js';
import type {Run} from '../core/run.js';
import type {Summary} from '../core/summary.js';
import {oneLine} from '../process/sanitize.js';
import {liveClock} from './live-clock.js';
import {timeOfDayFrom} from './words.js';

/** Why nothing more starts; undefined where something does. */
export function standstillWords({limit, reason}: Pick<Summary, 'limit' | 'reason'>, now: number): string | undefined {
	if (!limit) return reason && oneLine(reason);
	return `waits until ${timeOfDayFrom(limit.until, now)}, ${liveClock(limit.until - now)} left: ${oneLine(limit.message)}`;
}

/** How many batches run at once, and why they are fewer than was asked for. */
export function slotWords(run: Run, now: number): string {
	const {concurrency, slowed, warned} = run;
	const slots = slotsOf(run, now);
	if (slots === concurrency) return `${concurrency} at once`;
	const why =
		slots === slowed || !warned ? 'overloaded' : `${Math.round(warned.utilization * 100)} % of the limit used`;
	return `${slots} of ${concurrency} at once (${why})`;
}

/** `2–5 min`, `1.5–4 h`: what is said of the time to come is rough, and shall look so. */
export function rangeWords({fromMs, toMs}: {fromMs: number; toMs: number}): string {
	const minutes = toMs / 60_000;
	if (minutes < 1) return 'less than 1 min';
	const [unit, words] = minutes < 90 ? [60_000, 'min'] : [3_600_000, 'h'];
	const step = unit === 60_000 || toMs >= 10 * unit ? 1 : 0.5;
	const [from, to] = [Math.floor(fromMs / unit / step) * step, Math.ceil(toMs / unit / step) * step];
	return from === to ? `${to} ${words}` : `${from}–${to} ${words}`;
}
