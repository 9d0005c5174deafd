import {isDeepStrictEqual} from 'node:util';
import {allBatches} from './batch-table.js';
import {endMoved, fieldChanges, type Opened, recut} from './change.js';
import type {Batch, Run} from './run.js';

/** What of a batch is different by another job. */
export type Part = 'prompt' | 'rules' | 'backend';

/**
 * Batches for which another job means the same. `added`, `removed`: they come and go with the items. `recut`: other items.
 * `skipped`, `requeued`: they were begun, and their items are gone, or back. `pending`: to be done, by other `parts`.
 * `stale`: done, and by other `parts` today.
 */
export type ImpactGroup = {
	what: 'added' | 'removed' | 'recut' | 'skipped' | 'requeued' | 'pending' | 'stale';
	parts: readonly Part[];
	/** In order. */
	batches: number[];
};

/**
 * What another job would mean for each batch of a run. A batch whose prompt is not known to be the same counts as one whose
 * prompt is another (`promptDiffers`). Retries, waits and how many run at once are of no batch. Pure.
 */
export function impactOf(run: Run, next: Opened, promptDiffers: (batch: Batch) => boolean): ImpactGroup[] {
	const groups = new Map<string, ImpactGroup>();
	const add = (what: ImpactGroup['what'], batch: number, parts: readonly Part[] = []) => {
		const key = [what, ...parts].join();
		const group = groups.get(key) ?? {what, parts, batches: []};
		groups.set(key, group);
		group.batches.push(batch);
	};
	const cut = recut(run, next);
	const moved = new Map(
		endMoved(run, next).map(fact => [
			'batch' in fact ? fact.batch : 0,
			fact.type === 'batch-skipped' ? ('skipped' as const) : ('requeued' as const),
		]),
	);
	const shared: Part[] = [];
	if (rulesDiffer(run, next, cut.length)) shared.push('rules');
	const backend: Part[] = isDeepStrictEqual(run.job.backend, next.job.backend) ? [] : ['backend'];
	for (const batch of allBatches(run)) {
		const {number, status} = batch;
		const range = cut[number - 1];
		const movedTo = moved.get(number);
		if (!range) add('removed', number);
		else if (range.first !== batch.first || range.last !== batch.last) add('recut', number);
		else if (movedTo) add(movedTo, number);
		else if (status !== 'skipped') {
			const isDone = status === 'completed';
			const parts = [...(promptDiffers(batch) ? ['prompt' as const] : []), ...shared, ...(isDone ? [] : backend)];
			if (parts.length > 0) add(isDone ? 'stale' : 'pending', number, parts);
		}
	}
	for (let number = run.total + 1; number <= cut.length; number++) add('added', number);
	return [...groups.values()];
}

/** Also where they speak of something that is another value by now. */
function rulesDiffer(run: Run, next: Opened, total: number): boolean {
	const rules = JSON.stringify(next.job.validations);
	if (rules !== JSON.stringify(run.job.validations)) return true;
	const names = fieldChanges(run.job.prompt.variables, next.job.prompt.variables).map(({path}) => path.split('.')[0]);
	if (total !== run.total) names.push('total_batches');
	return names.some(name => rules.includes(`{${name}}`));
}

/** Whether every prompt is surely the same: nothing that a template can see is another. */
export function promptsAreSame(run: Run, next: Opened): boolean {
	return (
		run.template === next.template &&
		run.job.name === next.job.name &&
		isDeepStrictEqual(run.job.prompt, next.job.prompt) &&
		!run.items === !next.items &&
		run.total === recut(run, next).length
	);
}
