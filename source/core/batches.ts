/** The items of a job and how they are cut: items are counted from 1. */
export type Cut = {size: number; totalItems: number; startItem: number};
export type ItemRange = {first: number; last: number};

/** Number of batches: below 1 when `startItem` lies behind the last item. */
export const batchCount = ({size, totalItems, startItem}: Cut): number =>
	Math.ceil((totalItems - startItem + 1) / size);

/** First and last item (counted from 1, both included) of batch `number` (counted from 1). */
export function batchRange(number: number, {size, totalItems, startItem}: Cut): ItemRange {
	const first = startItem + (number - 1) * size;
	return {first, last: Math.min(first + size - 1, totalItems)};
}

/** All ranges of a cut, in order. */
export const batchRanges = (cut: Cut): ItemRange[] =>
	Array.from({length: Math.max(0, batchCount(cut))}, (_, index) => batchRange(index + 1, cut));
