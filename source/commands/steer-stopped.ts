import {summarize} from '../core/summary.js';
import {type OpenRun, openRun, type Problem} from '../open-run.js';
import {type Context, type Ending, sayProblem} from './context.js';
import {abandoned} from './ending.js';
import {type Located, readRun} from './locate.js';
import {pausedAndIdle} from './recover.js';
import {openOptions} from './run.js';
import {heedSignals} from './signals.js';
import {type Ask, commandsOf, say, sendAll, type Wish} from './steer.js';

/** For a job that nobody runs: it is opened for a moment, and nothing of it is run. */
export async function steerStopped(located: Located, wish: Wish, context: Context): Promise<Ending> {
	const {id} = located;
	if (wish.type === 'pause' || wish.type === 'resume') {
		const why = await nobodyRuns(located, context.clock.now());
		return typeof why === 'string' ? say(id, wish, why, context) : sayProblem(why, context);
	}
	const heed = heedSignals(context);
	try {
		const answer = await recordStopped(located, run => commandsOf(wish, run), context);
		if (answer && 'kind' in answer) return sayProblem(answer, context);
		return answer && 'ending' in answer ? answer.ending : say(id, wish, answer?.refused, context);
	} finally {
		heed.release();
	}
}

/** Why a job that nobody runs cannot be paused, or go on. */
export async function nobodyRuns({id, paths}: Located, now: number): Promise<string | Problem> {
	const run = await readRun(paths);
	if ('kind' in run) return run;
	const {left} = summarize(run, now);
	if (run.phase === 'ended' && left === 0) return `the run is over: ${run.result}`;
	return `no program runs this job now; go on with it: mozart resume ${id}`;
}

/**
 * Records what is asked of a job that nobody runs: undefined when it is on disk, else the reason why it was refused.
 * `ending`: the job had to be given up, which was said.
 */
export async function recordStopped(
	located: Located,
	ask: Ask,
	context: Context,
): Promise<{refused: string} | {ending: Ending} | Problem | undefined> {
	const run = await readRun(located.paths);
	if ('kind' in run) return run;
	// Asked before anything is opened: what is refused must leave no trace.
	const commands = ask(run);
	if (typeof commands === 'string') return {refused: commands};
	const [first] = commands;
	if (first?.type === 'stop' && run.phase === 'ended' && run.result !== 'paused')
		return {refused: `the run is over: ${run.result}`};
	const options = await openOptions(located.id, {set: []}, 'steer', context);
	if ('kind' in options) return options;
	const opened = await openRun(options);
	if ('kind' in opened) return opened;
	return 'engine' in opened ? record(opened, ask, context) : undefined;
}

async function record(
	opened: OpenRun,
	ask: Ask,
	context: Context,
): Promise<{refused: string} | {ending: Ending} | undefined> {
	const {engine} = opened;
	try {
		await pausedAndIdle(engine);
		const refused = await sendAll(engine, ask);
		await engine.send({type: 'stop', mode: 'drain'});
		await engine.ended;
		for (const problem of await opened.close()) context.err(problem);
		return refused === undefined ? undefined : {refused};
	} catch (error) {
		return {ending: await abandoned(error, opened, context)};
	}
}
