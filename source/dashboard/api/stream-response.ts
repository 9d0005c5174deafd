import type {Context} from 'hono';
import type {Env} from '../guard.js';
import type {Stream, Streams} from '../streams.js';
import {type Refusal, refuse} from './refusal.js';

/** Answers with a stream of events; `begin` gives what is to be done when the listener is gone. */
export function streamOf(
	context: Context<Env>,
	streams: Streams,
	begin: (stream: Stream) => () => void,
): Response | Refusal {
	const headers = {
		'content-type': 'text/event-stream; charset=utf-8',
		'cache-control': 'no-store',
		// A server in between must not gather it.
		'x-accel-buffering': 'no',
	};
	// Nobody hears what follows the head.
	if (context.req.raw.method === 'HEAD') return context.body(null, 200, headers);
	const body = streams.open(context.env.outgoing, begin);
	if (!body)
		return refuse(
			'too-many',
			'Too many windows listen to this dashboard already. Close some, then load the page again.',
		);
	return context.body(body, 200, {...headers, 'transfer-encoding': 'chunked'});
}
