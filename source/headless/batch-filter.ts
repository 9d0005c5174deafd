import type {Batch, Run} from '../core/run.js';
import {batchStatuses} from '../core/run.js';
import {createFinder} from './find-text.js';

type Test = (batch: Batch, items: readonly string[] | undefined) => boolean;

const ranges = /^\d+(-\d*)?(,\d+(-\d*)?)*$/;

/**
 * A filter as a person types it: words that a batch must fit all. `12` and `3-7,9-` are numbers of batches, a status is
 * a status, anything else stands in the name of one of its items; the beginning of a status may be either.
 */
function testOf(filter: string): Test {
	const tests = filter.trim().split(/\s+/).filter(Boolean).map(wordTest);
	return (batch, items) => tests.every(test => test(batch, items));
}

function wordTest(word: string): Test {
	if (ranges.test(word)) {
		const closed = word.split(',').map(part => {
			const [first = '', last = first] = part.split('-');
			return [Number(first), last === '' ? Number.POSITIVE_INFINITY : Number(last)] as const;
		});
		return ({number}) => closed.some(([first, last]) => first <= number && number <= last);
	}
	const lower = word.toLowerCase();
	const statuses = batchStatuses.filter(status => status.startsWith(lower));
	if (statuses.some(status => status === lower)) return ({status}) => status === lower;
	const find = createFinder(word);
	const isNamed: Test = ({first, last}, items) => {
		for (let item = first; items && item <= last; item++) if (find(items[item - 1] ?? '').length > 0) return true;
		return false;
	};
	return statuses.length === 0
		? isNamed
		: (batch, items) => statuses.some(status => status === batch.status) || isNamed(batch, items);
}

/** The numbers of the batches that a filter lets through, in order. */
export type Filter = (run: Run, filter: string) => readonly number[];

/**
 * Remembers what it found: batches lie in rows that a change replaces one of, so that while a filter stands, a fact costs
 * a look at one row, and a frame nothing.
 */
export function createFilter(): Filter {
	let known: {filter: string; items: readonly string[] | undefined; test: Test} | undefined;
	let ofRow = new WeakMap<readonly Batch[], readonly number[]>();
	let last: {batches: Run['batches']; numbers: readonly number[]} | undefined;
	return ({batches, items}, filter) => {
		if (known?.filter !== filter || known.items !== items) {
			known = {filter, items, test: testOf(filter)};
			ofRow = new WeakMap();
			last = undefined;
		}
		if (last?.batches === batches) return last.numbers;
		const {test} = known;
		const numbers = batches.flatMap(row => {
			const found = ofRow.get(row) ?? row.filter(batch => test(batch, items)).map(({number}) => number);
			ofRow.set(row, found);
			return found;
		});
		last = {batches, numbers};
		return numbers;
	};
}
