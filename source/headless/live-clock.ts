import {clockWords} from './words.js';

const hourMs = 3_600_000;

/** A clock that runs: `0:07`, `59:59`, then `1 h 00`, so that a screen that is open all night mostly stands still. */
export function liveClock(ms: number): string {
	// The other words round to the second, too: 59:59.7 must not become 1:00:00.
	if (Math.round(ms / 1000) * 1000 < hourMs) return clockWords(ms);
	const minutes = Math.floor(Math.round(ms / 1000) / 60);
	return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
}
