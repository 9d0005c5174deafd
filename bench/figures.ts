import type {Sized} from './contestants.js';
import type {Measured} from './measure.js';

export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The figures of one round by contestant: only what was measured minutes apart at most is compared. */
export type Round = ReadonlyMap<string, Measured>;

export type Comparison = {
	what: string;
	unit: '×' | ' MB';
	/** One value a round. */
	values: number[];
	/** What the median may be at most; without it the line only informs. */
	limit?: number;
};

type Figure = Exclude<keyof Measured, 'childrenCpuMs'>;

const figure = (round: Round, {name}: Sized, key: Figure) => round.get(name)![key];

/** A figure of one contestant over the same of another, round by round. */
export const ratio = (rounds: readonly Round[], mine: Sized, base: Sized, key: Figure): number[] =>
	rounds.map(round => figure(round, mine, key) / figure(round, base, key));

export const difference = (rounds: readonly Round[], mine: Sized, base: Sized, key: Figure): number[] =>
	rounds.map(round => figure(round, mine, key) - figure(round, base, key));

/**
 * What one more batch costs in the long run over what it costs in the short one. The run of a single batch is taken
 * off both, since start-up weighs ten times as much in the short run and would hide a growing cost.
 */
export const growth = (rounds: readonly Round[], long: Sized, short: Sized, single: Sized, key: Figure): number[] =>
	rounds.map(round => {
		const perBatch = (run: Sized) =>
			(figure(round, run, key) - figure(round, single, key)) / (run.batches - single.batches);
		return perBatch(long) / perBatch(short);
	});
