import type {DatabaseSync} from 'node:sqlite';
import {type Filter, type RetryAnswer, retryAnswerSchema} from './answers.js';
import {ask, chosenBy, chosenRuns, limitOf} from './ask.js';

/** Why batches were run again, waited, moved or failed, by the kind of the failure; the most frequent kind first. */
export const askRetries = (db: DatabaseSync, filter: Filter): RetryAnswer[] =>
	ask(
		db,
		retryAnswerSchema,
		`WITH ${chosenRuns}, causes AS (
			SELECT run, seq, at, type, batch, kind, message, max(coalesce(until, at) - at, 0) AS wait_ms
			FROM chosen CROSS JOIN events USING (run)
			WHERE kind IS NOT NULL AND at >= :since AND type IN
				('retry-scheduled', 'completion-scheduled', 'limit-seen', 'batch-moved', 'batch-failed')
		)
		SELECT kind, sum(type = 'retry-scheduled') AS retries, sum(type = 'completion-scheduled') AS completions,
			sum(type = 'limit-seen') AS waits, sum(type = 'batch-moved') AS moves, sum(type = 'batch-failed') AS failed,
			count(DISTINCT run || ' ' || batch) AS batches,
			-- A batch that moves waits for nothing: until is when the CLI that it has left opens again.
			sum(iif(type = 'batch-moved', 0, wait_ms)) AS waitMs,
			(SELECT message FROM causes AS one WHERE one.kind = causes.kind AND message IS NOT NULL
				ORDER BY at DESC, seq DESC LIMIT 1) AS lastMessage
		FROM causes GROUP BY kind ORDER BY count(*) DESC, kind LIMIT :limit`,
		{...chosenBy(filter), ...limitOf(filter)},
	);
