import type {DatabaseSync} from 'node:sqlite';
import * as z from 'zod';
import {
	type AttemptAnswer,
	attemptAnswerSchema,
	type BatchAnswer,
	batchAnswerSchema,
	type EventAnswer,
	eventAnswerSchema,
	type RunName,
} from './answers.js';
import {ask} from './ask.js';

const theRun = '(SELECT run FROM runs WHERE job = :job AND started_at = :startedAt)';
const named = ({job, startedAt}: RunName) => ({job, startedAt});

/** The batches of a run that something has happened to, in their order. */
export const askBatches = (db: DatabaseSync, run: RunName): BatchAnswer[] =>
	ask(
		db,
		batchAnswerSchema,
		`SELECT batch, first, last, status, attempts, retries, completions, waits, took_ms AS tookMs,
			tokens_in AS tokensIn, tokens_out AS tokensOut, cost_usd AS costUsd, kind, message
		FROM batches WHERE run = ${theRun} ORDER BY batch`,
		named(run),
	);

const stored = attemptAnswerSchema.extend({lost: z.number(), aborted: z.number()});

/** The attempts of a run, the one that started first first. */
export const askAttempts = (db: DatabaseSync, run: RunName): AttemptAnswer[] =>
	ask(
		db,
		stored,
		`SELECT batch, attempt, mode, backend, model, started_at AS startedAt, ended_at AS endedAt, took_ms AS tookMs,
			exit_code AS exitCode, lost, aborted, kind, message, passed, rules,
			coalesce(input_tokens + cache_read_tokens + cache_write_tokens, 0) AS tokensIn,
			coalesce(output_tokens, 0) AS tokensOut, cost_usd AS costUsd
		FROM attempts LEFT JOIN usage USING (run, batch, attempt)
		WHERE run = ${theRun} ORDER BY started_at, batch, attempt`,
		named(run),
	).map(answer => ({...answer, lost: answer.lost === 1, aborted: answer.aborted === 1}));

/** The facts of a run in short, after one of them, in their order. */
export const askEvents = (
	db: DatabaseSync,
	run: RunName,
	{after = 0, limit = -1}: {after?: number; limit?: number} = {},
): EventAnswer[] =>
	ask(
		db,
		eventAnswerSchema,
		`SELECT seq, at, type, batch, attempt, kind, message, until FROM events
		WHERE run = ${theRun} AND seq > :after ORDER BY seq LIMIT :limit`,
		{...named(run), after, limit},
	);
