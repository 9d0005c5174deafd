import {pausedByYou} from '../core/command.js';
import {isIdle} from '../core/plan.js';
import type {OpenRun} from '../open-run.js';

/**
 * For a run that nobody watches here: ends the program when the run stands still and nobody can be expected to say "go
 * on". A person who has paused it can come back, and so can one who is connected; what a person must mend cannot wait for
 * that, and the work stays pending.
 */
export function endWhenStuck({engine, control}: Pick<OpenRun, 'engine' | 'control'>): void {
	const look = () => {
		const run = engine.getSnapshot();
		if (run?.phase !== 'paused' || !isIdle(run)) return;
		const isAwaited = control && (run.reason === pausedByYou || control.steerers > 0);
		if (!isAwaited) engine.send({type: 'stop', mode: 'drain'}).catch(() => {});
	};
	engine.subscribe(look);
	control?.onChange(look);
	look();
}
