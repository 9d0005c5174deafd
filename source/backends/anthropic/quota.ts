import type {Utilization} from '../backend.js';
import {headerResetTime} from '../reset-headers.js';

/** From this share on it is worth a word, 0 to 1. */
const worthAWord = 0.8;

/** How much of the account's quotas is used, by the headers of an answer: those of which little is left. */
export function utilizationOf(headers: Headers | undefined, now: number): Utilization[] {
	return [...(headers ?? [])].flatMap(([name, value]): Utilization[] => {
		const window = /^anthropic-ratelimit-(?:unified-)?(.+)-(?:utilization|remaining)$/.exec(name)?.[1];
		const prefix = name.slice(0, name.lastIndexOf('-'));
		const limit = Number(headers?.get(`${prefix}-limit`));
		const utilization = name.endsWith('-utilization') ? Number(value) : 1 - Number(value) / limit;
		if (window === undefined || !(utilization >= worthAWord && utilization <= 1)) return [];
		const reset = `${prefix}-reset`;
		const resetsAt = headerResetTime({[reset]: headers?.get(reset) ?? ''}, {now});
		return [{utilization, window, ...(resetsAt === undefined ? {} : {resetsAt})}];
	});
}
