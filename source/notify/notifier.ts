import {errorWords} from '../config/error-words.js';
import type {Event} from '../core/event.js';
import type {Run} from '../core/run.js';

/** Writes bytes to the terminal that this program owns. */
export type TerminalWrite = (bytes: string) => void;

/** What knows the receivers, and how things are said. */
export type Teller = {
	/** To be called with each turn's facts, once they are on disk. Never throws. */
	tell(events: readonly Event[], run: Run): void;
	/** To be called when the run had to be given up without a last fact, with the reason. */
	tellTrouble(reason: string): void;
	/** Delivers what is left, as long as one try of it may take, at most so many ms of real time, or until `signal`. */
	finish(limitMs: number, signal?: AbortSignal): Promise<void>;
};

/** What a run tells people who are not looking. It holds up nothing, and nothing of it becomes a fact. */
export type Notifier = Teller & {
	/** Messages that were given up so far. */
	undelivered(): number;
	/** Called whenever there is one more. */
	onUndelivered(listener: () => void): void;
	/** Calls back with one line for each message that was given up; lines from before anybody listened come at once. */
	onProblem(listener: (line: string) => void): void;
	/** The terminal that this program owns; undefined when it owns none any more. */
	setTerminal(write: TerminalWrite | undefined): void;
};

/** What a teller gets of the program. */
export type Program = {terminal(): TerminalWrite | undefined; giveUp(line: string): void};

/** A notifier that loads what it needs as soon as the job names somebody, which an edit of a paused job may do too. */
export function createNotifier(load: (program: Program) => Promise<Teller>): Notifier {
	let terminal: TerminalWrite | undefined;
	let listener: ((line: string) => void) | undefined;
	let undelivered = 0;
	const counting: (() => void)[] = [];
	const untold: string[] = [];
	let teller: Teller | undefined;
	let loading: Promise<void> | undefined;
	const waiting: Parameters<Teller['tell']>[] = [];

	const giveUp = (line: string) => {
		undelivered++;
		for (const listener of counting) listener();
		if (listener) listener(line);
		else untold.push(line);
	};
	const begin = async () => {
		try {
			teller = await load({terminal: () => terminal, giveUp});
			for (const turn of waiting.splice(0)) teller.tell(...turn);
		} catch (error) {
			giveUp(`Nobody can be told of this run: ${errorWords(error)}`);
		}
	};

	return {
		tell(events, run) {
			if (teller) return teller.tell(events, run);
			if (!loading && run.job.notifications.length === 0) return;
			waiting.push([events, run]);
			loading ??= begin();
		},
		tellTrouble: reason => teller?.tellTrouble(reason),
		async finish(limitMs, signal) {
			await loading;
			await teller?.finish(limitMs, signal);
		},
		undelivered: () => undelivered,
		onUndelivered: listener => void counting.push(listener),
		onProblem(heard) {
			listener = heard;
			for (const line of untold.splice(0)) heard(line);
		},
		setTerminal(write) {
			terminal = write;
		},
	};
}
