import * as z from 'zod';
import {createDocument, type ZodOpenApiPathsObject, type ZodOpenApiResponsesObject} from 'zod-openapi';
import packageJson from '../../../package.json' with {type: 'json'};
import {jobSchema} from '../../config/schema.js';
import {eventSchema} from '../../core/event.js';
import {type RefusalKind, refusalSchema, refusalStatus} from './refusal.js';
import type {Answered, Route} from './route.js';

const always: readonly RefusalKind[] = ['bad-request', 'unauthorized', 'forbidden', 'trouble'];

/** What is said of each refusal. */
const refusalWords: Record<RefusalKind, string> = {
	'bad-request': 'What was asked for cannot be understood.',
	unauthorized: 'Neither the token nor the cookie was shown.',
	forbidden: 'Asked by a page of another server, or under a name that is not of this machine.',
	'not-found': 'There is nothing like that.',
	'method-not-allowed': 'This cannot be asked for in this way.',
	refused: 'The command was refused, for the reason given.',
	'too-large': 'More was sent than is read.',
	'wrong-type': 'Something other than JSON was sent.',
	'too-many': 'Too many listen already.',
	trouble: 'The job’s state cannot be read, or the program that runs it cannot be reached.',
};

/** The API as an OpenAPI document, from the very schemas that check what is asked for. */
export function openApiDocument(routes: readonly Route[]) {
	const paths: ZodOpenApiPathsObject = {};
	for (const {method, path, operation} of routes) {
		const {params, query, body, answer, refusals, ...words} = operation;
		paths[path] = {
			...paths[path],
			[method]: {
				...words,
				requestParams: {
					...(Object.keys(params.shape).length > 0 && {path: params}),
					...(Object.keys(query.shape).length > 0 && {query}),
				},
				...(body && {requestBody: {required: true, content: {'application/json': {schema: body}}}}),
				responses: {'200': answeredWith(answer), ...refusedWith([...always, ...refusals])},
			},
		};
	}
	return createDocument({
		openapi: '3.1.0',
		info: {
			title: 'Mozart dashboard',
			version: packageJson.version,
			description:
				'The jobs of one user: how they stand, all that is kept of them, what happens as it happens, and commands. Times are milliseconds; texts are without control sequences, and never HTML.',
		},
		security: [{token: []}, {cookie: []}],
		components: {
			// Said once, though many things hold them.
			schemas: {Fact: eventSchema, JobFile: jobSchema},
			securitySchemes: {
				token: {type: 'http', scheme: 'bearer', description: 'The token in the address that the program prints.'},
				cookie: {type: 'apiKey', in: 'cookie', name: 'mozart-PORT'},
			},
		},
		paths,
	});
}

function answeredWith(answer: Answered): ZodOpenApiResponsesObject['200'] {
	if ('json' in answer) return {description: 'So it is.', content: {'application/json': {schema: answer.json}}};
	if ('text' in answer) return {description: answer.text, content: {'text/plain': {schema: {type: 'string'}}}};
	const events = Object.entries(answer.stream).map(([name, data]) => z.object({event: z.literal(name), data}));
	return {
		description: 'Server-sent events, each with its name and its data, which is JSON.',
		content: {'text/event-stream': {schema: z.union(events)}},
	};
}

function refusedWith(kinds: readonly RefusalKind[]): ZodOpenApiResponsesObject {
	return Object.fromEntries(
		kinds.map(kind => [
			String(refusalStatus[kind]),
			{description: refusalWords[kind], content: {'application/json': {schema: refusalSchema}}},
		]),
	) as ZodOpenApiResponsesObject;
}
