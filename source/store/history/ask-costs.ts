import type {DatabaseSync} from 'node:sqlite';
import {type CostAnswer, costAnswerSchema, type Filter} from './answers.js';
import {ask, chosenBy, chosenRuns, limitOf} from './ask.js';

/** What each local day has cost, the last day first; days without an attempt are not named. */
export const askCosts = (db: DatabaseSync, filter: Filter): CostAnswer[] =>
	ask(
		db,
		costAnswerSchema,
		`WITH ${chosenRuns}
		SELECT date(ended_at / 1000, 'unixepoch', 'localtime') AS day, count(*) AS attempts,
			coalesce(sum(input_tokens + cache_read_tokens + cache_write_tokens), 0) AS tokensIn,
			coalesce(sum(output_tokens), 0) AS tokensOut, sum(usage.cost_usd) AS costUsd,
			sum(usage.cost_usd IS NULL AND (took_ms > 0 OR lost)) AS untold, coalesce(sum(took_ms), 0) AS attemptsMs
		FROM chosen CROSS JOIN attempts USING (run) LEFT JOIN usage USING (run, batch, attempt)
		WHERE ended_at >= :since
		GROUP BY day ORDER BY day DESC LIMIT :limit`,
		{...chosenBy(filter), ...limitOf(filter)},
	);
