import {pausedByYou} from '../core/command.js';
import {isIdle} from '../core/plan.js';
import {eventLines} from '../headless/event-line.js';
import type {OpenRun} from '../open-run.js';

/** Any long time, ms: this is what holds a program that waits for a person. */
const lookMs = 60_000;

type Alone = Pick<OpenRun, 'engine' | 'control'>;

/** Nobody looks here any more: the run goes on to its end, and what happens is said to `say`. */
export function goOnAlone({engine, control}: Alone, say: (line: string) => void): void {
	engine.leave();
	engine.subscribe((events, run) => {
		for (const event of events) for (const line of eventLines(event, run)) say(line);
	});
	endWhenStuck({engine, control});
}

/**
 * Ends the program when the run stands still and nobody can be expected to say "go on". Who has paused it can come back,
 * and who is connected is there; what a person must mend first waits for neither, and the work stays pending.
 */
export function endWhenStuck({engine, control}: Alone): void {
	const look = () => {
		const run = engine.getSnapshot();
		if (run?.phase !== 'paused' || !isIdle(run)) return;
		const isAwaited = control && (run.reason === pausedByYou || control.steerers > 0);
		if (!isAwaited) engine.send({type: 'stop', mode: 'drain'}).catch(() => {});
	};
	engine.subscribe(look);
	control?.onChange(look);
	look();
	// A run that is paused has nothing under way that would keep this program here.
	const hold = setInterval(look, lookMs);
	const letGo = () => clearInterval(hold);
	engine.ended.then(letGo, letGo);
}
