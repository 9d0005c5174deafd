import type {Batch, Run} from '../core/run.js';
import {passedOnLastTry} from '../core/summary.js';
import {counters, itemWords, shortStage} from '../headless/batch-text.js';

/** Widths of a list's columns in cells: number, items (0 where there is no room for them), and the rest of the row. */
export type ListColumns = {number: number; items: number; rest: number};

/** Cells of mark, glyph and the space after it. */
export const leadWidth = 3;
/** Cells before each further column. */
const gap = 2;

/** Room for what a usual row says: `#2 C 1/3 in 0:05`. */
const usualRest = 16;

/** Counters and stage come first: the items are shown where a usual row has room for all three. */
export function listColumns({total, batches}: Run, columns: number): ListColumns {
	const number = String(total).length;
	const last = batches.at(-1)?.at(-1);
	const items = last && itemWords(last) !== '' ? 2 * String(last.last).length + 1 : 0;
	// The last cell keeps the text off what stands beside the list.
	const room = columns - leadWidth - number - gap - 1;
	const withItems = room - items - gap;
	return items > 0 && withItems >= usualRest
		? {number, items, rest: withItems}
		: {number, items: 0, rest: Math.max(0, room)};
}

/** A row right of its signs, as wide as the list; of the counters only those that there is room for. */
export function rowText(batch: Batch, run: Run, now: number, {number, items, rest}: ListColumns): string {
	const stage = markedStage(batch, run, now, rest);
	const shown = counters(batch, run);
	while (shown.length > 0 && shown.join(' ').length + 1 + stage.length > rest) shown.pop();
	const parts = [String(batch.number).padStart(number)];
	if (items > 0) parts.push(itemWords(batch).padEnd(items));
	parts.push(shown.join(' ').padEnd(Math.max(0, rest - stage.length)) + stage);
	return parts.join(' '.repeat(gap));
}

/** A batch that had no try left when it passed says so: the next time it may not. */
function markedStage(batch: Batch, run: Run, now: number, rest: number): string {
	const stage = shortStage(batch, now);
	if (!passedOnLastTry(run, batch)) return stage;
	const words = `last try ${stage}`;
	return words.length <= rest ? words : `! ${stage}`;
}
