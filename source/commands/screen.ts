import {summaryLines} from '../headless/summary-lines.js';
import type {OpenRun} from '../open-run.js';
import type {Context, Ending} from './context.js';
import {abandoned, endingOf} from './ending.js';
import type {Heed} from './signals.js';

/** Whether a person sits at a terminal that can show the screen. */
export function wantsScreen({env, json, terminal}: Context, {tui = true}: {tui?: boolean}): boolean {
	return terminal && tui && !json && env.TERM !== 'dumb' && !env.CI;
}

/** What is said while the screen has the terminal waits until it is given back. */
export function deferred(context: Context): Context & {flush(): void} {
	const held: string[] = [];
	return {
		...context,
		out: line => void held.push(line),
		err: line => void held.push(line),
		flush() {
			for (const line of held.splice(0)) context.out(line);
		},
	};
}

/** Runs on the screen until the person leaves it; prints one bounded summary then. */
export async function followOnScreen(opened: OpenRun, heed: Heed, context: Context): Promise<Ending> {
	const {openScreen} = await import('../ui/app.js');
	const {engine, id} = opened;
	const {clock} = context;
	const screen = openScreen(engine, {
		clock,
		// The same way as from outside: first in order, then at once.
		onInterrupt() {
			engine.leave();
			process.kill(process.pid, 'SIGINT');
		},
		onLeave: () => engine.leave(),
	});
	// A screen that fails must not take the run with it: the run goes on, and ends when it is done.
	screen.closed.catch((error: unknown) => {
		context.err(`The screen has failed (${String(error)}); the run goes on without it.`);
		engine.leave();
	});
	heed.steer(engine);
	process.once('SIGTERM', engine.leave).once('SIGINT', engine.leave).once('SIGHUP', leaveTerminal);
	engine.start({stay: true});
	try {
		const run = await engine.ended;
		await screen.close();
		for (const problem of await opened.close()) context.err(problem);
		for (const line of summaryLines(run, {id, now: clock.now()})) context.out(line);
		return endingOf(run);
	} catch (error) {
		await screen.close();
		return await abandoned(error, opened, context);
	} finally {
		process.off('SIGTERM', engine.leave).off('SIGINT', engine.leave).off('SIGHUP', leaveTerminal);
	}

	/** The terminal is gone: nobody looks any more, the work goes on to its end. */
	function leaveTerminal(): void {
		engine.leave();
		void screen.close();
	}
}
