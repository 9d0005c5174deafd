import {batchAt} from '../core/batch-table.js';
import type {Run} from '../core/run.js';
import {stageWords} from './batch-text.js';
import {liveClock} from './live-clock.js';

/**
 * What all the clocks of a screen show at this time, as one text: where it is the same as before, nothing needs to be
 * drawn. Empty when nothing is under way, since clocks stand still then.
 */
export function clockFace(run: Run, now: number): string {
	if (run.phase !== 'running' && run.live.length === 0) return '';
	const {startedAt, limit, live} = run;
	const clocks = live.map(number => stageWords(batchAt(run, number), now));
	return [liveClock(now - startedAt), limit ? liveClock(limit.until - now) : '', ...clocks].join();
}
