import cliTruncate from 'cli-truncate';
import {limitsOf} from '../core/cli-limits.js';
import type {Run} from '../core/run.js';
import type {Summary} from '../core/summary.js';
import {tokenWords} from '../core/usage.js';
import {liveClock} from '../headless/live-clock.js';
import {moneyWords, tokenBudgetWords} from '../headless/spent-words.js';
import {rangeWords, slotWords, standstillWords} from '../headless/standing-words.js';
import {counted, timeOfDayFrom} from '../headless/words.js';
import {oneLine} from '../process/sanitize.js';

type Range = {fromMs: number; toMs: number};

export type HeaderParts = {name: string; done: string; failed: string; skipped: string; elapsed: string; bar: number};

/** Cells that a name may be cut to, and the bar's least and greatest width. */
const leastName = 8;
const leastBar = 5;
const greatestBar = 40;

/** The cells of a text, or some more: to know them exactly takes tables that are dear to load before the first frame. */
const mostCells = (text: string) => text.replace(/[^ -~·–]/gu, '..').length;

/** The first line's parts for a width: the bar gives way first, then the end of the name, then the clock. */
export function headerParts(run: Run, summary: Summary, columns: number): HeaderParts {
	const done = `${summary.completed}/${summary.total}`;
	const failed = summary.failed > 0 ? ` · ${summary.failed} failed` : '';
	const skipped = summary.skipped > 0 ? ` · ${summary.skipped} skipped` : '';
	const clock = ` · ${liveClock(summary.elapsedMs)}`;
	// The dots of a state that moves have three cells.
	const fixed = summary.state.length + 5 + done.length + failed.length + skipped.length;
	const elapsed = columns - fixed - clock.length < leastName ? '' : clock;
	const room = columns - fixed - elapsed.length;
	const name = cliTruncate(oneLine(run.job.name), Math.max(leastName, room));
	const bar = Math.min(greatestBar, room - mostCells(name) - 1);
	return {name, done, failed, skipped, elapsed, bar: bar < leastBar ? 0 : bar};
}

/**
 * What it waits for or why it stands still, what runs, how long it will take, and what it took so far: as many whole parts
 * as fit, the money among the first.
 */
export function secondLine(
	run: Run,
	summary: Summary,
	now: number,
	rest: Range | undefined,
	columns = Number.POSITIVE_INFINITY,
): string {
	const stands = standstillWords(summary, now);
	const money = moneyWords(summary);
	const parts: string[] = [];
	const probe = limitsOf(run).find(({limit}) => limit.probe)?.limit.probe;
	if (stands !== undefined) parts.push(stands);
	else if (probe) parts.push(`batch ${probe.batch} tries whether the limit is over`);
	if (stands === undefined || summary.running > 0) parts.push(`${summary.running} running`);
	if (stands === undefined) parts.push(slotWords(run, now));
	// A budget stands in front, where no narrow window cuts it off.
	const budget = [tokenBudgetWords(summary), summary.budget?.maxCostUsd === undefined ? undefined : money];
	for (const words of budget) if (words !== undefined) parts.push(`${summary.budget?.isNear ? '! ' : ''}${words}`);
	if (rest && stands === undefined && summary.state === 'running') parts.push(`${rangeWords(rest)} left`);
	if (money !== undefined && summary.budget?.maxCostUsd === undefined) parts.push(money);
	if (stands !== undefined) parts.push(slotWords(run, now));
	if (summary.waiting > 0) parts.push(`${summary.waiting} waiting`);
	if (summary.held > 0) parts.push(`${summary.held} held`);
	if (summary.completions > 0) parts.push(counted(summary.completions, 'completion'));
	if (summary.retries > 0) parts.push(counted(summary.retries, 'retry', 'retries'));
	for (const {backend, until} of summary.closed)
		parts.push(`${oneLine(backend)} closed until ${timeOfDayFrom(until, now)}`);
	if (summary.waits > 0) parts.push(counted(summary.waits, 'wait'));
	if (summary.tokensIn + summary.tokensOut > 0)
		parts.push(`${tokenWords(summary.tokensIn)} in ${tokenWords(summary.tokensOut)} out`);
	return fitting(parts, columns);
}

/** The first one, and all that fit beside it, in their order. */
function fitting([first = '', ...others]: readonly string[], columns: number): string {
	let line = first;
	for (const part of others) {
		const longer = `${line} · ${part}`;
		if (mostCells(longer) > columns) break;
		line = longer;
	}
	return line;
}

/** The mark of messages that nobody got; why is in the log. */
export const undeliveredWords = (undelivered: number): string =>
	undelivered === 0 ? '' : `${counted(undelivered, 'message')} not delivered · `;
