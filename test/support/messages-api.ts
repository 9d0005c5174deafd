import assert from 'node:assert/strict';
import {createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

/** What the stand-in for the model's API answers to one request. */
export type Reply =
	| Spoken
	/** Calls the tool Write. */
	| {write: string; content: string}
	/** Calls the tool Bash. */
	| {bash: string}
	| {status: number; error: string; message?: string; code?: string; headers?: Record<string, string>}
	/** Never answers. */
	| {hang: true}
	/** Anything else that a server can do. */
	| ((response: ServerResponse) => void);

/** What the model says: a text, and calls of tools with any input. */
export type Spoken = {
	text: string;
	calls?: readonly {name: string; input: object}[];
	stop?: string;
	usage?: {
		input_tokens?: number;
		output_tokens?: number;
		cache_read_input_tokens?: number;
		cache_creation_input_tokens?: number;
	};
	headers?: Record<string, string>;
	/**
	 * What happens before the end of the stream: `cut` destroys the connection, `end` closes it in order, `stall` says
	 * nothing more, `error` is an error of that type.
	 */
	broken?: 'cut' | 'end' | 'stall' | {error: string};
};

/** A request as it came. */
export type Asked = {path: string; headers: IncomingHttpHeaders; body: RequestBody};
type Block = {type: string; text?: string; content?: unknown; cache_control?: unknown};
export type RequestBody = {
	model: string;
	stream?: boolean;
	system?: unknown;
	tools?: {name: string}[];
	temperature?: number;
	max_tokens: number;
	messages: {role: string; content: string | Block[]}[];
};

/**
 * A small stand-in for the Messages API: answers what the test has lined up, one reply a request that offers tools, or,
 * for those who ask without them (`answers: 'all'`), one a request.
 */
export class MessagesApi {
	constructor(readonly answers: 'all' | 'those with tools' = 'those with tools') {}

	readonly replies: Reply[] = [];
	/** What to answer instead of the next reply, by the texts that users' messages hold. */
	onAsked: ((texts: readonly string[]) => Reply) | undefined;
	/** Every request that asks for a message. */
	readonly requests: Asked[] = [];
	/** Resolves when a request has been met with silence. */
	readonly hanging = Promise.withResolvers<void>();
	/** The texts that users' messages held, request by request. */
	readonly asked: string[][] = [];
	url = '';
	#count = 0;
	readonly #server = createServer(
		{keepAliveTimeout: 60_000},
		(request, response) => void this.#answer(request, response),
	);

	async open(): Promise<this> {
		await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
		this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
		return this;
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise(resolve => this.#server.close(resolve));
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		let text = '';
		for await (const chunk of request.setEncoding('utf8')) text += chunk;
		const json = (status: number, body: object, headers = {}) => {
			response.writeHead(status, {'content-type': 'application/json', ...headers}).end(JSON.stringify(body));
		};
		if (request.method === 'HEAD') return void response.end();
		if (request.url?.includes('count_tokens')) return json(200, {input_tokens: 100});
		if (!request.url?.includes('/messages'))
			return json(404, {type: 'error', error: {type: 'not_found_error', message: 'no'}});
		const body = JSON.parse(text) as RequestBody;
		this.requests.push({path: request.url, headers: request.headers, body});
		const works = this.answers === 'all' || (body.tools?.length ?? 0) > 0;
		if (works)
			this.asked.push(body.messages.filter(({role}) => role === 'user').map(({content}) => JSON.stringify(content)));
		const next = () =>
			this.onAsked?.(this.asked.at(-1) ?? []) ?? this.replies.shift() ?? {text: 'Nothing is left to do.'};
		const reply = works ? next() : {text: 'ok'};
		if (typeof reply === 'function') return reply(response);
		if ('hang' in reply) return this.hanging.resolve();
		if ('status' in reply)
			return json(
				reply.status,
				{
					type: 'error',
					error: {
						type: reply.error,
						message: reply.message ?? 'as the test wants it',
						...(reply.code && {details: {error_code: reply.code}}),
					},
				},
				reply.headers,
			);
		this.#speak(response, body, spokenOf(reply));
	}

	#speak(response: ServerResponse, body: RequestBody, spoken: Spoken): void {
		const {text, calls = [], headers, broken} = spoken;
		const id = `msg_${++this.#count}`;
		const blocks = [
			...(text === '' ? [] : [{type: 'text', text}]),
			...calls.map((call, index) => ({type: 'tool_use', id: `toolu_${id}_${index}`, ...call})),
		];
		const told = {input_tokens: 1000, output_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0};
		const usage = {...told, ...spoken.usage};
		const message = {id, type: 'message', role: 'assistant', model: body.model, stop_sequence: null, usage};
		const stop = spoken.stop ?? (calls.length > 0 ? 'tool_use' : 'end_turn');
		if (!body.stream) {
			response.writeHead(200, {'content-type': 'application/json', ...headers});
			return void response.end(JSON.stringify({...message, content: blocks, stop_reason: stop}));
		}
		response.writeHead(200, {'content-type': 'text/event-stream', ...headers});
		const send = (type: string, data: object = {}) =>
			response.write(`event: ${type}\ndata: ${JSON.stringify({type, ...data})}\n\n`);
		send('message_start', {message: {...message, content: [], stop_reason: null}});
		for (const [index, block] of blocks.entries()) {
			const empty = 'text' in block ? {...block, text: ''} : {...block, input: {}};
			send('content_block_start', {index, content_block: empty});
			for (const delta of 'text' in block ? pieces(block.text) : [JSON.stringify(block.input)])
				send('content_block_delta', {
					index,
					delta: 'text' in block ? {type: 'text_delta', text: delta} : {type: 'input_json_delta', partial_json: delta},
				});
			if (broken === undefined) send('content_block_stop', {index});
		}
		if (broken === 'stall') return;
		if (broken === 'end') return void response.end();
		// What was written has to be on its way before the connection goes.
		if (broken === 'cut') return void response.write(': cut\n\n', () => response.destroy());
		if (broken) {
			send('error', {error: {type: broken.error, message: 'Overloaded'}});
			return void response.end();
		}
		send('message_delta', {
			delta: {stop_reason: stop, stop_sequence: null},
			usage: {output_tokens: usage.output_tokens},
		});
		send('message_stop');
		response.end();
	}
}

/** As Claude Code's tools are called. */
function spokenOf(
	reply: Exclude<Reply, {hang: true} | {status: number} | ((response: ServerResponse) => void)>,
): Spoken {
	if ('text' in reply) return reply;
	if ('write' in reply)
		return {text: '', calls: [{name: 'Write', input: {file_path: reply.write, content: reply.content}}]};
	return {text: '', calls: [{name: 'Bash', input: {command: reply.bash, description: 'a command'}}]};
}

/** In pieces, as a model speaks. */
const pieces = (text: string, length = 64 * 1024): string[] =>
	text.length <= 40
		? text.split(/(?<=\s)/)
		: Array.from({length: Math.ceil(text.length / length)}, (_, index) =>
				text.slice(index * length, (index + 1) * length),
			);

/** Every reply that was lined up has been given. */
export const assertAllGiven = (api: MessagesApi): void => assert.deepEqual(api.replies, []);
