import type {Context, Ending} from './context.js';
import {locate} from './locate.js';
import {reach} from './reach.js';
import {type RunFlags, run} from './run.js';

/**
 * `mozart resume JOB`: goes on with a job. One that another program runs and has paused is told to go on there, and stays
 * there; what is wrong with any other is said by who opens it.
 */
export async function resume(ref: string, flags: RunFlags, context: Context): Promise<Ending> {
	const located = await locate(ref, context);
	const engine = 'kind' in located ? undefined : await reach(located);
	if (!('kind' in located) && engine && 'send' in engine) {
		if (engine.getSnapshot().phase === 'paused') {
			const {steerLive} = await import('./steer.js');
			return steerLive(engine, located, {type: 'resume'}, context);
		}
		engine.disconnect();
	}
	return run(ref, flags, 'resume', context);
}
