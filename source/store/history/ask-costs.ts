import type {DatabaseSync} from 'node:sqlite';
import {type CostAnswer, costAnswerSchema, type Filter} from './answers.js';
import {ask, chosenBy, chosenRuns, limitOf} from './ask.js';

/** What each local day has cost, the last day first; days without an attempt are not named. */
export const askCosts = (db: DatabaseSync, filter: Filter): CostAnswer[] =>
	ask(
		db,
		costAnswerSchema,
		`WITH ${chosenRuns}, spent AS (
			-- Nobody has told when an attempt ended that was lost.
			SELECT coalesce(ended_at, iif(lost, started_at, NULL)) AS at, took_ms, lost, usage.*
			FROM chosen CROSS JOIN attempts USING (run) LEFT JOIN usage USING (run, batch, attempt)
		)
		SELECT date(at / 1000, 'unixepoch', 'localtime') AS day, count(*) AS attempts,
			coalesce(sum(input_tokens + cache_read_tokens + cache_write_tokens), 0) AS tokensIn,
			coalesce(sum(output_tokens), 0) AS tokensOut, sum(cost_usd) AS costUsd,
			sum(cost_usd IS NULL AND (took_ms > 0 OR lost)) AS untold, coalesce(sum(took_ms), 0) AS attemptsMs
		FROM spent WHERE at >= :since
		GROUP BY day ORDER BY day DESC LIMIT :limit`,
		{...chosenBy(filter), ...limitOf(filter)},
	);
