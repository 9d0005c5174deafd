import * as z from 'zod';
import {digestOf, digestSchema} from '../../core/digest.js';
import {eventSchema} from '../../core/event.js';
import {factWords} from '../fact-words.js';
import {type Parts, seenJob} from '../parts.js';
import {jobDetail} from '../rows.js';
import {jobDetailSchema, jobRowSchema, jobStateSchema} from '../shapes.js';
import {type Wish, wishSchema} from '../wish.js';
import {createAnswered} from './answered.js';
import {refuse, whenFound} from './refusal.js';
import {type Route, route, wholeNumber} from './route.js';

/** Ids are only ever looked up. */
export const jobParams = z.strictObject({id: z.string().max(200).describe('The id of a job, as the list has it.')});

const mostEvents = 1000;

/** All jobs, one job, what has happened in it, and what is asked of it. */
export function jobsRoutes(parts: Parts): Route[] {
	const {jobs, board, clock} = parts;
	const answered = createAnswered<Wish>();
	return [
		route({
			path: '/api/jobs',
			id: 'listJobs',
			summary: 'All jobs of this user, wherever they run: live ones first, then those that were touched last',
			query: z.strictObject({state: jobStateSchema.exactOptional()}),
			answer: {
				json: z.object({
					jobs: z.array(jobRowSchema),
					skipped: z.array(z.object({file: z.string(), problem: z.string()})).describe('Notes that cannot be read.'),
				}),
			},
			async handle({query}) {
				const {rows, skipped} = await board.look();
				return {jobs: rows.filter(({state}) => query.state === undefined || state === query.state), skipped};
			},
		}),
		route({
			path: '/api/jobs/{id}',
			id: 'getJob',
			summary: 'How a job stands',
			params: jobParams,
			answer: {json: jobDetailSchema},
			refusals: ['not-found'],
			handle: async ({params}) => whenFound(await seenJob(parts, params.id), ({job}) => jobDetail(job)),
		}),
		route({
			path: '/api/jobs/{id}/digest',
			id: 'getDigest',
			summary: 'How a job went: done, failed and why, spent, waited, slowest, and what to do next',
			params: jobParams,
			answer: {json: digestSchema},
			refusals: ['not-found'],
			handle: async ({params}) =>
				whenFound(await seenJob(parts, params.id), ({job: {id, run, state}}) =>
					digestOf(run, {id, now: clock.now(), state}),
				),
		}),
		route({
			path: '/api/jobs/{id}/events',
			id: 'listEvents',
			summary: 'The facts of a job, oldest first',
			params: jobParams,
			query: z.strictObject({
				after: wholeNumber(0, 1e15).describe('Only facts with a higher number.').default(0),
				limit: wholeNumber(1, mostEvents).default(200),
				batch: wholeNumber(1, 1e9).describe('Only facts about this batch.').exactOptional(),
			}),
			answer: {
				json: z.object({
					events: z.array(z.object({event: eventSchema, words: z.array(z.string())})),
					next: z.number().describe('`after` for what follows; absent where nothing does.').exactOptional(),
				}),
			},
			refusals: ['not-found'],
			async handle({params, query: {after, limit, batch}}) {
				const found = await seenJob(parts, params.id);
				if ('kind' in found) return found;
				const facts = await jobs.facts(found.known, after);
				if ('problem' in facts) return refuse('trouble', facts.problem);
				const wanted = batch === undefined ? facts : facts.filter(fact => 'batch' in fact && fact.batch === batch);
				const events = wanted.slice(0, limit);
				const last = events.at(-1);
				return {
					events: events.map(event => ({event, words: factWords(event, found.job.run)})),
					...(wanted.length > limit && last && {next: last.seq}),
				};
			},
		}),
		route({
			method: 'post',
			path: '/api/jobs/{id}/commands',
			id: 'command',
			summary: 'Asks something of a job, and answers when it is on disk',
			description:
				'Refused as the same key is on the screen, with its reason. With a header `Idempotency-Key` the same command is carried out once, however often it is sent within ten minutes. A job that nobody runs is opened for a moment to retry, skip, hold or cancel.',
			params: jobParams,
			body: wishSchema,
			answer: {json: z.object({id: z.string(), done: wishSchema})},
			refusals: ['not-found', 'refused', 'too-large', 'wrong-type'],
			async handle({params, body, context}) {
				const known = await jobs.find(params.id);
				if (!known) return refuse('not-found', 'There is no such job.');
				const key = context.req.header('idempotency-key');
				const answer = await answered(key && `${known.id} ${key}`, body, clock.now(), () => jobs.steer(known, body));
				if (answer === 'other') return refuse('refused', 'this Idempotency-Key was sent with another command');
				if (!answer) return {id: known.id, done: body};
				return 'refused' in answer ? refuse('refused', answer.refused) : refuse('trouble', answer.problem);
			},
		}),
	];
}
