import {createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

/** What the stand-in answers to one request. */
export type ChatReply =
	| Said
	/** A refusal; `body` in place of OpenAI's own form. */
	| {
			status: number;
			error?: string;
			type?: string;
			code?: string | number;
			body?: unknown;
			headers?: Record<string, string>;
	  }
	/** Pieces of a stream as they are, and then `[DONE]`. */
	| {chunks: readonly object[]}
	/** Never answers. */
	| {hang: true}
	| ((response: ServerResponse, asked: ChatRequest) => void);

/** What the model says: a text, calls of functions, how it ends, and what it used; nothing of that is told with `usage: null`. */
export type Said = {
	text: string;
	calls?: readonly {name: string; input: object | string}[];
	thoughts?: string;
	finish?: string;
	usage?: {prompt_tokens?: number; completion_tokens?: number; prompt_tokens_details?: {cached_tokens: number}} | null;
	/** What happens before the end of the stream: see `MessagesApi`. */
	broken?: 'cut' | 'end' | 'stall' | {error: object};
};

export type ChatMessage = {
	role: string;
	content: string | null;
	tool_calls?: {id: string; function: {name: string; arguments: string}}[];
	tool_call_id?: string;
	reasoning_content?: string;
};
export type ChatRequest = {
	model: string;
	messages: ChatMessage[];
	stream?: boolean;
	stream_options?: {include_usage?: boolean};
	tools?: {type: string; function: {name: string; parameters: object}}[];
	max_tokens?: number;
	max_completion_tokens?: number;
	temperature?: number;
};

/** A small stand-in for a server with OpenAI's chat completions: one reply a request, as the test has lined them up. */
export class ChatServer {
	readonly replies: ChatReply[] = [];
	readonly requests: {path: string; headers: IncomingHttpHeaders; body: ChatRequest}[] = [];
	/** The models that it lists; 404 where it has no list. */
	models: string[] | undefined = ['small'];
	/** Resolves when a request has been met with silence. */
	readonly hanging = Promise.withResolvers<void>();
	url = '';
	readonly #server = createServer(
		{keepAliveTimeout: 60_000},
		(request, response) => void this.#answer(request, response),
	);

	async open(): Promise<this> {
		await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
		this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
		return this;
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise(resolve => this.#server.close(resolve));
	}

	/** The body of a request, counted from the end where negative. */
	body(index: number): ChatRequest {
		const request = this.requests.at(index);
		if (!request) throw new Error(`there is no request ${index}`);
		return request.body;
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		let text = '';
		for await (const chunk of request.setEncoding('utf8')) text += chunk;
		const json = (status: number, body: unknown, headers = {}) => {
			const words = typeof body === 'string' ? body : JSON.stringify(body);
			response.writeHead(status, {'content-type': 'application/json', ...headers}).end(words);
		};
		const path = request.url ?? '';
		if (path === '/v1/models' && this.models) {
			if (request.headers.authorization === 'Bearer wrong') return json(401, {error: {message: 'no'}});
			return json(200, {object: 'list', data: this.models.map(id => ({id, object: 'model'}))});
		}
		if (path !== '/v1/chat/completions') return json(404, '404 page not found');
		const body = JSON.parse(text) as ChatRequest;
		this.requests.push({path, headers: request.headers, body});
		const reply = this.replies.shift() ?? {text: 'Nothing is left to do.'};
		if (typeof reply === 'function') return reply(response, body);
		if ('hang' in reply) return this.hanging.resolve();
		if ('status' in reply) {
			const {status, error = 'as the test wants it', type = 'invalid_request_error', code = null, headers} = reply;
			return json(status, reply.body ?? {error: {message: error, type, param: null, code}}, headers);
		}
		response.writeHead(200, {'content-type': 'text/event-stream'});
		if ('text' in reply) return speak(response, reply, body);
		for (const chunk of reply.chunks) send(response, chunk);
		response.end('data: [DONE]\n\n');
	}
}

const send = (response: ServerResponse, chunk: object) => response.write(`data: ${JSON.stringify(chunk)}\n\n`);

function speak(response: ServerResponse, said: Said, {stream_options: options}: ChatRequest): void {
	const {text, calls = [], thoughts, broken, usage = {}} = said;
	const part = (delta: object, finish: string | null = null) =>
		send(response, {
			...{id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'small'},
			choices: [{index: 0, delta, finish_reason: finish}],
		});
	part({role: 'assistant', content: null});
	if (thoughts !== undefined) part({reasoning_content: thoughts});
	for (const piece of piecesOf(text)) part({content: piece});
	for (const [index, {name, input}] of calls.entries()) {
		const words = typeof input === 'string' ? input : JSON.stringify(input);
		part({tool_calls: [{index, id: `call_${index}`, type: 'function', function: {name, arguments: ''}}]});
		for (const piece of piecesOf(words)) part({tool_calls: [{index, function: {arguments: piece}}]});
	}
	if (broken === 'stall') return;
	if (broken === 'end') return void response.end();
	// What was written has to be on its way before the connection goes.
	if (broken === 'cut') return void response.write(': cut\n\n', () => response.destroy());
	if (broken) {
		send(response, broken);
		return void response.end();
	}
	part({}, said.finish ?? (calls.length > 0 ? 'tool_calls' : 'stop'));
	if (options?.include_usage && usage !== null)
		send(response, {choices: [], usage: {prompt_tokens: 1000, completion_tokens: 10, ...usage}});
	response.end('data: [DONE]\n\n');
}

const piecesOf = (text: string): string[] => {
	const length = Math.max(7, Math.ceil(text.length / 200));
	return Array.from({length: Math.ceil(text.length / length)}, (_, index) =>
		text.slice(index * length, (index + 1) * length),
	);
};
