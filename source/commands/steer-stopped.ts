import {type OpenRun, openRun} from '../open-run.js';
import {type Context, type Ending, sayProblem} from './context.js';
import {abandoned} from './ending.js';
import {type Located, readRun} from './locate.js';
import {pausedAndIdle} from './recover.js';
import {openOptions} from './run.js';
import {heedSignals} from './signals.js';
import {commandsOf, obey, say, type Wish} from './steer.js';

/** For a job that nobody runs: it is opened for a moment, and nothing of it is run. */
export async function steerStopped(located: Located, wish: Wish, context: Context): Promise<Ending> {
	const {id} = located;
	if (wish.type === 'pause' || wish.type === 'resume')
		return say(id, wish, `no program runs this job now; go on with it: mozart resume ${id}`, context);
	const run = await readRun(located.paths);
	if ('kind' in run) return sayProblem(run, context);
	// Asked before anything is opened: what is refused must leave no trace.
	const commands = commandsOf(wish, run);
	if (typeof commands === 'string') return say(id, wish, commands, context);
	if (wish.type === 'cancel' && wish.batch === undefined && run.phase === 'ended' && run.result !== 'paused')
		return say(id, wish, `the run is over: ${run.result}`, context);
	const options = await openOptions(located.id, {set: []}, 'steer', context);
	if ('kind' in options) return sayProblem(options, context);
	const heed = heedSignals(context);
	try {
		const opened = await openRun(options);
		if ('kind' in opened) return sayProblem(opened, context);
		return 'engine' in opened ? await record(opened, wish, context) : 'done';
	} finally {
		heed.release();
	}
}

async function record(opened: OpenRun, wish: Wish, context: Context): Promise<Ending> {
	const {engine, id} = opened;
	try {
		await pausedAndIdle(engine);
		const ending = await obey(engine, id, wish, context);
		await engine.send({type: 'stop', mode: 'drain'});
		await engine.ended;
		for (const problem of await opened.close()) context.err(problem);
		return ending;
	} catch (error) {
		return abandoned(error, opened, context);
	}
}
