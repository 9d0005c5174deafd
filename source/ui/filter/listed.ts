/**
 * The batches of a list, by their places from 0. A filtered list holds the selected batch too, whether it fits the filter
 * still or not: what keys are meant for must be seen.
 */
export type Listed = {
	length: number;
	numberAt(place: number): number;
	/** Where the selected batch stands. */
	selected: number;
};

/** `numbers` are what a filter lets through; without one the list holds all. */
export function listedOf(total: number, selected: number, numbers: readonly number[] | undefined): Listed {
	if (!numbers) return {length: total, numberAt: place => place + 1, selected: selected - 1};
	const at = placeOf(numbers, selected);
	if (numbers[at] === selected) return {length: numbers.length, numberAt: place => numbers[place] ?? 1, selected: at};
	return {
		length: numbers.length + 1,
		numberAt: place => (place === at ? selected : (numbers[place < at ? place : place - 1] ?? 1)),
		selected: at,
	};
}

/** Where a number stands in a sorted list, or would stand. */
function placeOf(numbers: readonly number[], number: number): number {
	let [from, to] = [0, numbers.length];
	while (from < to) {
		const middle = (from + to) >> 1;
		if ((numbers[middle] ?? 0) < number) from = middle + 1;
		else to = middle;
	}
	return from;
}

/** The batch to select when a filter is set: the selected one if it fits, else the next that does, else the last. */
export const fitting = (numbers: readonly number[], selected: number): number | undefined =>
	numbers[placeOf(numbers, selected)] ?? numbers.at(-1);

/** The batch so many rows further; the ends of the list hold. */
export function further({length, numberAt, selected}: Listed, by: number): number {
	return numberAt(Math.max(0, Math.min(selected + by, length - 1)));
}
