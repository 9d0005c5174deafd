import type {Engine} from '../engine/engine.js';
import {killAllNow} from '../process/run.js';
import type {Context} from './context.js';

/** How long the second Ctrl-C waits for the facts of the killed attempts to reach the disk, ms. */
const lastWords = 1000;

export type Heed = {
	/** From now on the first Ctrl-C or TERM stops this run in order. A Ctrl-C while `isForOther` is none of ours. */
	steer(engine: Engine, isForOther?: () => boolean): void;
	/** The run is over: from now on a Ctrl-C or TERM only calls this. */
	over(leave: () => void): void;
	/** The command is over, and with it whatever a bug may have left under way. */
	release(): void;
};

/**
 * Heeds Ctrl-C and TERM, since children live in sessions of their own and would not hear of them: the first stops the
 * run in order, the second at once; without a run both end everything at once. A hang-up ends nothing: what is printed
 * from then on is lost, the log files are not. Whatever else ends this program (a bug) ends its children too.
 */
export function heedSignals(context: Context): Heed {
	let engine: Engine | undefined;
	let asked = 0;
	let callOff = () => {};
	let isOthers = () => false;
	let leave: (() => void) | undefined;
	const onSignal = (signal: NodeJS.Signals) => {
		if (signal === 'SIGINT' && isOthers()) return;
		if (leave) return leave();
		asked++;
		if (engine && asked === 1) {
			context.err('Stopping: what runs is ended and goes back to the queue. Once more to stop at once.');
			void engine.send({type: 'stop', mode: 'now'}).catch(() => {});
			return;
		}
		killAllNow();
		if (!engine) context.leave('unfinished');
		callOff();
		callOff = context.clock.timer(lastWords, () => context.leave('unfinished'));
	};
	const onHangUp = () => {};
	process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onHangUp).on('exit', killAllNow);
	return {
		steer(started, isForOther = () => false) {
			engine = started;
			isOthers = isForOther;
		},
		over(callback) {
			leave = callback;
		},
		release() {
			killAllNow();
			callOff();
			process.off('SIGINT', onSignal).off('SIGTERM', onSignal).off('SIGHUP', onHangUp).off('exit', killAllNow);
		},
	};
}
