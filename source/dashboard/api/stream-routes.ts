import * as z from 'zod';
import {frameOf, readMark} from '../frame.js';
import {type Parts, seenJob} from '../parts.js';
import {boardMessages, jobMessages} from '../shapes.js';
import {jobParams} from './jobs-routes.js';
import {refuse} from './refusal.js';
import {type Route, route, wholeNumber} from './route.js';
import {streamOf} from './stream-response.js';

const resuming =
	'Server-sent events. Facts have an id; after a broken connection a browser sends the last one as `Last-Event-ID` and gets what it has missed, or a snapshot where that is too much. Who is more than a megabyte behind is let go.';

/** What happens, as it happens. */
export function streamRoutes(parts: Parts): Route[] {
	const {streams, board} = parts;
	return [
		route({
			path: '/api/stream',
			id: 'followJobs',
			summary: 'All jobs, then each that changes',
			answer: {stream: boardMessages},
			refusals: ['too-many'],
			async handle({context}) {
				return streamOf(context, streams, stream => {
					stream.settled();
					return board.listen(frame => stream.send(frame));
				});
			},
		}),
		route({
			path: '/api/jobs/{id}/stream',
			id: 'followJob',
			summary: 'A job: every fact, how it stands after it, and what its batches print',
			description: resuming,
			params: jobParams,
			query: z.strictObject({
				after: z.string().max(40).describe('As `Last-Event-ID`, which counts before it.').exactOptional(),
				output: z.enum(['all', 'none']).default('all').describe('Whether to tell what batches print.'),
				batch: wholeNumber(1, 1e9).describe('What this batch prints, and no other.').exactOptional(),
			}),
			answer: {stream: jobMessages},
			refusals: ['not-found', 'too-many'],
			async handle({params, query: {after, output, batch}, context}) {
				const last = context.req.header('last-event-id') || after;
				const mark = last === undefined ? undefined : readMark(last);
				if (last !== undefined && !mark)
					return refuse('bad-request', `“${last.slice(0, 40)}” is no id of an event: write a number`);
				const found = await seenJob(parts, params.id);
				if ('kind' in found) return found;
				return streamOf(context, streams, stream =>
					found.follower.listen(
						{
							hear(frame) {
								if (frame.name !== 'output') stream.send(frame);
								else if (output === 'all' && (batch === undefined || frame.batch === batch)) stream.send(frame);
							},
							begun: stream.settled,
							lost(message) {
								stream.send(frameOf('trouble', {message}));
								stream.end();
							},
						},
						mark,
					),
				);
			},
		}),
	];
}
