import assert from 'node:assert/strict';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

/** What the stand-in for the model's API answers to one request. */
export type Reply =
	| {text: string}
	/** Calls the tool Write. */
	| {write: string; content: string}
	/** Calls the tool Bash. */
	| {bash: string}
	| {status: number; error: string; headers?: Record<string, string>}
	/** Never answers. */
	| {hang: true};

/** A small stand-in for the Messages API: answers what the test has lined up, one reply a request that offers tools. */
export class MessagesApi {
	readonly replies: Reply[] = [];
	/** What to answer instead of the next reply, by the texts that users' messages hold. */
	onAsked: ((texts: readonly string[]) => Reply) | undefined;
	/** Resolves when a request has been met with silence. */
	readonly hanging = Promise.withResolvers<void>();
	/** The texts that users' messages held, request by request. */
	readonly asked: string[][] = [];
	url = '';
	#count = 0;
	readonly #server = createServer((request, response) => void this.#answer(request, response));

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
		const body = JSON.parse(text) as {
			model: string;
			stream?: boolean;
			tools?: unknown[];
			messages: {role: string; content: unknown}[];
		};
		const works = (body.tools?.length ?? 0) > 0;
		if (works)
			this.asked.push(body.messages.filter(({role}) => role === 'user').map(({content}) => JSON.stringify(content)));
		const next = () =>
			this.onAsked?.(this.asked.at(-1) ?? []) ?? this.replies.shift() ?? {text: 'Nothing is left to do.'};
		const reply = works ? next() : {text: 'ok'};
		if ('hang' in reply) return this.hanging.resolve();
		if ('status' in reply)
			return json(
				reply.status,
				{type: 'error', error: {type: reply.error, message: 'as the test wants it'}},
				reply.headers,
			);
		this.#speak(response, body, reply);
	}

	#speak(response: ServerResponse, body: {model: string; stream?: boolean}, reply: Reply): void {
		const id = `msg_${++this.#count}`;
		const [name, input] =
			'write' in reply
				? ['Write', {file_path: reply.write, content: reply.content}]
				: ['Bash', {command: 'bash' in reply ? reply.bash : '', description: 'a command'}];
		const block =
			'text' in reply ? {type: 'text', text: reply.text} : {type: 'tool_use', id: `toolu_${id}`, name, input};
		const usage = {input_tokens: 1000, output_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0};
		const message = {id, type: 'message', role: 'assistant', model: body.model, stop_sequence: null, usage};
		const stop = 'text' in reply ? 'end_turn' : 'tool_use';
		if (!body.stream) {
			response.writeHead(200, {'content-type': 'application/json'});
			return void response.end(JSON.stringify({...message, content: [block], stop_reason: stop}));
		}
		response.writeHead(200, {'content-type': 'text/event-stream'});
		const send = (type: string, data: object = {}) =>
			response.write(`event: ${type}\ndata: ${JSON.stringify({type, ...data})}\n\n`);
		send('message_start', {message: {...message, content: [], stop_reason: null}});
		const empty = block.type === 'text' ? {...block, text: ''} : {...block, input: {}};
		send('content_block_start', {index: 0, content_block: empty});
		const delta =
			'text' in reply
				? {type: 'text_delta', text: reply.text}
				: {type: 'input_json_delta', partial_json: JSON.stringify(input)};
		send('content_block_delta', {index: 0, delta});
		send('content_block_stop', {index: 0});
		send('message_delta', {delta: {stop_reason: stop, stop_sequence: null}, usage: {output_tokens: 10}});
		send('message_stop');
		response.end();
	}
}

/** Every reply that was lined up has been given. */
export const assertAllGiven = (api: MessagesApi): void => assert.deepEqual(api.replies, []);
