import {batchAt} from '../core/batch-table.js';
import type {Command} from '../core/command.js';
import type {Run} from '../core/run.js';
import type {Jobs} from '../dashboard/jobs.js';
import type {Wish} from '../dashboard/wish.js';
import type {Context} from './context.js';
import type {Located} from './locate.js';
import {reach} from './reach.js';
import {commandsOf, sendAll} from './steer.js';
import {troubleOf} from './trouble.js';

type Answer = Awaited<ReturnType<Jobs['steer']>>;

/** Sends a wish to the program that runs the job; one that nobody runs is opened for a moment, as `mozart skip` does. */
export function createSteering(context: Context): (located: Located, wish: Wish) => Promise<Answer> {
	/** Such a job's rules may be checked by programs; only one is opened at a time. */
	let before: Promise<unknown> = Promise.resolve();

	return async (located, wish) => {
		const engine = await reach(located);
		if (engine && 'kind' in engine) return troubleOf(engine);
		if (!engine) {
			const answer = before.then(() => recordForStopped(located, wish, context));
			before = answer.catch(() => {});
			return answer;
		}
		engine.start();
		try {
			const refused = await sendAll(engine, run => commandsFor(wish, run));
			return refused === undefined ? undefined : {refused};
		} finally {
			engine.disconnect();
		}
	};
}

/** As `commandsOf`, for what can be asked for here. */
function commandsFor(wish: Wish, run: Run): Command[] | string {
	if ('batch' in wish && wish.batch !== undefined && wish.batch > run.total)
		return `there is no batch ${wish.batch}: the job has ${run.total}`;
	switch (wish.type) {
		case 'retry':
			return wish.batch === undefined ? commandsOf({type: 'retry'}, run) : [{type: 'retry', batch: wish.batch}];
		case 'skip':
		case 'hold': {
			const {type, batch} = wish;
			return [{type, batch, attempt: wish.attempt ?? batchAt(run, batch).attempt}];
		}
		default:
			return [wish];
	}
}

async function recordForStopped(located: Located, wish: Wish, context: Context): Promise<Answer> {
	// It loads all that a run needs.
	const {nobodyRuns, recordStopped} = await import('./steer-stopped.js');
	const isForLater = wish.type === 'retry' || wish.type === 'skip' || wish.type === 'hold';
	if (!isForLater && !(wish.type === 'stop' && wish.cancel)) {
		const why = await nobodyRuns(located, context.clock.now());
		return typeof why === 'string' ? {refused: why} : troubleOf(why);
	}
	const said: string[] = [];
	const quiet: Context = {...context, json: false, out: () => {}, err: line => void said.push(line)};
	const answer = await recordStopped(located, run => commandsFor(wish, run), quiet);
	if (!answer || 'refused' in answer) return answer;
	if ('ending' in answer) return {problem: said.join('\n')};
	return troubleOf(answer);
}
