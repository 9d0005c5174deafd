import {batchAt, withBatch} from './batch-table.js';
import type {Batch, BatchStatus, Run} from './run.js';

/** Statuses that hold one of the `concurrency` slots. */
const liveStatuses: ReadonlySet<BatchStatus> = new Set(['running', 'stopping', 'rechecking', 'waiting']);

/** A batch that a person asked for is among the chosen ones from now on. */
export function choose(run: Run, number: number): Run {
	const next: Run = isChosen(run, number) ? run : {...run, selection: [...(run.selection ?? []), [number, number]]};
	return {...next, failing: false, cursor: Math.min(next.cursor, number)};
}

export const isChosen = (run: {selection?: Run['selection']}, number: number): boolean =>
	!run.selection || run.selection.some(([first, last]) => first <= number && number <= last);

/** Puts a batch into the run; the one place that keeps counts, slots and cursor in step with it. */
export function put(run: Run, batch: Batch): Run {
	const {number} = batch;
	const before = batchAt(run, number);
	const next: Run = {...run, batches: withBatch(run.batches, batch)};
	if (before.status === batch.status) return next;
	next.counts = {
		...run.counts,
		[before.status]: (run.counts[before.status] ?? 0) - 1,
		[batch.status]: (run.counts[batch.status] ?? 0) + 1,
	};
	const wasLive = liveStatuses.has(before.status);
	const isLive = liveStatuses.has(batch.status);
	if (wasLive && !isLive) next.live = run.live.filter(other => other !== number);
	if (!wasLive && isLive) next.live = [...run.live, number];
	if (batch.status === 'pending' && number < run.cursor && isChosen(run, number)) next.cursor = number;
	else if (number === run.cursor) next.cursor = pendingFrom(next, number);
	return next;
}

/** The lowest chosen pending batch from `start` on; `total + 1` when there is none. */
export function pendingFrom(run: Run, start: number): number {
	let number = start;
	while (number <= run.total && !(batchAt(run, number).status === 'pending' && isChosen(run, number))) number++;
	return number;
}

/** The fields that every status has. */
export function common(batch: Batch) {
	const {number, first, last, attempt, retries, completions, losses, waits, tookMs, history} = batch;
	const {backend, session, usage, budgetWarned, verdicts, baseline} = batch;
	return {
		number,
		first,
		last,
		attempt,
		retries,
		completions,
		losses,
		waits,
		tookMs,
		history,
		...(backend === undefined ? {} : {backend}),
		...(session ? {session} : {}),
		...(usage ? {usage} : {}),
		...(budgetWarned ? {budgetWarned} : {}),
		...(verdicts ? {verdicts} : {}),
		...(baseline ? {baseline} : {}),
	};
}

/** The batch, which must be in one of these statuses: a fact that does not fit is a bug or a damaged journal. */
export function expectIn<S extends BatchStatus>(
	run: Run,
	number: number,
	...statuses: S[]
): Extract<Batch, {status: S}> {
	const batch = batchAt(run, number);
	if (!(statuses as BatchStatus[]).includes(batch.status)) {
		throw new Error(`batch ${number} is ${batch.status}, expected ${statuses.join(' or ')}`);
	}
	return batch as Extract<Batch, {status: S}>;
}
