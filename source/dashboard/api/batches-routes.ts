import * as z from 'zod';
import {allBatches, batchAt} from '../../core/batch-table.js';
import type {Batch} from '../../core/run.js';
import {stripControls} from '../../process/sanitize.js';
import {attemptRow} from '../attempt-row.js';
import {frameOf} from '../frame.js';
import {logPiece} from '../log-piece.js';
import {type Parts, seenJob} from '../parts.js';
import {batchDetail, batchRow} from '../rows.js';
import {attemptSchema, batchDetailSchema, batchRowSchema, batchStatusSchema, logMessages} from '../shapes.js';
import type {SeenJob} from '../views.js';
import {jobParams} from './jobs-routes.js';
import {type Refusal, refuse, whenFound} from './refusal.js';
import {type Route, route, wholeNumber} from './route.js';
import {streamOf} from './stream-response.js';

const mostBatches = 1000;
const mostLogBytes = 1024 * 1024;
/** How often a followed log is looked at, and what is read of it at a time. */
const followMs = 500;
const followBytes = 64 * 1024;

const batchParams = jobParams.extend({batch: wholeNumber(1, 1e9)});
const attemptParams = batchParams.extend({attempt: wholeNumber(1, 1e9)});
const logStream = z.enum(['stdout', 'stderr']).default('stdout');

/** Whether nothing more will be written by an attempt. */
function isOver({job, batch}: {job: SeenJob; batch: Batch}, attempt: number): boolean {
	const isUnderWay = batch.status === 'running' || batch.status === 'stopping';
	return !(job.owner && isUnderWay && batch.attempt === attempt);
}

/** The batches of a job, and all that is kept of each. */
export function batchesRoutes(parts: Parts): Route[] {
	const {jobs, streams, clock, onBug} = parts;

	async function seenBatch(id: string, number: number) {
		const found = await seenJob(parts, id);
		if ('kind' in found) return found;
		const {run} = found.job;
		if (number > run.total) return refuse('not-found', `There is no batch ${number}: the job has ${run.total}.`);
		return {...found, run, batch: batchAt(run, number)};
	}

	async function seenAttempt({id, batch: number, attempt}: z.infer<typeof attemptParams>) {
		const found = await seenBatch(id, number);
		if ('kind' in found || attempt <= found.batch.attempt) return found;
		return refuse('not-found', `Batch ${number} has no attempt ${attempt}: there were ${found.batch.attempt}.`);
	}

	return [
		route({
			path: '/api/jobs/{id}/batches',
			id: 'listBatches',
			summary: 'The batches of a job in order, a part at a time',
			params: jobParams,
			query: z.strictObject({
				status: z
					.enum(['live', ...batchStatusSchema.options])
					.describe('Only these; `live`: all that are under way or wait.')
					.exactOptional(),
				from: wholeNumber(1, 1e9).describe('The number to begin with.').default(1),
				limit: wholeNumber(1, mostBatches).default(100),
			}),
			answer: {
				json: z.object({
					total: z.number().describe('Batches of the job.'),
					matching: z.number().describe('Batches that have the status that was asked for.'),
					batches: z.array(batchRowSchema),
					next: z.number().describe('`from` for those that follow; absent where none do.').exactOptional(),
				}),
			},
			refusals: ['not-found'],
			async handle({params, query: {status, from, limit}}) {
				const found = await seenJob(parts, params.id);
				if ('kind' in found) return found;
				const {run} = found.job;
				const live = new Set(run.live);
				const fits = (batch: Batch) => (status === 'live' ? live.has(batch.number) : batch.status === status);
				const matching = [...allBatches(run)].filter(batch => status === undefined || fits(batch));
				const start = matching.findIndex(({number}) => number >= from);
				const shown = start < 0 ? [] : matching.slice(start, start + limit);
				const next = start < 0 ? undefined : matching[start + limit];
				return {
					...{total: run.total, matching: matching.length, batches: shown.map(batch => batchRow(run, batch))},
					...(next && {next: next.number}),
				};
			},
		}),
		route({
			path: '/api/jobs/{id}/batches/{batch}',
			id: 'getBatch',
			summary: 'One batch: its items, and what the rules said last',
			params: batchParams,
			answer: {json: batchDetailSchema},
			refusals: ['not-found'],
			handle: async ({params: {id, batch}}) =>
				whenFound(await seenBatch(id, batch), ({run, batch}) => batchDetail(run, batch)),
		}),
		route({
			path: '/api/jobs/{id}/batches/{batch}/attempts',
			id: 'listAttempts',
			summary: 'All attempts of a batch, oldest first, with their verdicts and what they changed in watched files',
			params: batchParams,
			answer: {json: z.object({attempts: z.array(attemptSchema)})},
			refusals: ['not-found'],
			async handle({params}) {
				const found = await seenBatch(params.id, params.batch);
				if ('kind' in found) return found;
				const attempts = await jobs.attempts(found.known, params.batch);
				return 'problem' in attempts ? refuse('trouble', attempts.problem) : {attempts: attempts.map(attemptRow)};
			},
		}),
		route({
			path: '/api/jobs/{id}/batches/{batch}/attempts/{attempt}',
			id: 'getAttempt',
			summary: 'One attempt of a batch, with its verdicts and what it changed in watched files',
			params: attemptParams,
			answer: {json: attemptSchema},
			refusals: ['not-found'],
			async handle({params}) {
				const found = await seenAttempt(params);
				if ('kind' in found) return found;
				const attempts = await jobs.attempts(found.known, params.batch);
				if ('problem' in attempts) return refuse('trouble', attempts.problem);
				const one = attempts.find(({attempt}) => attempt === params.attempt);
				return one ? attemptRow(one) : refuse('not-found', 'Nothing is kept of this attempt.');
			},
		}),
		route({
			path: '/api/jobs/{id}/batches/{batch}/attempts/{attempt}/prompt',
			id: 'getPrompt',
			summary: 'The very text that was sent',
			params: attemptParams,
			answer: {text: 'The prompt, without control sequences.'},
			refusals: ['not-found'],
			async handle({params, context}) {
				const found = await seenAttempt(params);
				if ('kind' in found) return found;
				const prompt = await jobs.prompt(found.known, params.batch, params.attempt);
				if (prompt === undefined) return refuse('not-found', 'The prompt of this attempt is not kept.');
				return context.text(stripControls(prompt), 200, {'cache-control': 'no-store'});
			},
		}),
		route({
			path: '/api/jobs/{id}/batches/{batch}/attempts/{attempt}/output',
			id: 'getOutput',
			summary: 'What an attempt has printed as people read it, from near the end of a long log on',
			params: attemptParams,
			answer: {
				json: z.object({
					text: z.string(),
					leftOut: z.number().describe('Bytes at the beginning of the log that are not in the text.'),
				}),
			},
			refusals: ['not-found'],
			async handle({params}) {
				const found = await seenAttempt(params);
				if ('kind' in found) return found;
				const {text, leftOut} = await jobs
					.output(found.known, found.run, found.batch, params.attempt)
					.more(isOver(found, params.attempt));
				return {text: stripControls(text), leftOut};
			},
		}),
		route({
			path: '/api/jobs/{id}/batches/{batch}/attempts/{attempt}/log',
			id: 'getLog',
			summary: 'A part of the log as the CLI wrote it, without control sequences',
			params: attemptParams,
			query: z.strictObject({
				stream: logStream,
				offset: wholeNumber(0, 1e15).describe('Bytes before the part.').default(0),
				limit: wholeNumber(16, mostLogBytes).describe('Bytes of it at most.').default(followBytes),
			}),
			answer: {
				json: z.object({
					offset: z.number(),
					next: z.number().describe('`offset` for what follows.'),
					size: z.number().describe('Bytes that the log has by now.'),
					isOver: z.boolean().describe('Nothing more will be written.'),
					text: z.string(),
				}),
			},
			refusals: ['not-found'],
			async handle({params, query}) {
				const found = await seenAttempt(params);
				if ('kind' in found) return found;
				const over = isOver(found, params.attempt);
				return {...(await logPiece(jobs, found.known, {...params, ...query}, over)), isOver: over};
			},
		}),
		route({
			path: '/api/jobs/{id}/batches/{batch}/attempts/{attempt}/log/stream',
			id: 'followLog',
			summary: 'The log from a byte on, and what is written to it, until the attempt is over',
			description: 'Server-sent events. After a broken connection it goes on behind `Last-Event-ID`.',
			params: attemptParams,
			query: z.strictObject({stream: logStream, offset: wholeNumber(0, 1e15).default(0)}),
			answer: {stream: logMessages},
			refusals: ['not-found', 'too-many'],
			async handle({params, query: {stream: name, offset}, context}): Promise<Response | Refusal> {
				const found = await seenAttempt(params);
				if ('kind' in found) return found;
				const {known} = found;
				const last = /^\d{1,15}$/.exec(context.req.header('last-event-id') ?? '')?.[0];
				return streamOf(context, streams, stream => {
					stream.settled();
					let at = last === undefined ? offset : Number(last);
					let isLeft = false;
					let callOff = () => {};
					async function more(): Promise<void> {
						const now = await seenAttempt(params);
						if (isLeft) return;
						if ('kind' in now) {
							stream.send(frameOf('trouble', {message: now.message}));
							return stream.end();
						}
						const over = isOver(now, params.attempt);
						while (!isLeft && !stream.isBehind) {
							const piece = await logPiece(
								jobs,
								known,
								{...params, stream: name, offset: at, limit: followBytes},
								over,
							);
							if (isLeft) return;
							if (piece.next <= at) {
								if (over) {
									stream.send(frameOf('end', {}));
									return stream.end();
								}
								break;
							}
							const {offset, next, text} = piece;
							at = next;
							stream.send(frameOf('text', {offset, next, text}, String(next)));
						}
						if (!isLeft) callOff = clock.timer(followMs, again);
					}
					const again = () =>
						void more().catch(error => {
							onBug(error);
							stream.end();
						});
					again();
					return () => {
						isLeft = true;
						callOff();
					};
				});
			},
		}),
	];
}
