import type {Run} from './run.js';

/** What is known of a limit: of the job's own CLI, counted 0, or of one of its fallbacks. */
export type Limit = NonNullable<Run['limit']>;

export const limitOf = ({limit, fallbackLimits = []}: Run, backend: number): Limit | undefined =>
	backend === 0 ? limit : fallbackLimits.find(one => one.backend === backend)?.limit;

/** All limits that are known, with the CLI of each. */
export const limitsOf = ({limit, fallbackLimits = []}: Run): {backend: number; limit: Limit}[] => [
	...(limit ? [{backend: 0, limit}] : []),
	...fallbackLimits,
];

/** The run with this limit of a CLI, or with none. */
export function withLimit(run: Run, backend: number, limit: Limit | undefined): Run {
	if (backend === 0) {
		const {limit: _, ...rest} = run;
		return limit ? {...rest, limit} : rest;
	}
	const {fallbackLimits = [], ...rest} = run;
	const all = [...fallbackLimits.filter(one => one.backend !== backend), ...(limit ? [{backend, limit}] : [])];
	return all.length > 0 ? {...rest, fallbackLimits: all} : rest;
}

/** Adds what was met or told of a limit: of two the one that lasts longer, with the later word on it. */
export function noteLimit(run: Run, backend: number, met: Limit): Run {
	const known = limitOf(run, backend);
	return withLimit(run, backend, known && known.until > met.until ? {...met, until: known.until} : met);
}

/** Until when nothing starts with a CLI, ms since the epoch, as far as it is known; 0 where something may. */
export function limitedUntil(run: Run, backend: number, now: number): number {
	const until = limitOf(run, backend)?.until ?? 0;
	return until > now ? until : 0;
}
