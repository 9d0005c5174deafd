import {chosenDone} from '../core/plan.js';
import type {Run} from '../core/run.js';
import type {OpenRun} from '../open-run.js';
import {StoreError} from '../store/store-failure.js';
import {type Context, type Ending, sayProblem} from './context.js';
import type {Heed} from './signals.js';

/** Says why a run had to be given up, and how it goes on. Anything but trouble with its state is a bug. */
export async function abandoned(error: unknown, opened: OpenRun, context: Context, heed?: Heed): Promise<Ending> {
	const expected = error instanceof StoreError;
	opened.notifier?.tellTrouble(expected ? error.message : 'a bug in mozart');
	const ending = expected
		? sayProblem({kind: 'state', message: `The run was stopped: ${error.message}`}, context)
		: 'unfinished';
	for (const problem of await opened.close()) context.err(problem);
	if (heed) await lastWords(opened, heed, context);
	if (!expected) throw error;
	context.err(`When that is mended, go on with: mozart resume ${opened.id}`);
	return ending;
}

/** How long the end of a run waits for messages that are not delivered yet, and when it says so, ms. */
const mostMs = 15_000;
const silentMs = 2000;

/** Messages that are not delivered yet: all else is done, and who does not want to wait for them need not. */
export async function lastWords({notifier}: OpenRun, heed: Heed, context: Context): Promise<void> {
	if (!notifier) return;
	const stop = new AbortController();
	heed.over(() => stop.abort());
	const words = 'Messages are still being delivered, for some seconds at most. Ctrl-C: do without.';
	const callOff = context.clock.timer(silentMs, () => context.err(words));
	await notifier.finish(mostMs, stop.signal);
	callOff();
}

export function endingOf(run: Run): Ending {
	switch (run.result) {
		case 'completed':
			return 'done';
		case 'failed':
			return 'failed';
		default:
			// What was asked for is done; what was not chosen is no work left undone.
			return run.reason === chosenDone ? 'done' : 'unfinished';
	}
}
