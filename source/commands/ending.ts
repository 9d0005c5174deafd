import {chosenDone} from '../core/plan.js';
import type {Run} from '../core/run.js';
import type {OpenRun} from '../open-run.js';
import {StoreError} from '../store/store-failure.js';
import {type Context, type Ending, sayProblem} from './context.js';

/** Says why a run had to be given up, and how it goes on. Anything but trouble with its state is a bug. */
export async function abandoned(error: unknown, opened: OpenRun, context: Context): Promise<Ending> {
	const expected = error instanceof StoreError;
	opened.notifier?.tellTrouble(expected ? error.message : 'a bug in mozart');
	const ending = expected
		? sayProblem({kind: 'state', message: `The run was stopped: ${error.message}`}, context)
		: 'unfinished';
	for (const problem of await opened.close()) context.err(problem);
	if (!expected) throw error;
	context.err(`When that is mended, go on with: mozart resume ${opened.id}`);
	return ending;
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
