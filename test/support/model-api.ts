import assert from 'node:assert/strict';
import {createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo, Socket} from 'node:net';

type Call =
	/** Calls a tool that writes a file. */
	| {write: string; content: string}
	/** Calls a tool that runs a line of shell. */
	| {bash: string};

/** The body of a refusal is the API's own for the error, unless it is given. */
export type Refusal = {
	status: number;
	error: string;
	message?: string;
	code?: string;
	headers?: Record<string, string>;
	body?: object;
};

/** What the stand-in for a model's API answers to one request; `S` is all that its model can say. */
export type Reply<S extends {text: string} = {text: string}> =
	| S
	| Call
	| Refusal
	/** Never answers. */
	| {hang: true}
	/** Anything else that a server can do. */
	| ((response: ServerResponse) => void);

/** What a model says or calls. */
export type Spoken<S extends {text: string} = {text: string}> = S | Call;

/** One request for the model to work, and the texts that users' messages hold. */
export type Asked = {texts: string[]; model: string; streams: boolean; tools: string[]};

/** A request as it came. */
export type Request = {path: string; headers: IncomingHttpHeaders; body: unknown};

/** What every request reads and writes, in tokens, and how many of those that it reads come from a cache. */
export const tokens = {read: 1000, cached: 400, written: 10} as const;

/**
 * A small stand-in for the API of a model, on this machine: it answers what the test has lined up, one reply a request
 * that offers tools, or, for those who ask without them (`answers: 'all'`), one a request. What an API of its kind looks
 * like is said by those who extend it.
 */
export abstract class ModelApi<S extends {text: string} = {text: string}> {
	constructor(readonly answers: 'all' | 'those with tools' = 'those with tools') {}

	readonly replies: Reply<S>[] = [];
	/** What to answer instead of the next reply, by the texts that users' messages hold. */
	onAsked: ((texts: readonly string[]) => Reply<S>) | undefined;
	/** Told of the connection of each request, before it is answered. */
	onConnected: (socket: Socket) => void = () => {};
	/** Resolves when a request has been met with silence. */
	readonly hanging = Promise.withResolvers<void>();
	/** The texts that users' messages held, request by request. */
	readonly asked: string[][] = [];
	/** How many requests were answered well, also those that only prepare the work. */
	answered = 0;
	url = '';
	readonly #server = createServer(
		{keepAliveTimeout: 60_000},
		(request, response) => void this.#serve(request, response),
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

	/** What a request asks of the model; undefined where it asks for something else, which is answered here. */
	protected abstract read(request: Request, response: ServerResponse): Asked | undefined;
	/** Answers well. */
	protected abstract speak(response: ServerResponse, asked: Asked, spoken: Spoken<S>): void;
	/** The body of a refusal. */
	protected abstract refusal(refusal: Refusal): object;

	async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		let text = '';
		for await (const chunk of request.setEncoding('utf8')) text += chunk;
		this.onConnected(request.socket);
		if (request.method === 'HEAD') return void response.end();
		const {url: path = '', headers} = request;
		const asked = this.read({path, headers, body: text === '' ? {} : JSON.parse(text)}, response);
		if (!asked) return;
		const works = this.answers === 'all' || asked.tools.length > 0;
		if (works) this.asked.push(asked.texts);
		const otherwise = (text: string) => ({text}) as S;
		const next = () => this.onAsked?.(asked.texts) ?? this.replies.shift() ?? otherwise('Nothing is left to do.');
		const reply = works ? next() : otherwise('ok');
		if (typeof reply === 'function') return reply(response);
		if ('hang' in reply) return this.hanging.resolve();
		if ('status' in reply) return json(response, reply.status, reply.body ?? this.refusal(reply), reply.headers);
		this.answered++;
		this.speak(response, asked, reply);
	}
}

export function json(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}) {
	response.writeHead(status, {'content-type': 'application/json', ...headers}).end(JSON.stringify(body));
}

/** Begins a stream of events; each has its type in the data too. */
export function stream(response: ServerResponse, headers: Record<string, string> = {}) {
	response.writeHead(200, {'content-type': 'text/event-stream', ...headers});
	return (type: string, data: object = {}): void => {
		response.write(`event: ${type}\ndata: ${JSON.stringify({type, ...data})}\n\n`);
	};
}

/** Every reply that was lined up has been given. */
export const assertAllGiven = (api: ModelApi): void => assert.deepEqual(api.replies, []);
