import type {Run} from '../../core/run.js';
import {createFilter} from '../../headless/batch-filter.js';

/** Which part of a job's batches a person looks at. */
export type ListQuery = {
	/** As on the screen: `12`, `3-7`, `failed`, a name. */
	filter: string;
	/** Counted from 1. Without it the page goes along with the batches that run. */
	page?: number | undefined;
};

export type ListWindow = {
	filter: string;
	/** The numbers of the batches on this page, in order. */
	numbers: readonly number[];
	page: number;
	pages: number;
	/** Batches that fit the filter. */
	matching: number;
	isFollowing: boolean;
};

/** Rows of a page: enough for a look, few enough to be drawn in a moment. */
export const pageRows = 100;

const filtered = new WeakMap<Run['batches'], {filter: string; numbers: readonly number[]}>();

/** The part of the list that is shown; a page that is not there is the last one. */
export function windowOf(run: Run, {filter, page}: ListQuery): ListWindow {
	const words = filter.trim();
	const found = words === '' ? undefined : matchesOf(run, words);
	const matching = found?.length ?? run.total;
	const pages = Math.max(1, Math.ceil(matching / pageRows));
	const isFollowing = page === undefined;
	const wanted = page ?? pageAt(found, Math.min(...run.live, run.cursor));
	const at = Math.max(1, Math.min(wanted, pages));
	const start = (at - 1) * pageRows;
	const numbers = found
		? found.slice(start, start + pageRows)
		: Array.from({length: Math.min(pageRows, run.total - start)}, (_, index) => start + index + 1);
	return {filter: words, numbers, page: at, pages, matching, isFollowing};
}

/** Where the batch that comes next stands, or would stand. */
function pageAt(found: readonly number[] | undefined, number: number): number {
	const before = found ? found.filter(one => one < number).length : number - 1;
	return Math.floor(before / pageRows) + 1;
}

/** Pages look at the same state again and again. */
function matchesOf(run: Run, filter: string): readonly number[] {
	const known = filtered.get(run.batches);
	if (known?.filter === filter) return known.numbers;
	const numbers = createFilter()(run, filter);
	filtered.set(run.batches, {filter, numbers});
	return numbers;
}
