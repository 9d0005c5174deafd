import type {Context} from 'hono';
import * as z from 'zod';
import type {ZodOpenApiOperationObject} from 'zod-openapi';
import type {Env} from '../guard.js';
import {readJson} from './body.js';
import {isRefusal, issueWords, type Refusal, type RefusalKind, refusalStatus, refuse} from './refusal.js';

/** One operation of the API: what serves it, and what is written of it. */
export type Route = {
	method: 'get' | 'post';
	/** As OpenAPI writes it: `/api/jobs/{id}`. */
	path: string;
	/** Its description for the document; asked for once. */
	operation: Operation;
	handle(context: Context<Env>): Promise<Response>;
};

export type Operation = Pick<ZodOpenApiOperationObject, 'operationId' | 'summary' | 'description'> & {
	params: z.ZodObject;
	query: z.ZodObject;
	body?: z.ZodType;
	answer: Answered;
	refusals: readonly RefusalKind[];
};

/** What comes back when all goes well: JSON of this shape, plain text, or a stream of events. */
export type Answered = {json: z.ZodType} | {text: string} | {stream: Readonly<Record<string, z.ZodType>>};

type Asked<P, Q, B> = {params: P; query: Q; body: B; context: Context<Env>};

type Spec<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> = {
	method?: 'get' | 'post';
	path: string;
	id: string;
	summary: string;
	description?: string;
	params?: P;
	query?: Q;
	body?: B;
	answer: Answered;
	/** Beyond those that anything may be answered with. */
	refusals?: readonly RefusalKind[];
	handle(asked: Asked<z.infer<P>, z.infer<Q>, z.infer<B>>): Promise<unknown>;
};

const nothing = z.strictObject({});

/**
 * Checks what was asked for before anything is done, and refuses in words. `handle` gives the JSON to answer with, a
 * refusal, or a whole response.
 */
export function route<
	P extends z.ZodObject = typeof nothing,
	Q extends z.ZodObject = typeof nothing,
	B extends z.ZodType = z.ZodUndefined,
>({method = 'get', path, id, params, query, body, answer, refusals = [], handle, ...words}: Spec<P, Q, B>): Route {
	const paramsSchema = params ?? nothing;
	const querySchema = query ?? nothing;
	return {
		method,
		path,
		operation: {
			...{operationId: id, ...words, params: paramsSchema, query: querySchema, answer, refusals},
			...(body && {body}),
		},
		async handle(context) {
			const place = paramsSchema.safeParse(context.req.param());
			if (!place.success) return answerWith(context, refuse('not-found', issueWords(place.error, 'the address')));
			const given = oneEach(context.req.queries());
			if ('kind' in given) return answerWith(context, given);
			const wanted = querySchema.safeParse(given.values);
			if (!wanted.success) return answerWith(context, refuse('bad-request', issueWords(wanted.error, 'the query')));
			let sent: unknown;
			if (body) {
				const read = await readJson(context);
				if ('kind' in read) return answerWith(context, read);
				const parsed = body.safeParse(read.value);
				if (!parsed.success) return answerWith(context, refuse('bad-request', issueWords(parsed.error, 'the command')));
				sent = parsed.data;
			}
			const asked = {params: place.data, query: wanted.data, body: sent, context};
			return answerWith(context, await handle(asked as Asked<z.infer<P>, z.infer<Q>, z.infer<B>>));
		},
	};
}

function oneEach(queries: Record<string, string[]>): {values: Record<string, string>} | Refusal {
	const many = Object.keys(queries).find(name => (queries[name]?.length ?? 0) > 1);
	if (many !== undefined) return refuse('bad-request', `“${many}” was given more than once`);
	return {values: Object.fromEntries(Object.entries(queries).map(([name, [value = '']]) => [name, value]))};
}

export function answerWith(context: Context<Env>, value: unknown): Response {
	if (value instanceof Response) return value;
	context.header('cache-control', 'no-store');
	if (isRefusal(value)) {
		if (value.kind === 'too-many') context.header('retry-after', '5');
		if (value.kind === 'unauthorized') context.header('www-authenticate', 'Bearer');
		return context.json(value, refusalStatus[value.kind]);
	}
	return context.json(value as object);
}

/** A whole number in an address, which is text there. */
export function wholeNumber(from: number, to: number) {
	const words = `a whole number from ${from} to ${to}`;
	return z
		.string()
		.regex(/^\d{1,15}$/, words)
		.transform(Number)
		.refine(number => number >= from && number <= to, words)
		.meta({override: {type: 'integer', minimum: from, maximum: to}});
}
