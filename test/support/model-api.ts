import assert from 'node:assert/strict';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

/** What the stand-in for a model's API answers to one request. */
export type Reply =
	| {text: string}
	/** Calls a tool that writes a file. */
	| {write: string; content: string}
	/** Calls a tool that runs a line of shell. */
	| {bash: string}
	/** Refuses; the body is the API's own for the error, unless it is given. */
	| {status: number; error: string; headers?: Record<string, string>; body?: object}
	/** Takes the request and fails in the midst of it. */
	| {failed: {code: string; message: string}}
	/** Never answers. */
	| {hang: true};

/** One request for the model to work: tools are offered. */
export type Asked = {texts: string[]; model: string; streams: boolean; tools: string[]};

/** What every request reads and writes, in tokens, and how many of those that it reads come from a cache. */
export const tokens = {read: 1000, cached: 400, written: 10} as const;

/**
 * A small stand-in for the API of a model, on this machine: it answers what the test has lined up, one reply a request
 * that offers tools. What an API of its kind looks like is said by those who extend it.
 */
export abstract class ModelApi {
	readonly replies: Reply[] = [];
	/** What to answer instead of the next reply, by the texts that users' messages hold. */
	onAsked: ((texts: readonly string[]) => Reply) | undefined;
	/** Resolves when a request has been met with silence. */
	readonly hanging = Promise.withResolvers<void>();
	/** The texts that users' messages held, request by request. */
	readonly asked: string[][] = [];
	/** How many requests were answered well, also those that only prepare the work. */
	answered = 0;
	url = '';
	readonly #server = createServer((request, response) => void this.#serve(request, response));

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
	protected abstract read(path: string, body: unknown, response: ServerResponse): Asked | undefined;
	/** Answers well. */
	protected abstract speak(response: ServerResponse, asked: Asked, reply: Spoken): void;
	/** The body of a refusal. */
	protected abstract refusal(status: number, error: string): object;

	async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		let text = '';
		for await (const chunk of request.setEncoding('utf8')) text += chunk;
		if (request.method === 'HEAD') return void response.end();
		const asked = this.read(request.url ?? '', text === '' ? {} : JSON.parse(text), response);
		if (!asked) return;
		const works = asked.tools.length > 0;
		if (works) this.asked.push(asked.texts);
		const next = () => this.onAsked?.(asked.texts) ?? this.replies.shift() ?? {text: 'Nothing is left to do.'};
		const reply = works ? next() : {text: 'ok'};
		if ('hang' in reply) return this.hanging.resolve();
		if ('status' in reply) {
			const {status, error, headers, body = this.refusal(status, error)} = reply;
			return json(response, status, body, headers);
		}
		if (!('failed' in reply)) this.answered++;
		this.speak(response, asked, reply);
	}
}

export type Spoken = Exclude<Reply, {status: number} | {hang: true}>;

export function json(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}) {
	response.writeHead(status, {'content-type': 'application/json', ...headers}).end(JSON.stringify(body));
}

/** Begins a stream of events; each has its type in the data too. */
export function stream(response: ServerResponse): (type: string, data?: object) => void {
	response.writeHead(200, {'content-type': 'text/event-stream'});
	return (type, data = {}) => {
		response.write(`event: ${type}\ndata: ${JSON.stringify({type, ...data})}\n\n`);
	};
}

/** Every reply that was lined up has been given. */
export const assertAllGiven = (api: ModelApi): void => assert.deepEqual(api.replies, []);
