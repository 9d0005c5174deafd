import type {DatabaseSync} from 'node:sqlite';
import {type Filter, type SlowAnswer, slowAnswerSchema} from './answers.js';
import {ask, chosenBy, chosenRuns} from './ask.js';

/** How many are told where no limit is given. */
const mostSlowest = 20;

/** The batches whose attempts took longest in sum, of those that had an attempt in the time asked for. */
export const askSlowest = (db: DatabaseSync, filter: Filter): SlowAnswer[] =>
	ask(
		db,
		slowAnswerSchema,
		`WITH ${chosenRuns}
		SELECT job, name, run_started_at AS startedAt, batch, first, last, status,
			batches.attempts, retries, completions, batches.took_ms AS tookMs,
			max(attempts.ended_at) - min(attempts.started_at) AS overallMs,
			batches.tokens_in AS tokensIn, batches.tokens_out AS tokensOut, batches.cost_usd AS costUsd
		FROM chosen CROSS JOIN batches USING (run) CROSS JOIN attempts USING (run, batch)
		GROUP BY run, batch HAVING max(coalesce(attempts.ended_at, attempts.started_at)) >= :since
		ORDER BY batches.took_ms DESC, run, batch LIMIT :limit`,
		{...chosenBy(filter), limit: filter.limit ?? mostSlowest},
	);
