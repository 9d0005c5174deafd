import type {DatabaseSync} from 'node:sqlite';
import {type Filter, type RunAnswer, runAnswerSchema} from './answers.js';
import {ask, chosenBy, chosenRuns, limitOf} from './ask.js';

/** The runs, the one that something happened to last first. */
export const askRuns = (db: DatabaseSync, filter: Filter): RunAnswer[] =>
	ask(
		db,
		runAnswerSchema,
		`WITH ${chosenRuns}
		SELECT job, name, file, workspace, started_at AS startedAt, last_at AS lastAt, state, reason, backend,
			total, completed, failed, skipped, held, attempts, retries, completions, waits, attempts_ms AS attemptsMs,
			tokens_in AS tokensIn, tokens_out AS tokensOut, cost_usd AS costUsd, untold
		FROM chosen JOIN runs USING (run, job, name) ORDER BY last_at DESC, run DESC LIMIT :limit`,
		{...chosenBy(filter), ...limitOf(filter)},
	);
