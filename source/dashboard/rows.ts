import {backendAt, backendName} from '../core/fallback.js';
import type {Batch, Run} from '../core/run.js';
import {passedOnLastTry} from '../core/summary.js';
import {passedCount} from '../core/verdict.js';
import {oneLine, stripControls} from '../process/sanitize.js';
import type {Owner} from '../store/lock-owner.js';
import type {KnownJob} from '../store/registry.js';
import type {Trouble} from './jobs.js';
import type {BatchDetail, BatchRow, JobDetail, JobRow} from './shapes.js';
import type {SeenJob} from './views.js';

const ownerOf = ({pid, host, since}: Owner) => ({pid, host, since});

/** A job as the list has it; what is not known of it says why. */
export function jobRow({id, name, file, workspace, updatedAt, missing}: KnownJob, seen: SeenJob | Trouble): JobRow {
	const row = {id, name, file, workspace, updatedAt};
	if (missing) return {...row, state: 'missing'};
	if ('problem' in seen) return {...row, state: 'unreadable', problem: seen.problem};
	const {run, state, owner, summary} = seen;
	return {
		...row,
		...{name: run.job.name, state, updatedAt: run.at, summary},
		...(owner && {owner: ownerOf(owner)}),
	};
}

export function jobDetail({id, file, workspace, run, state, owner, summary}: SeenJob): JobDetail {
	const {job} = run;
	return {
		...{id, name: job.name, file, workspace, state, updatedAt: run.at, summary},
		...(owner && {owner: ownerOf(owner)}),
		...(job.description !== undefined && {description: job.description}),
		...{seq: run.seq, startedAt: run.startedAt, phase: run.phase, concurrency: run.concurrency, live: run.live},
		backend: oneLine(backendName(backendAt(job))),
		rules: job.validations.map(({type, description}) => ({type, ...(description !== undefined && {description})})),
	};
}

export function batchRow(run: Run, batch: Batch): BatchRow {
	const {number, first, last, status, attempt, retries, completions, tookMs, usage, backend} = batch;
	return {
		...{number, first, last, status, attempt, retries, completions, tookMs},
		...('mode' in batch && {mode: batch.mode}),
		...('next' in batch && {mode: batch.next}),
		...('startedAt' in batch && {startedAt: batch.startedAt}),
		...(batch.status === 'waiting' && {until: batch.until, waitsFor: batch.reason}),
		...('endedAt' in batch && {endedAt: batch.endedAt}),
		...(usage && {usage}),
		...rulesPassed(batch),
		...('exitCode' in batch && batch.exitCode !== undefined && {exitCode: batch.exitCode}),
		...('failure' in batch &&
			batch.failure && {failure: {kind: batch.failure.kind, message: oneLine(batch.failure.message)}}),
		...(backend !== undefined && backend > 0 && {backend: oneLine(backendName(backendAt(run.job, backend)))}),
		lastTry: passedOnLastTry(run, batch),
	};
}

function rulesPassed(batch: Batch): {rulesPassed?: number} {
	if (batch.status === 'completed') return {rulesPassed: batch.passed};
	return batch.verdicts ? {rulesPassed: passedCount(batch.verdicts)} : {};
}

/** Items that are named one by one; a batch can be as large as the job. */
const mostItems = 1000;

export function batchDetail(run: Run, batch: Batch): BatchDetail {
	const {first, last, verdicts} = batch;
	const items = run.items?.slice(first - 1, Math.min(last, first - 1 + mostItems)).map(oneLine);
	return {
		...batchRow(run, batch),
		...(items && {items}),
		...(verdicts && {
			verdicts: verdicts.map(({expected, actual, message, ...verdict}) => ({
				...verdict,
				...{expected: stripControls(expected), actual: stripControls(actual), message: stripControls(message)},
			})),
		}),
	};
}
