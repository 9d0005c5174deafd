import {isOverSsh} from '../process/remote.js';
/** How lively a screen is. */
export type Tempo = {
	/** Signs that turn while something moves. */
	animated: boolean;
	/** How often clocks move, ms. */
	clockMs: number;
};

type Env = Readonly<Record<string, string | undefined>>;

const secondMs = 1000;
/** Over SSH every byte has a way to go, and a clock says nothing that cannot wait. */
const remoteMs = 5 * secondMs;
/** For who wants nothing to move, and for a line that does not keep up. */
export const calmMs = 10 * secondMs;

/**
 * Clocks move every second, over SSH every five, without animation every ten; `MOZART_CLOCK_SECONDS` (1 to 60) says
 * otherwise. `MOZART_NO_ANIMATION`, when it is set to anything, is the same as `--no-animation`.
 */
export function tempoOf(env: Env, {animation = true}: {animation?: boolean} = {}): Tempo {
	const animated = animation && !env.MOZART_NO_ANIMATION;
	const isRemote = isOverSsh(env);
	const wanted = Number(env.MOZART_CLOCK_SECONDS);
	const clockMs = wanted >= 1 && wanted <= 60 ? wanted * secondMs : !animated ? calmMs : isRemote ? remoteMs : secondMs;
	return {animated, clockMs};
}
