import {batchAt} from '../core/batch-table.js';
import {spentWords} from '../core/budget.js';
import type {Event} from '../core/event.js';
import {backendAt, backendName} from '../core/fallback.js';
import type {Run} from '../core/run.js';
import {passedCount} from '../core/verdict.js';
import {counted, doneWords, durationWords, rulesPass, timeOfDay} from './words.js';

/**
 * One event as lines for people and logs, each beginning with the time; none for events that only matter to machines.
 * `run` is the state after the event.
 */
export function eventLines(event: Event, run: Run): string[] {
	const said = eventWords(event, run);
	if (said.length === 0) return [];
	const time = timeOfDay(event.at);
	const who = 'batch' in event ? `  batch ${event.batch}/${run.total}` : '';
	const width = `  batch ${run.total}/${run.total}`.length;
	return said.map(text => `${time}${who.padEnd(width)}  ${text}`);
}

/** The same without time and batch. */
export function eventWords(event: Event, run: Run): string[] {
	switch (event.type) {
		case 'run-started':
			return [`${counted(event.batches.length, 'batch', 'batches')} to do`];
		case 'job-changed':
			return [`the job has changed: ${counted(run.total, 'batch', 'batches')} in all`];
		case 'run-reopened':
			return [event.selection ? `going on with batches ${selectionWords(event.selection)}` : 'going on'];
		case 'attempt-started': {
			const batch = batchAt(run, event.batch);
			const what = {normal: '', retry: ', full retry', completion: ', completion'}[event.mode];
			return [`attempt ${event.attempt}${what}: ${itemWords(batch.first, batch.last)}`];
		}
		case 'attempt-prepared':
		case 'attempt-spawned':
		case 'recheck-ended':
			return [];
		case 'attempt-ended': {
			const {outcome} = event;
			const took = durationWords(outcome.durationMs);
			if (outcome.aborted) return [`attempt ${event.attempt} stopped after ${took}`];
			return outcome.failure
				? [`attempt ${event.attempt}: ${outcome.failure.message.replace(/\.$/, '')} (${took})`]
				: [];
		}
		case 'attempt-lost':
			return [`attempt ${event.attempt} was cut off when the last run ended (${event.losses} so far)`];
		case 'attempt-stopping':
			return [`stopping attempt ${event.attempt}`];
		case 'recheck-started':
			return ['checking its rules before anything is run'];
		case 'validated': {
			const failing = event.verdicts.filter(verdict => !verdict.passed);
			if (failing.length === 0) return [];
			const passed = rulesPass(passedCount(event.verdicts), event.verdicts.length);
			return [passed, ...failing.map(verdict => `  ✗ ${verdict.message}`)];
		}
		case 'completion-scheduled': {
			const of = `${event.completions}/${run.job.retry.max_completion_attempts}`;
			return [`completion ${of}: asking for what is missing ${inWords(event.until - event.at)}`];
		}
		case 'retry-scheduled':
			return [`retry ${event.retries}/${run.job.retry.max_retries}: everything again ${inWords(event.delayMs)}`];
		case 'limit-seen': {
			const {failure, until} = event;
			return [
				`${failure.message.replace(/\.$/, '')}; waiting until ${timeOfDay(until)} (${durationWords(until - event.at)}), no budget is spent`,
			];
		}
		case 'batch-moved': {
			const name = backendName(backendAt(run.job, event.backend));
			if (event.until === undefined) return [`goes on with ${name}`];
			const wait = `until ${timeOfDay(event.until)} (${durationWords(event.until - event.at)})`;
			return [`goes on with ${name} rather than wait ${wait}, no budget is spent`];
		}
		case 'limit-shared': {
			const {message, until, job, backend} = event;
			const what = run.job.backend.fallbacks ? ` with ${backendName(backendAt(run.job, backend))}` : '';
			return [`${message.replace(/\.$/, '')} (met by ${job}); nothing starts${what} before ${timeOfDay(until)}`];
		}
		case 'limit-lifted':
			return [
				`the limit${event.backend ? ` of ${backendName(backendAt(run.job, event.backend))}` : ''} is over${event.job === undefined ? '' : ` (${event.job} has tried)`}: the others follow`,
			];
		case 'limit-ended':
			return ['the wait for the limit was ended'];
		case 'limit-warned': {
			const until = event.until === undefined ? '' : ` until ${timeOfDay(event.until)}`;
			return [
				`${Math.round(event.utilization * 100)} % of the ${event.window} limit is used: fewer batches at once${until}`,
			];
		}
		case 'batch-returned':
			return event.failure ? [`back in the queue: ${event.failure.message}`] : ['back in the queue'];
		case 'batch-completed': {
			const rules = run.job.validations.length;
			const marked = rules > 0 && event.exitCode ? `, though the exit code was ${event.exitCode}` : '';
			return [`completed: ${doneWords(event, rules)}${marked}, ${durationWords(batchAt(run, event.batch).tookMs)}`];
		}
		case 'batch-failed':
			return [`FAILED: ${event.failure.message}`];
		case 'batch-skipped':
			return ['skipped'];
		case 'batch-held':
			return ['held until you say retry'];
		case 'batch-released':
		case 'batch-requeued':
			return ['queued again'];
		case 'wait-ended':
			return ['its wait was ended'];
		case 'budget-warned':
			return [`${event.spent < event.limit ? 'much' : 'all'} of the budget is spent: ${spentWords(event)}`];
		case 'concurrency-set':
			return [`up to ${counted(event.concurrency, 'batch', 'batches')} at once`];
		case 'paused':
			return [`pausing${event.reason ? `: ${event.reason}` : ''}`];
		case 'resumed':
			return ['resumed'];
		case 'stopping':
			return [event.mode === 'now' ? 'stopping what runs' : 'stopping when what runs is done'];
		case 'run-ended':
			return [];
	}
}

const inWords = (ms: number) => (ms <= 0 ? 'now' : `in ${durationWords(ms)}`);

const itemWords = (first: number, last: number) => (first === last ? `item ${first}` : `items ${first} to ${last}`);

export const selectionWords = (selection: readonly (readonly [number, number])[]): string =>
	selection
		.map(([first, last]) =>
			first === last ? first : last === Number.MAX_SAFE_INTEGER ? `${first}-` : `${first}-${last}`,
		)
		.join(', ');
