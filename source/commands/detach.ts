import {openRun} from '../open-run.js';
import {type Starter, startDetached, starterOf} from '../process/detached.js';
import type {Context, Ending} from './context.js';
import {sayProblem} from './context.js';
import {follow, openOptions, type RunFlags, sayComplete, sayOpening} from './run.js';
import {runLog} from './run-log.js';
import {deferred} from './screen.js';
import {heedSignals} from './signals.js';

/** What the detached program tells who started it: it runs, or it has ended already. */
type Told = {type: 'started'; id: string; log: string} | {type: 'ended'; ending: Ending};

/**
 * `mozart run --detach`: the same command in a session of its own. Comes back when the run has begun, its first facts on
 * disk, or with what kept it from beginning.
 */
export async function detach(
	ref: string,
	flags: RunFlags,
	intent: 'run' | 'resume',
	context: Context,
): Promise<Ending> {
	const starter = starterOf(context.env);
	return starter ? runDetached(ref, flags, intent, starter, context) : start(context);
}

async function start(context: Context): Promise<Ending> {
	const detached = startDetached(context);
	const stop = () => detached.kill('SIGTERM');
	process.on('SIGINT', stop).on('SIGTERM', stop);
	try {
		const told = (await detached.told) as Told | undefined;
		if (!told) throw new Error('the program that was to run on its own has ended without a word');
		if (told.type === 'ended') return told.ending;
		const {id, log} = told;
		if (context.json) context.out(JSON.stringify({type: 'detached', id, pid: detached.pid, log}));
		else {
			context.out(`It runs on its own, as process ${detached.pid}; what it says is in ${log}`);
			context.out(`Watch it: mozart attach ${id}    How it stands: mozart status ${id}`);
		}
		return 'done';
	} finally {
		process.off('SIGINT', stop).off('SIGTERM', stop);
		detached.release();
	}
}

async function runDetached(
	ref: string,
	flags: RunFlags,
	intent: 'run' | 'resume',
	starter: Starter,
	context: Context,
): Promise<Ending> {
	const said = deferred(context);
	said.flush();
	const heed = heedSignals(said);
	const ended = async (ending: Ending) => {
		await starter.tell({type: 'ended', ending} satisfies Told);
		return ending;
	};
	try {
		const options = await openOptions(ref, flags, intent, context);
		if ('kind' in options) return await ended(sayProblem(options, said));
		const opened = await openRun(options);
		if ('kind' in opened) return await ended(sayProblem(opened, said));
		if (!('engine' in opened)) return await ended(sayComplete(opened, said));
		const {id, engine, paths} = opened;
		const log = runLog(paths.runLog);
		sayOpening(opened, said);
		sayOpening(opened, {...said, out: log, err: log, json: false});
		const begun = engine.subscribe(() => {
			begun();
			said.redirect(log);
			void starter.tell({type: 'started', id, log: paths.runLog} satisfies Told);
		});
		process.on('uncaughtExceptionMonitor', error => log(error.stack ?? error.message));
		return await ended(await follow(opened, heed, {...said, json: false}));
	} finally {
		heed.release();
	}
}
