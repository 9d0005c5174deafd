import type {Rule} from '../../config/schema.js';
import {allBatches, batchAt} from '../../core/batch-table.js';
import type {Event, EventOf} from '../../core/event.js';
import {backendAt, backendName} from '../../core/fallback.js';
import type {Batch, Run} from '../../core/run.js';
import {summarize} from '../../core/summary.js';
import type {Usage} from '../../core/usage.js';
import {passedCount} from '../../core/verdict.js';
import {hideKeys} from '../../process/secrets.js';

type Value = string | number | null;

/** A row of a table, or a part of one, by the names of its columns; the run is added when it is written. */
export type RowOf = Record<string, Value>;

type Table = 'batches' | 'attempts' | 'verdicts' | 'usage' | 'events';

/** What a fact makes of the history, in the order in which it is written. */
export type Write =
	/** A whole row, over one that has its key. */
	| {do: 'set'; table: Table; key: RowOf; values: RowOf}
	/** Some values of a row that is there. */
	| {do: 'change'; table: Table; key: RowOf; values: RowOf}
	/** Forgets the rows with this key. */
	| {do: 'drop'; table: Table; key: RowOf};

/**
 * What a fact means to the history, by itself and the run after it; all values are absolute, so that telling it twice
 * changes nothing. What a run is as a whole is told by `runRow`, once for many facts.
 */
export function rowsOf(event: Event, run: Run): Write[] {
	const batches = touchedBy(event, run).map(number => batchWrite(batchAt(run, number)));
	return [...batches, ...attemptWrites(event, run), eventWrite(event)];
}

/** The run as a whole: its columns but for those that name it. */
export function runRow(run: Run): RowOf {
	const summary = summarize(run, run.at);
	return {
		name: run.job.name,
		seq: run.seq,
		last_at: whole(run.at),
		state: summary.state,
		reason: bounded(summary.reason),
		backend: backendName(backendAt(run.job)),
		total: run.total,
		completed: summary.completed,
		failed: summary.failed,
		skipped: summary.skipped,
		held: summary.held,
		attempts: summary.attempts,
		retries: summary.retries,
		completions: summary.completions,
		waits: summary.waits,
		attempts_ms: summary.attemptsMs,
		...usageTotals(run.totals.usage),
		untold: summary.untold,
	};
}

/** A fact's numbers are as its CLI or clock has told them; the tables hold whole ones. */
const whole = (value: number) => Math.round(value);

/** No text of the history is longer; the journal has all of it. */
const mostCharacters = 500;
const bounded = (text: string | undefined): string | null =>
	text === undefined ? null : text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text;

const usageTotals = (usage: Usage | undefined): RowOf => ({
	tokens_in: usage ? whole(usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens) : 0,
	tokens_out: whole(usage?.outputTokens ?? 0),
	cost_usd: usage?.costUsd ?? null,
});

/** Batches that the fact has changed; a batch that nothing has begun is told as long as it is not simply pending. */
function touchedBy(event: Event, run: Run): number[] {
	switch (event.type) {
		case 'paused':
		case 'stopping':
			return event.mode === 'now' ? run.live : [];
		case 'run-reopened':
			// What had waited without being chosen waits no longer.
			return [...allBatches(run)].filter(isBegunAgain).map(({number}) => number);
		default:
			return 'batch' in event && event.batch !== undefined ? [event.batch] : [];
	}
}

const isBegunAgain = ({status, attempt}: Batch) => status === 'pending' && attempt > 0;

function batchWrite(batch: Batch): Write {
	const key = {batch: batch.number};
	if (batch.status === 'pending' && batch.attempt === 0) return {do: 'drop', table: 'batches', key};
	const failure = 'failure' in batch ? batch.failure : undefined;
	const values = {
		first: batch.first,
		last: batch.last,
		status: batch.status,
		attempts: batch.attempt,
		retries: batch.retries,
		completions: batch.completions,
		waits: batch.waits,
		took_ms: batch.tookMs,
		...usageTotals(batch.usage),
		kind: failure?.kind ?? (batch.status === 'waiting' ? batch.reason : null),
		message: bounded(failure?.message),
	};
	return {do: 'set', table: 'batches', key, values};
}

function attemptWrites(event: Event, run: Run): Write[] {
	switch (event.type) {
		case 'attempt-started': {
			const {batch, attempt, mode, at} = event;
			const settings = backendAt(run.job, batchAt(run, batch).backend);
			const model = 'model' in settings ? (settings.model ?? null) : null;
			const values = {mode, backend: backendName(settings), model, started_at: whole(at)};
			return [{do: 'set', table: 'attempts', key: {batch, attempt}, values}];
		}
		case 'attempt-ended': {
			const {batch, attempt, at} = event;
			const {durationMs, exitCode, aborted, failure, usage} = event.outcome;
			const key = {batch, attempt};
			const how = {exit_code: exitCode ?? null, aborted: aborted ? 1 : 0};
			const why = {kind: failure?.kind ?? null, message: bounded(failure?.message)};
			const values = {ended_at: whole(at), took_ms: durationMs, ...how, ...why};
			const used: Write[] = usage ? [{do: 'set', table: 'usage', key, values: usageValues(usage)}] : [];
			return [{do: 'change', table: 'attempts', key, values}, ...used];
		}
		case 'attempt-lost': {
			const {batch, attempt} = event;
			return [{do: 'change', table: 'attempts', key: {batch, attempt}, values: {lost: 1, kind: 'interrupted'}}];
		}
		case 'validated':
			return verdictWrites(event, run);
		default:
			return [];
	}
}

const usageValues = (usage: Usage): RowOf => ({
	input_tokens: whole(usage.inputTokens),
	output_tokens: whole(usage.outputTokens),
	cache_read_tokens: whole(usage.cacheReadTokens),
	cache_write_tokens: whole(usage.cacheWriteTokens),
	cost_usd: usage.costUsd ?? null,
});

/** The last word of the rules on an attempt; what they say of a batch that was never run is nobody's doing. */
function verdictWrites({batch, attempt, verdicts, at}: EventOf<'validated'>, run: Run): Write[] {
	if (attempt === 0) return [];
	const key = {batch, attempt};
	const judged = {passed: passedCount(verdicts), rules: verdicts.length};
	return [
		{do: 'change', table: 'attempts', key, values: judged},
		{do: 'drop', table: 'verdicts', key},
		...verdicts.map(({rule, type, passed, description, expected, message}): Write => {
			// A command may have been written with a key in it.
			const label = bounded(hideKeys(labelOf(run.job.validations[rule]) ?? description ?? expected));
			const values = {at: whole(at), type, label, passed: passed ? 1 : 0, message: passed ? null : bounded(message)};
			return {do: 'set', table: 'verdicts', key: {...key, rule}, values};
		}),
	];
}

/** What a rule is called, the same for all batches: what the job file says of it, with its placeholders. */
function labelOf(rule: Rule | undefined): string | undefined {
	if (!rule) return undefined;
	if (rule.description !== undefined) return rule.description;
	switch (rule.type) {
		case 'file_exists':
		case 'file_modified':
			return rule.path;
		case 'content_contains':
		case 'content_regex':
			return `${rule.path}: ${rule.pattern}`;
		case 'command_succeeds':
			return Array.isArray(rule.command) ? rule.command.join(' ') : rule.command;
	}
}

function eventWrite(event: Event): Write {
	const {seq, at, type} = event;
	const values = {
		at: whole(at),
		type,
		batch: 'batch' in event ? (event.batch ?? null) : null,
		attempt: 'attempt' in event ? event.attempt : null,
		...cause(event),
	};
	return {do: 'set', table: 'events', key: {seq}, values};
}

/** Why it has happened, and until when something waits for it. */
function cause(event: Event): {kind: string | null; message: string | null; until: number | null} {
	const told = (kind?: string, message?: string, until?: number) => ({
		kind: kind ?? null,
		message: bounded(message),
		until: until === undefined ? null : whole(until),
	});
	switch (event.type) {
		case 'attempt-ended':
			return told(event.outcome.failure?.kind, event.outcome.failure?.message);
		case 'attempt-lost':
			return told('interrupted');
		case 'completion-scheduled':
			return told('validation', undefined, event.until);
		case 'retry-scheduled':
		case 'limit-seen':
		case 'batch-moved':
			return told(event.failure?.kind, event.failure?.message, event.until);
		case 'limit-shared':
			return told(event.kind, event.message, event.until);
		case 'batch-returned':
		case 'batch-failed':
			return told(event.failure?.kind, event.failure?.message);
		case 'paused':
		case 'run-ended':
			return told(undefined, event.reason);
		case 'job-changed':
			return told(undefined, event.changes.join('; '));
		default:
			return told();
	}
}
