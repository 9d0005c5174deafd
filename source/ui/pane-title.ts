import type {Batch, Run} from '../core/run.js';
import {counters, itemWords, stageWords} from '../headless/batch-text.js';

/** Cells of the rule's ends, the glyph, and the blanks between all parts. */
const around = 8;

type Where = {
	now: number;
	columns: number;
	/** Which lines are shown, where that is to be said. */
	place?: string | undefined;
};

/**
 * A pane's title: what stays as it is on the left, what the batch does at the right end. Where it is narrow the items go
 * first, then the counters; who reads needs to know where more than what the batch does.
 */
export function paneTitle(batch: Batch, run: Run, {now, columns, place = ''}: Where): {text: string; end: string} {
	const end = stageWords(batch, now);
	const items = itemWords(batch);
	const parts = [`batch ${batch.number}`, place, counters(batch, run).join(' '), items && `items ${items}`].filter(
		Boolean,
	);
	const fits = () => parts.join(' · ').length + end.length + around <= columns;
	const kept = place === '' ? 1 : 2;
	while (parts.length > kept && !fits()) parts.pop();
	return {text: parts.join(' · '), end: place === '' || fits() ? end : ''};
}
