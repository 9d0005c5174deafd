import * as z from 'zod';
import {
	costAnswerSchema,
	type Filter,
	retryAnswerSchema,
	ruleAnswerSchema,
	runAnswerSchema,
	slowAnswerSchema,
} from '../../store/history/answers.js';
import type {HistoryQuestion} from '../jobs.js';
import type {Parts} from '../parts.js';
import {jobStateSchema} from '../shapes.js';
import {refuse} from './refusal.js';
import {type Route, route, wholeNumber} from './route.js';

const questions: readonly {question: HistoryQuestion; summary: string; schema: z.ZodType}[] = [
	{
		question: 'runs',
		summary: 'Runs of all jobs so far, the one that something happened to last first',
		schema: runAnswerSchema.extend({state: jobStateSchema}),
	},
	{question: 'rules', summary: 'How often each rule passes', schema: ruleAnswerSchema},
	{question: 'costs', summary: 'What each local day has cost, the last one first', schema: costAnswerSchema},
	{question: 'slowest', summary: 'The batches that took longest', schema: slowAnswerSchema},
	{
		question: 'retries',
		summary: 'Why batches were run again or had to wait, by kinds of failures',
		schema: retryAnswerSchema,
	},
];

const query = z.strictObject({
	job: z.string().max(200).describe('Only this job, by its id.').exactOptional(),
	since: wholeNumber(0, 1e15).describe('Only what has happened since, ms since 1970.').exactOptional(),
	failed: z
		.enum(['true', 'false'])
		.describe('Only runs that have failed, or have failed batches.')
		.transform(word => word === 'true')
		.exactOptional(),
	limit: wholeNumber(1, 10_000).describe('So many rows at most.').default(100),
});

/** What has been, over all jobs and all their runs. */
export const historyRoutes = ({jobs}: Parts): Route[] =>
	questions.map(({question, summary, schema}) =>
		route({
			path: `/api/history/${question}`,
			id: `history-${question}`,
			summary,
			query,
			answer: {json: z.object({rows: z.array(schema)})},
			async handle({query: filter}) {
				const answers = await jobs.history({[question]: filter satisfies Filter} as Record<HistoryQuestion, Filter>);
				return 'problem' in answers ? refuse('trouble', answers.problem) : {rows: answers[question]};
			},
		}),
	);
