import {atRest} from '../core/recovery.js';
import type {Run} from '../core/run.js';
import type {Engine} from '../engine/engine.js';
import {summaryLines} from '../headless/summary-lines.js';
import {loadScreen} from '../ui/load-screen.js';
import {type Context, type Ending, sayProblem} from './context.js';
import {heedDoors} from './doors.js';
import {locate, readRun} from './locate.js';
import {lookUp} from './look-up.js';
import {looksOf} from './screen.js';

/** The screen of a job that no program runs: everything can be read, nothing is run or changed. */
export async function lookAt(ref: string, context: Context): Promise<Ending> {
	const located = await locate(ref, context);
	if ('kind' in located) return sayProblem(located, context);
	const {id, paths} = located;
	const found = await readRun(paths);
	if ('kind' in found) return sayProblem(found, context);
	const run = atRest(found);
	const {openScreen} = await loadScreen();
	const {promise: left, resolve} = Promise.withResolvers<undefined>();
	const leave = () => {
		resolve(undefined);
		return undefined;
	};
	const watches = `this is only a look; go on with it: mozart resume ${id}`;
	const screen = openScreen(stillEngine(run, watches), {
		...looksOf(context, {}),
		evidence: lookUp(paths),
		watches,
		onInterrupt: leave,
		onLeave: leave,
		onDetach: leave,
		isGuest: true,
	});
	const giveBack = () => void screen.close();
	const release = heedDoors({onTerminate: leave, onInterrupt: leave, onHangUp: leave, giveBack});
	try {
		await Promise.race([left, screen.closed]);
		await screen.close();
		for (const line of summaryLines(run, {id, now: context.clock.now()})) context.out(line);
		return 'done';
	} finally {
		await screen.close();
		release();
	}
}

/** An engine in which nothing happens. */
function stillEngine(run: Run, refused: string): Engine {
	return {
		start() {},
		leave() {},
		getSnapshot: () => run,
		subscribe: () => () => {},
		onSignal: () => () => {},
		send: () => Promise.resolve(refused),
		ended: new Promise(() => {}),
	};
}
