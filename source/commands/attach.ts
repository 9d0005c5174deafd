import {ConnectionLost, type RemoteEngine} from '../control/client.js';
import type {Run} from '../core/run.js';
import {summarize} from '../core/summary.js';
import {eventLines} from '../headless/event-line.js';
import {countWords, stateWords, summaryLines} from '../headless/summary-lines.js';
import {loadScreen} from '../ui/load-screen.js';
import {type Context, type Ending, sayProblem} from './context.js';
import {heedDoors} from './doors.js';
import {editedJob} from './edit-job.js';
import {endingOf} from './ending.js';
import {streamEvents} from './event-lines.js';
import {type Located, locate} from './locate.js';
import {lookUp} from './look-up.js';
import {reach} from './reach.js';
import {type Deferred, deferred, looksOf, type ScreenFlags, wantsScreen} from './screen.js';

export type AttachFlags = {
	readOnly: boolean;
} & ScreenFlags;

/** `mozart attach JOB`: the screen of a job that another program runs; without a terminal what happens, line by line. */
export async function attach(ref: string, flags: AttachFlags, context: Context): Promise<Ending> {
	const located = await locate(ref, context);
	if ('kind' in located) return sayProblem(located, context);
	const engine = await reach(located, {readOnly: flags.readOnly});
	if (!engine) {
		const message = `No program runs this job now. How it stands: mozart status ${located.id}    Go on with it: mozart resume ${located.id}`;
		return sayProblem({kind: 'usage', message}, context);
	}
	if ('kind' in engine) return sayProblem(engine, context);
	const onScreen = wantsScreen(context, flags) ? deferred(context) : undefined;
	try {
		return await (onScreen ? watchOnScreen(engine, located, flags, onScreen) : watch(engine, located, context));
	} catch (error) {
		onScreen?.flush();
		if (!(error instanceof ConnectionLost)) throw error;
		return sayProblem({kind: 'state', message: `${error.message} Look: mozart status ${located.id}`}, context);
	} finally {
		onScreen?.flush();
		engine.disconnect();
	}
}

async function watch(engine: RemoteEngine, {id}: Located, context: Context): Promise<Ending> {
	const now = () => context.clock.now();
	const {job} = engine.getSnapshot();
	const summary = summarize(engine.getSnapshot(), now());
	if (context.json) context.out(JSON.stringify({type: 'attached', id, pid: engine.pid, seq: engine.getSnapshot().seq}));
	else context.out(`${job.name} (${id}), process ${engine.pid}: ${stateWords(summary)} · ${countWords(summary)}`);
	engine.subscribe((events, run) => {
		for (const event of events) {
			if (context.json) context.out(JSON.stringify(event));
			else for (const line of eventLines(event, run)) context.out(line);
		}
	});
	engine.start();
	const run = await engine.ended;
	if (!context.json) for (const line of summaryLines(run, {id, now: now()})) context.out(line);
	return endingOf(run);
}

/** Until the person leaves, which the run does not notice; also when the run is over, so that its end can be seen. */
async function watchOnScreen(
	engine: RemoteEngine,
	{paths, ...place}: Located,
	flags: AttachFlags,
	context: Deferred,
): Promise<Ending> {
	const {id} = place;
	const {openScreen} = await loadScreen();
	const {clock, env} = context;
	const {promise: left, resolve} = Promise.withResolvers<undefined>();
	const leave = () => {
		if (engine.getSnapshot().phase === 'ended') engine.leave();
		else resolve(undefined);
		return undefined;
	};
	const editing = editedJob({...place, env});
	const onInterrupted = () => void (editing.isOpen || leave());
	const screen = openScreen(engine, {
		...looksOf(context, flags),
		evidence: lookUp(paths),
		undelivered: engine.undelivered,
		lines: streamEvents(engine, {paths, id}),
		editing,
		...(flags.readOnly && {watches: 'this screen only watches (--read-only)'}),
		onInterrupt: leave,
		onLeave: () => engine.leave(),
		onDetach: leave,
		isGuest: true,
	});
	const close = async () => {
		await editing.end();
		await screen.close();
	};
	const giveBack = () => {
		void editing.end();
		void screen.close();
		context.flush();
	};
	const release = heedDoors({onTerminate: leave, onInterrupt: onInterrupted, onHangUp: leave, giveBack});
	engine.start({stay: true});
	try {
		const failed = screen.closed.then(() => left);
		const run: Run | undefined = await Promise.race([engine.ended, left, failed]);
		await close();
		context.flush();
		if (run) {
			for (const line of summaryLines(run, {id, now: clock.now()})) context.out(line);
			return endingOf(run);
		}
		context.out(`The run goes on, in process ${engine.pid}. Come back: mozart attach ${id}`);
		return 'done';
	} finally {
		await close();
		release();
	}
}
