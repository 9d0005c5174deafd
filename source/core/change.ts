import {isDeepStrictEqual} from 'node:util';
import type {Job} from '../config/schema.js';
import {allBatches} from './batch-table.js';
import {batchRanges, type ItemRange} from './batches.js';
import type {Fact} from './event.js';
import type {Batch, Run} from './run.js';

/** What a job looks like when it is opened: the file's job, its template's hash, its named items. */
export type Opened = {job: Job; sets: string[]; template: string; items?: string[]};

/** How many items a job has: its named ones, else `total_items`. */
export const totalItems = (job: Job, items?: readonly string[]): number => items?.length ?? job.batch.total_items ?? 0;

/** Items that the run knows stay as they are, in their order; new ones are added at the end. */
export function mergeItems(known: readonly string[], found: readonly string[]): string[] {
	const seen = new Set(known);
	return [...known, ...found.filter(item => !seen.has(item))];
}

/**
 * The cut of a run whose job was changed: batches that have been started keep their range, and what lies behind the
 * last of them is cut anew. With the same size and first item nothing moves; more items form new batches.
 */
export function recut(run: Run, next: Opened): ItemRange[] {
	const total = totalItems(next.job, next.items);
	const touched = [...allBatches(run)].findLastIndex(isTouched) + 1;
	const kept: ItemRange[] = [];
	for (const batch of allBatches(run)) {
		if (batch.number > touched) break;
		kept.push({first: batch.first, last: batch.last});
	}
	const startItem = Math.max((kept.at(-1)?.last ?? 0) + 1, next.job.batch.start_item);
	return [...kept, ...batchRanges({size: next.job.batch.size, totalItems: total, startItem})];
}

const isTouched = (batch: Batch) => batch.attempt > 0 || batch.status !== 'pending';

/**
 * What follows when the last item moves: batches behind it that were begun and are not done are skipped, and come back
 * when their items do. To be recorded after `attempt-lost` and `job-changed`, with the run as it was before them.
 */
export function endMoved(run: Run, next: Opened): Fact[] {
	const before = totalItems(run.job, run.items);
	const after = totalItems(next.job, next.items);
	const touched = [...allBatches(run)].findLastIndex(isTouched) + 1;
	return [...allBatches(run)].slice(0, touched).flatMap((batch): Fact[] => {
		const {number, first} = batch;
		if (first > after) return mayBeSkipped(batch) ? [{type: 'batch-skipped', batch: number}] : [];
		return batch.status === 'skipped' && first > before ? [{type: 'batch-requeued', batch: number}] : [];
	});
}

function mayBeSkipped(batch: Batch): boolean {
	switch (batch.status) {
		case 'pending':
		case 'waiting':
		case 'held':
		case 'failed':
			return true;
		case 'running':
			return !batch.outcome;
		case 'stopping':
			return batch.into !== 'skipped';
		case 'rechecking':
		case 'completed':
		case 'skipped':
			return false;
	}
}

/** What differs, one line each (`retry.max_retries: 3 -> 5`); empty when nothing does. */
export function changesOf(run: Run, next: Opened): string[] {
	const lines = fieldChanges(run.job, next.job).map(
		({path, before, after}) => `${path}: ${shown(before)} -> ${shown(after)}`,
	);
	if (run.template !== next.template && !lines.some(line => line.startsWith('prompt.template:'))) {
		lines.push('the prompt template’s text has changed');
	}
	const before = run.items?.length ?? 0;
	const added = (next.items?.length ?? 0) - before;
	if (added > 0 && run.items)
		lines.push(`${added} new ${added === 1 ? 'item' : 'items'} (${before} -> ${before + added})`);
	return lines;
}

/** A field that has another value; undefined: it has none. A list is one value. */
export type FieldChange = {path: string; before: unknown; after: unknown};

/** Fields that differ between two jobs, or two parts of them. */
export function fieldChanges(before: unknown, after: unknown, path = ''): FieldChange[] {
	if (isDeepStrictEqual(before, after)) return [];
	if (isRecord(before) && isRecord(after)) {
		const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
		return [...keys].flatMap(key => fieldChanges(before[key], after[key], path ? `${path}.${key}` : key));
	}
	return [{path, before, after}];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value in at most 60 characters. */
export function shown(value: unknown): string {
	if (value === undefined) return '(none)';
	const text = JSON.stringify(value);
	return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
