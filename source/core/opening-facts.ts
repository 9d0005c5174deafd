import {allBatches} from './batch-table.js';
import {batchRanges} from './batches.js';
import {isChosen} from './bookkeeping.js';
import {changesOf, endMoved, type Opened, recut, totalItems} from './change.js';
import type {Fact} from './event.js';
import {lostAttempts} from './recovery.js';
import type {Run} from './run.js';

/** What a program that opens a job is there for, and the batches it was asked for. */
export type Opening = {
	/** As the user named it. */
	file: string;
	/**
	 * `run`: what failed is queued again. `resume`: go on with what is unfinished. `recheck`, `steer`: start paused and run
	 * nothing.
	 */
	intent: 'run' | 'resume' | 'recheck' | 'steer';
	/** Closed ranges; all batches when absent. */
	selection?: [number, number][];
};

/** What this program records first; a text when that cannot be. Adds to `notes` what a person should know. */
export function openingFacts(
	known: Run | undefined,
	opened: Opened,
	options: Opening,
	notes: string[],
): Fact[] | string {
	const selection = options.selection ? {selection: options.selection} : {};
	if (!known) {
		if (options.intent !== 'run')
			return `There is no state of this job: it has not been run yet, or its state was deleted. Begin: mozart run ${options.file}`;
		const {start_item: startItem, size} = opened.job.batch;
		const batches = batchRanges({size, totalItems: totalItems(opened.job, opened.items), startItem});
		if (batches.length === 0)
			return `start_item is ${startItem}, but there are only ${totalItems(opened.job, opened.items)} items`;
		const problem = selectionProblem(options.selection, batches.length);
		if (problem) return problem;
		return [
			{type: 'run-started', ...opened, batches},
			...(options.selection ? [{type: 'run-reopened' as const, ...selection}] : []),
		];
	}
	const facts: Fact[] = lostAttempts(known);
	if (facts.length > 0) {
		const judged = opened.job.validations.length > 0 ? '; rules are checked before anything is run again' : '';
		notes.push(
			`Cut off when the last run ended: ${facts.length} ${facts.length === 1 ? 'attempt' : 'attempts'}${judged}.`,
		);
	}
	const changes = changesOf(known, opened);
	const skipped = new Set<number>();
	let total = known.total;
	if (changes.length > 0) {
		const batches = recut(known, opened);
		total = batches.length;
		notes.push(...changes.map(change => `Changed since the last run: ${change}`));
		facts.push({type: 'job-changed', ...opened, batches, changes});
		const moved = endMoved(known, opened);
		for (const fact of moved) if (fact.type === 'batch-skipped') skipped.add(fact.batch);
		if (skipped.size > 0) notes.push(`Behind the last item now, and skipped: batch ${[...skipped].join(', ')}.`);
		facts.push(...moved);
	}
	const problem = selectionProblem(options.selection, total);
	if (problem) return problem;
	facts.push({type: 'run-reopened', ...selection});
	if (options.intent === 'recheck')
		facts.push({type: 'paused', mode: 'drain', reason: 'rules are checked, nothing is run'});
	if (options.intent === 'steer')
		facts.push({type: 'paused', mode: 'drain', reason: 'changed from a script, nothing is run'});
	if (options.intent === 'run') {
		for (const batch of allBatches(known)) {
			if (skipped.has(batch.number)) continue;
			if (batch.status === 'failed' && isChosen(options, batch.number))
				facts.push({type: 'batch-requeued', batch: batch.number});
			if (batch.status === 'held') facts.push({type: 'batch-released', batch: batch.number});
		}
	}
	return facts;
}

/** What is wrong with a choice of batches, when the job has so many. */
export function selectionProblem(selection: Opening['selection'], total: number): string | undefined {
	const beyond = selection?.find(([first]) => first > total);
	return beyond && `batch ${beyond[0]} was asked for, but the job has ${total}`;
}
