import type {Measured} from './measure.js';

export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Every contestant's figures of one round: only what was measured minutes apart at most is compared. */
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

const figure = (round: Round, name: string, key: Figure) => round.get(name)![key];

/** A figure of one contestant over the same of another, round by round. */
export const ratio = (rounds: readonly Round[], name: string, base: string, key: Figure): number[] =>
	rounds.map(round => figure(round, name, key) / figure(round, base, key));

export const difference = (rounds: readonly Round[], name: string, base: string, key: Figure): number[] =>
	rounds.map(round => figure(round, name, key) - figure(round, base, key));

export type Sized = {name: string; batches: number};

/** What a batch costs beyond start-up: the run of one batch is taken off, since long runs would hide it and short ones not. */
export function growth(rounds: readonly Round[], many: Sized, few: Sized, one: string, key: Figure): number[] {
	return rounds.map(round => {
		const perBatch = ({name, batches}: Sized) => (figure(round, name, key) - figure(round, one, key)) / (batches - 1);
		return perBatch(many) / perBatch(few);
	});
}
