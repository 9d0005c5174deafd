import type {DatabaseSync} from 'node:sqlite';
import {type Filter, type RuleAnswer, ruleAnswerSchema} from './answers.js';
import {ask, chosenBy, chosenRuns, limitOf} from './ask.js';

/** How often each rule passes, the one that fails most often first. */
export const askRules = (db: DatabaseSync, filter: Filter): RuleAnswer[] =>
	ask(
		db,
		ruleAnswerSchema,
		`WITH ${chosenRuns}, judged AS (
			SELECT job, name, type, label, passed, attempt = 1 AS is_first,
				CASE WHEN NOT passed THEN at END AS failed_at, message
			FROM chosen CROSS JOIN verdicts USING (run)
			WHERE at >= :since
		)
		SELECT job, max(name) AS name, type, label AS rule, count(*) AS judged, sum(passed) AS passed,
			sum(is_first) AS judgedFirst, sum(is_first AND passed) AS passedFirst,
			(SELECT message FROM judged AS one WHERE one.job = judged.job AND one.type = judged.type
				AND one.label = judged.label AND failed_at IS NOT NULL ORDER BY failed_at DESC LIMIT 1) AS lastFailure
		FROM judged GROUP BY job, type, label
		ORDER BY passed * 1.0 / judged, judged DESC, job, rule LIMIT :limit`,
		{...chosenBy(filter), ...limitOf(filter)},
	);
