import {isDeepStrictEqual} from 'node:util';
import {batchAt, tableOf} from './batch-table.js';
import type {ItemRange} from './batches.js';
import {common, isChosen, pendingFrom, put} from './bookkeeping.js';
import type {EventOf} from './event.js';
import {limitsForgotten} from './limit.js';
import type {Batch, Run} from './run.js';

const emptyBatch = (number: number, {first, last}: ItemRange): Batch => ({
	status: 'pending',
	number,
	first,
	last,
	attempt: 0,
	retries: 0,
	completions: 0,
	losses: 0,
	waits: 0,
	tookMs: 0,
	history: [],
	next: 'normal',
	recheck: false,
});

/** The first fact: all batches pending. */
export function started(event: EventOf<'run-started'>): Run {
	const {job, items, sets, template, batches} = event;
	return {
		seq: event.seq,
		at: event.at,
		job,
		...(items ? {items} : {}),
		sets,
		template,
		batches: tableOf(batches.map((range, index) => emptyBatch(index + 1, range))),
		total: batches.length,
		counts: {pending: batches.length},
		live: [],
		cursor: 1,
		resting: [],
		concurrency: job.parallel.max_concurrent,
		phase: 'running',
		failing: false,
		startedAt: event.at,
		openedAt: event.at,
		totals: {attempts: 0, retries: 0, completions: 0, waits: 0, tookMs: 0},
	};
}

/** A batch begins with the job's own CLI again; that knows its session only where it is the same as before. */
function withFirstBackend(batch: Batch, sameCli: boolean): Batch {
	if (batch.backend === undefined && sameCli) return batch;
	const {backend: _backend, session: _session, ...rest} = batch;
	return rest;
}

/** What makes another CLI, or another account, of a backend; all else are its settings. */
const cliOf = ({backend}: Run['job']) => [
	...[backend.type, backend.account, backend.env],
	...('command' in backend ? backend.command : []),
	...('profile' in backend ? [backend.profile] : []),
	...('max_turns' in backend ? [backend.api_key_env, backend.base_url] : []),
];

/** Batches keep what they have where their range is the same; others are new. */
export function changed(run: Run, event: EventOf<'job-changed'>): Run {
	const {job, items, sets, template} = event;
	// With other CLIs the places that batches and closed ones have among them mean nothing.
	const sameBackend = isDeepStrictEqual(run.job.backend, job.backend);
	const sameCli = isDeepStrictEqual(cliOf(run.job), cliOf(job));
	const keep = (batch: Batch) => (sameBackend ? batch : withFirstBackend(batch, sameCli));
	const batches = event.batches.map((range, index) => {
		const known = index < run.total ? batchAt(run, index + 1) : undefined;
		return known?.first === range.first && known.last === range.last ? keep(known) : emptyBatch(index + 1, range);
	});
	const counts: Record<string, number> = {};
	for (const batch of batches) counts[batch.status] = (counts[batch.status] ?? 0) + 1;
	const {items: _items, closed, fallbackLimits, ...rest} = run;
	const sameFallbacks = isDeepStrictEqual(run.job.backend.fallbacks, job.backend.fallbacks);
	const sameClis = sameCli && sameFallbacks;
	const next: Run = {
		...rest,
		...(sameClis && closed ? {closed} : {}),
		...(sameClis && fallbackLimits ? {fallbackLimits} : {}),
		job,
		sets,
		template,
		batches: tableOf(batches),
		total: batches.length,
		counts,
		// What a person has set by hand holds until the job says another number.
		concurrency:
			job.parallel.max_concurrent === run.job.parallel.max_concurrent ? run.concurrency : job.parallel.max_concurrent,
		...(items ? {items} : {}),
	};
	const cut = {...next, cursor: pendingFrom(next, 1)};
	return sameClis ? cut : limitsForgotten(cut, event.at);
}

/** Another program goes on: earlier pauses and ends are over, and this program's choice of batches holds. */
export function reopened(run: Run, {selection, at}: EventOf<'run-reopened'>): Run {
	const {stop: _stop, reason: _reason, result: _result, selection: _selection, ...rest} = run;
	let next: Run = {
		...rest,
		phase: 'running',
		failing: false,
		openedAt: at,
		concurrency: run.job.parallel.max_concurrent,
		...(selection ? {selection} : {}),
	};
	for (const number of run.live) {
		const batch = batchAt(next, number);
		if (batch.status !== 'waiting' || isChosen(next, number)) continue;
		next = put(next, {...common(batch), status: 'pending', next: batch.next, recheck: false});
	}
	return {...next, cursor: pendingFrom(next, 1)};
}
