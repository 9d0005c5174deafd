import type {Utilization} from '../backend.js';
import {headerResetTime} from '../reset-headers.js';

/** From this share on it is worth a word, 0 to 1. */
const worthAWord = 0.8;

/** The windows of a subscription by the names that Claude Code gives them. */
const windows: Readonly<Record<string, string>> = {'5h': 'five_hour', '7d': 'seven_day'};

/** Which of the account's quotas is used most, by the headers of an answer; undefined while enough is left of all. */
export function utilizationOf(headers: Headers | undefined, now: number): Utilization | undefined {
	let most: {share: number; prefix: string; name: string} | undefined;
	for (const [header, value] of headers ?? []) {
		const found = /^(anthropic-ratelimit-(?:unified-)?(.+))-(utilization|remaining)$/.exec(header);
		if (!found) continue;
		const [, prefix = '', name = '', figure] = found;
		const share =
			figure === 'utilization' ? Number(value) : 1 - Number(value) / Number(headers?.get(`${prefix}-limit`));
		if (share >= worthAWord && share <= 1 && share > (most?.share ?? 0)) most = {share, prefix, name};
	}
	if (!most) return undefined;
	const {share: utilization, prefix, name} = most;
	const reset = `${prefix}-reset`;
	const resetsAt = headerResetTime({[reset]: headers?.get(reset) ?? ''}, {now});
	return {utilization, window: windows[name] ?? name, ...(resetsAt === undefined ? {} : {resetsAt})};
}
