import {batchAt} from '../core/batch-table.js';
import type {Run} from '../core/run.js';

/**
 * The batch to show while the view follows what runs: the selected one as long as something is done with it, then
 * another one that runs. So the view moves on only when there is nothing more to see.
 */
export function followedBatch(run: Run, selected: number): number {
	const busy = run.live.filter(number => batchAt(run, number).status !== 'waiting');
	return busy.includes(selected) ? selected : (busy[0] ?? selected);
}
