const part =
	/(\d+(?:\.\d+)?|an?\b)\s*(weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|ms|milliseconds?|m|seconds?|secs?|s)(?![a-z])(?:\s*,)?\s*(?:and\s+)?/iy;
const underAMinute = /less than (?:a|1|one) minute\b/iy;

/** Length of a unit by its shortest beginning that is its own, ms. */
const units: readonly (readonly [start: string, ms: number])[] = [
	['w', 7 * 86_400_000],
	['d', 86_400_000],
	['h', 3_600_000],
	['ms', 1],
	['mil', 1],
	['m', 60_000],
	['s', 1_000],
];

/** How long the duration is that a text begins with, ms: `2 days 17 hours 14 minutes`, `6m0s`, `1h 30m`, `an hour`. */
export function durationAtStart(text: string): number | undefined {
	underAMinute.lastIndex = 0;
	if (underAMinute.test(text)) return 60_000;
	let ms: number | undefined;
	part.lastIndex = 0;
	for (let match = part.exec(text); match; match = part.exec(text)) {
		const [, number = '', unit = ''] = match;
		const length = units.find(([start]) => unit.toLowerCase().startsWith(start))?.[1] ?? 0;
		ms = (ms ?? 0) + (/^a/i.test(number) ? 1 : Number(number)) * length;
	}
	return ms === undefined ? undefined : Math.round(ms);
}
