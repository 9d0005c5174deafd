import {errorWords} from '../config/error-words.js';
import {summaryLines} from '../headless/summary-lines.js';
import type {OpenRun} from '../open-run.js';
import type {Parent} from '../process/parent.js';
import {oneLine} from '../process/sanitize.js';
import {releaseTerminal} from '../process/terminal.js';
import {wantsAscii} from '../ui/charset.js';
import {loadScreen} from '../ui/load-screen.js';
import {tempoOf} from '../ui/tempo.js';
import {goOnAlone} from './alone.js';
import type {Context, Ending} from './context.js';
import {heedDoors} from './doors.js';
import {editedJob} from './edit-job.js';
import {abandoned, endingOf, lastWords} from './ending.js';
import {streamEvents} from './event-lines.js';
import {lookUp} from './look-up.js';
import {runLog} from './run-log.js';
import type {Heed} from './signals.js';

/** How a person wants the screen to be. */
export type ScreenFlags = {
	/** False with `--no-tui`. */
	tui?: boolean;
	/** False with `--no-animation`. */
	animation?: boolean;
	/** With `--screen-reader`. */
	screenReader?: boolean;
};

/** What the terminal can show and the person wants to see. */
export const looksOf = ({clock, env}: Context, {animation = true, screenReader = false}: ScreenFlags) => ({
	clock,
	tempo: tempoOf(env, {animation}),
	colors: !env.NO_COLOR || Boolean(env.FORCE_COLOR),
	ascii: wantsAscii(env),
	// The second is Ink's own.
	reader: screenReader || Boolean(env.MOZART_SCREEN_READER) || env.INK_SCREEN_READER === 'true',
});

/** Whether a person sits at a terminal that can show the screen. */
export function wantsScreen({env, json, terminal}: Context, {tui = true}: ScreenFlags): boolean {
	return terminal && tui && !json && env.TERM !== 'dumb' && !env.CI;
}

/** A context whose lines wait while the screen has the terminal. */
export type Deferred = Context & {
	/** Whom trouble is told at once, while there is someone; it does not wait then. */
	listener: ((line: string) => void) | undefined;
	/** The terminal is free: says what has waited, and from now on everything at once. */
	flush(): void;
	/** From now on everything is said there: this program has no terminal any more. */
	redirect(say: (line: string) => void): void;
};

export function deferred(context: Context): Deferred {
	const held: (() => void)[] = [];
	let isFree = false;
	let to: Pick<Context, 'out' | 'err'> = context;
	const say = (what: () => void) => void (isFree ? what() : held.push(what));
	return {
		...context,
		listener: undefined,
		out: line => say(() => to.out(line)),
		err(line) {
			if (this.listener) this.listener(line);
			else say(() => to.err(line));
		},
		flush() {
			this.listener = undefined;
			isFree = true;
			for (const what of held.splice(0)) what();
		},
		redirect(say) {
			to = {out: say, err: say};
		},
	};
}

/**
 * Runs on the screen until the person leaves it; prints one bounded summary then. By whatever door the program is left,
 * the terminal is given back first. Without its screen a run goes on to its end, and says in its log what happens.
 */
export async function followOnScreen(
	opened: OpenRun,
	heed: Heed,
	context: Deferred,
	flags: ScreenFlags,
	parent?: Parent,
): Promise<Ending> {
	const {openScreen} = await loadScreen();
	const {engine, id, paths, file, workspace, sets, notifier} = opened;
	const {clock, env} = context;
	const editing = editedJob({id, file, workspace, sets, env});
	const screen = openScreen(engine, {
		...looksOf(context, flags),
		evidence: lookUp(paths),
		lines: streamEvents(engine, {paths, id}),
		editing,
		// The same way as from outside: first in order, then at once.
		onInterrupt() {
			const isOver = engine.getSnapshot().phase === 'ended';
			engine.leave();
			if (!isOver) process.kill(process.pid, 'SIGINT');
		},
		onLeave: () => engine.leave(),
		...(notifier && {undelivered: notifier.undelivered}),
		onDetach() {
			if (!parent) return 'no parent holds the terminal: begin with `mozart run --detach` next time';
			leaveScreen();
			return undefined;
		},
	});
	context.listener = screen.say;
	notifier?.setTerminal(context.ring);
	const close = async () => {
		context.listener = undefined;
		await editing.end();
		await screen.close();
	};
	const giveBack = () => {
		void editing.end();
		void screen.close();
		context.flush();
	};
	const log = runLog(paths.runLog);
	notifier?.onProblem(line => {
		// On the screen it can be read until the next key only.
		if (context.listener) log(line);
		context.err(line);
	});
	/**
	 * The run goes on in this process at once; when the screen has given the terminal back, that is let go of, and the shell
	 * gets its prompt back from the parent. A hang-up can come without an end of the terminal: else what is said is lost.
	 */
	const leaveScreen = () => {
		if (engine.getSnapshot()?.phase === 'ended') return engine.leave();
		process.off('SIGHUP', leaveScreen);
		notifier?.setTerminal(undefined);
		goOnAlone(opened, log);
		void close().then(() => {
			context.flush();
			// Nothing was left to wait for: how it has ended is said as ever.
			if (engine.getSnapshot()?.phase === 'ended') return;
			context.out(`The run goes on, in process ${process.pid}; what it says is in ${paths.runLog}`);
			context.out(`Come back: mozart attach ${id}`);
			context.redirect(log);
			releaseTerminal();
			parent?.letGo();
		});
	};
	screen.closed.catch((error: unknown) => {
		context.listener = undefined;
		const why = errorWords(error);
		context.err(`The screen has failed (${oneLine(why)}). The run goes on, in plain lines:`);
		context.flush();
		goOnAlone(opened, line => context.out(line));
	});
	const onInterrupted = () => {
		if (!editing.isOpen) engine.leave();
	};
	heed.steer(engine, () => editing.isOpen);
	const release = heedDoors({onTerminate: engine.leave, onInterrupt: onInterrupted, onHangUp: leaveScreen, giveBack});
	engine.start({stay: true});
	try {
		const run = await engine.ended;
		await close();
		for (const problem of await opened.close()) context.err(problem);
		for (const line of summaryLines(run, {id, now: clock.now()})) context.out(line);
		context.flush();
		await lastWords(opened, heed, context);
		return endingOf(run);
	} catch (error) {
		await close();
		context.flush();
		return await abandoned(error, opened, context, heed);
	} finally {
		release();
	}
}
