import {batchAt} from '../core/batch-table.js';
import {limitsOf} from '../core/cli-limits.js';
import type {Run} from '../core/run.js';
import {stageWords} from '../headless/batch-text.js';
import {liveClock} from '../headless/live-clock.js';

const minuteMs = 60_000;

/**
 * What all the clocks of a screen show at this time, as one text: where it is the same as before, nothing needs to be
 * drawn. While the run stands still a minute is near enough; empty when it is over, since its clock stands still then.
 */
export function clockFace(run: Run, now: number): string {
	const {startedAt, live} = run;
	if (run.phase === 'ended') return '';
	if (run.phase !== 'running' && live.length === 0) return String(Math.floor((now - startedAt) / minuteMs));
	const clocks = live.map(number => stageWords(batchAt(run, number), now));
	const limits = limitsOf(run).map(({limit}) => liveClock(limit.until - now));
	return [liveClock(now - startedAt), ...limits, ...clocks].join();
}
