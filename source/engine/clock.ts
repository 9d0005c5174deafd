/** Time and chance, so that tests can hold both. */
export type Clock = {
	/** Milliseconds since the epoch. */
	now(): number;
	/** A number in [0, 1). */
	random(): number;
	/** Calls back once after `ms`; returns the way to call it off. */
	timer(ms: number, callback: () => void): () => void;
};

export const systemClock: Clock = {
	now: Date.now,
	random: Math.random,
	timer(ms, callback) {
		const timer = setTimeout(callback, ms);
		return () => clearTimeout(timer);
	},
};
