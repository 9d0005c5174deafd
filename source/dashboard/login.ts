import type {Clock} from '../engine/clock.js';

/** Wrong passwords within the time that one is remembered, before all others have to wait. */
const mostWrong = 20;
const windowMs = 60_000;
/** Wrong ones from one place: less, so that one who guesses does not lock all others out. */
const mostWrongHere = 5;

/** Counts wrong passwords, so that nobody can try many. */
export type Tries = {
	/** Milliseconds until another one may be tried from there; 0: now. */
	waitFor(place: string): number;
	wrong(place: string): void;
};

export function createTries(clock: Clock): Tries {
	let wrong: {place: string; at: number}[] = [];
	const recent = () => {
		wrong = wrong.filter(({at}) => clock.now() - at < windowMs);
		return wrong;
	};
	const leftOf = (tries: readonly {at: number}[], most: number) => {
		const oldest = tries.at(-most);
		return oldest ? oldest.at + windowMs - clock.now() : 0;
	};
	return {
		waitFor(place) {
			const all = recent();
			const here = all.filter(one => one.place === place);
			return Math.max(0, leftOf(all, mostWrong), leftOf(here, mostWrongHere));
		},
		wrong(place) {
			recent().push({place, at: clock.now()});
		},
	};
}
