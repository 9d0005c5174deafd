import type {DatabaseSync} from 'node:sqlite';
import * as z from 'zod';
import type {Filter} from './answers.js';

/** The runs that a filter leaves, as a table for the questions; it takes `:job`, `:since` and `:failed`. */
export const chosenRuns = `chosen AS (
	SELECT run, job, name, file, workspace, started_at AS run_started_at FROM runs JOIN jobs USING (job)
	WHERE (:job IS NULL OR job = :job) AND last_at >= :since AND (:failed = 0 OR failed > 0 OR state = 'failed')
)`;

/** The values of `chosenRuns`. */
export const chosenBy = ({job, since, failed}: Filter) => ({
	job: job ?? null,
	since: since ?? 0,
	failed: failed ? 1 : 0,
});

/** `LIMIT :limit`; less than none is no limit. */
export const limitOf = ({limit}: Filter) => ({limit: limit ?? -1});

type Values = Record<string, string | number | null>;

/** The answers to a question. What is unknown (NULL) is left out of them. Throws SQLite's errors. */
export function ask<T>(db: DatabaseSync, schema: z.ZodType<T>, sql: string, values: Values): T[] {
	const rows = db.prepare(sql).all(values);
	return z
		.array(schema)
		.parse(rows.map(row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))));
}
