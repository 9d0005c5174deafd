import {batchAt} from '../core/batch-table.js';
import type {Batch, Run} from '../core/run.js';

/**
 * Tells how much of a prompt's beginning is the same for every batch of a job: as far as the prompts of its first two
 * and its last batch agree, to the end of a line. They are rendered once a job; a batch that begins otherwise has none.
 */
export function createFixedHead(render: (run: Run, batch: Batch) => string | undefined) {
	let known: {job: Run['job']; template: string; total: number; head: string} | undefined;
	return (run: Run, prompt: string): number => {
		const {job, template, total} = run;
		if (known?.job !== job || known.template !== template || known.total !== total) {
			const numbers = total < 2 ? [] : [...new Set([1, 2, total])];
			const prompts = numbers.map(number => render(run, batchAt(run, number)) ?? '');
			known = {job, template, total, head: commonLines(prompts)};
		}
		return prompt.startsWith(known.head) ? known.head.length : 0;
	};
}

function commonLines([first = '', ...others]: readonly string[]): string {
	if (others.length === 0) return '';
	let length = 0;
	while (length < first.length && others.every(other => other[length] === first[length])) length++;
	return first.slice(0, first.slice(0, length).lastIndexOf('\n') + 1);
}
