import {batchCount, batchRange, type Cut} from '../core/batches.js';
import type {Placeholders} from '../core/placeholders.js';
import {type BatchPlace, placeholderValues} from '../prompts/variables.js';
import {itemLines} from './item-lines.js';
import {fromFolder, type Subject} from './subject.js';

/**
 * Placeholder values as some batch would have them: enough to know which names have one, where a path leads and whether
 * a pattern compiles. Items are unknown before the run.
 */
export function sampleValues(subject: Subject): Placeholders {
	const {job, sound} = subject;
	// A batch section that cannot be read may well have meant to name items.
	const named = job.batch.items !== undefined || !sound.has('batch');
	const batch = {number: 1, first: 1, last: 1, total: 1, ...(named ? {items: ['item']} : {})};
	return placeholderValues(job, batch, sampleFolders(subject));
}

export const sampleFolders = (subject: Subject) => ({
	workspace: fromFolder(subject, subject.job.workspace),
	jobFolder: fromFolder(subject, '.'),
});

/** How many batches there will be, where that can be told without running anything. */
export async function knownBatchCount(subject: Subject): Promise<number | undefined> {
	const {cut} = await knownCut(subject);
	return cut && batchCount(cut);
}

async function knownCut(subject: Subject): Promise<{cut?: Cut; items?: readonly string[]}> {
	if (!subject.sound.has('batch')) return {};
	const {size, start_item: startItem, total_items, items: source} = subject.job.batch;
	if (total_items !== undefined) return {cut: {size, startItem, totalItems: total_items}};
	if (source?.file === undefined) return {};
	const read = await itemLines(subject, source.file);
	if ('problem' in read) return {};
	return {cut: {size, startItem, totalItems: read.items.length}, items: read.items};
}

/** Made-up items, in place of those that nobody knows yet, are no more than this. */
const mostMadeUp = 100;

/**
 * The first and the last batch where the items can be counted without running anything, and else a made-up one; `unsure`
 * are the names whose values are made up. None where there is no batch.
 */
export async function sampleBatches(subject: Subject): Promise<{batches: BatchPlace[]; unsure: Set<string>}> {
	const {job, sound} = subject;
	const unsure = new Set<string>();
	if (!sound.has('name')) unsure.add('job_name');
	if (!sound.has('workspace')) unsure.add('workspace');
	const {size, start_item: startItem} = job.batch;
	const {cut, items} = await knownCut(subject);
	if (cut) {
		const total = batchCount(cut);
		const numbers = total < 1 ? [] : [...new Set([1, total])];
		const batches = numbers.map(number => {
			const {first, last} = batchRange(number, cut);
			return {number, first, last, total, ...(items && {items: items.slice(first - 1, last)})};
		});
		return {batches, unsure};
	}
	for (const name of ['items', 'end_item', 'total_batches']) unsure.add(name);
	if (!sound.has('batch')) for (const name of ['batch_num', 'start_item']) unsure.add(name);
	const last = startItem + size - 1;
	const madeUp = Array.from({length: Math.min(size, mostMadeUp)}, (_, index) => `item ${startItem + index}`);
	return {batches: [{number: 1, first: startItem, last, total: 1, items: madeUp}], unsure};
}
