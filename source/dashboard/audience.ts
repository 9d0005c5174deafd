import type {Frame} from './frame.js';

export type Listener = {
	hear(frame: Frame): void;
	/** What was to be said first has been said. */
	begun?(): void;
	lost(problem: string): void;
};

/** A listener's place: what is told waits until it has heard how it began. */
export type Seat = {
	readonly isTaken: boolean;
	/** What waited is in what will be said first already; what comes from here on is not. */
	hold(): void;
	/** Says this first, then what has come meanwhile. */
	begin(first: readonly Frame[]): void;
	lost(problem: string): void;
	leave(): void;
};

/** All who listen to one job. */
export type Audience = {
	readonly size: number;
	seat(listener: Listener): Seat;
	tell(frame: Frame): void;
	/** Tells everybody that the job cannot be followed any more, and lets them go. */
	lose(problem: string): void;
	clear(): void;
};

type Listening = Listener & {waiting: Frame[] | undefined};

export function createAudience(): Audience {
	const listeners = new Set<Listening>();

	return {
		get size() {
			return listeners.size;
		},
		seat(listener) {
			const listening: Listening = {...listener, waiting: []};
			listeners.add(listening);
			return {
				get isTaken() {
					return listeners.has(listening);
				},
				hold() {
					listening.waiting = [];
				},
				begin(first) {
					const waiting = listening.waiting ?? [];
					listening.waiting = undefined;
					for (const frame of first) listening.hear(frame);
					listening.begun?.();
					// What was printed meanwhile stands in what was said first.
					for (const frame of waiting) if (frame.name !== 'output') listening.hear(frame);
				},
				lost: listening.lost,
				leave: () => void listeners.delete(listening),
			};
		},
		tell(frame) {
			for (const listener of [...listeners]) {
				if (listener.waiting) listener.waiting.push(frame);
				else listener.hear(frame);
			}
		},
		lose(problem) {
			for (const listener of [...listeners]) {
				listeners.delete(listener);
				listener.lost(problem);
			}
		},
		clear: () => listeners.clear(),
	};
}
