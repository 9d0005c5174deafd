import {createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse} from 'node:http';
import {createServer as createTlsServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {type Certificate, identity} from './tls.js';

export type Received = {path: string; headers: IncomingHttpHeaders; body: string};

/** A real HTTP server on this machine: answers as the test has lined up, 200 when nothing is, and keeps what it got. */
export class Receiver {
	readonly received: Received[] = [];
	readonly replies: ((response: ServerResponse) => void)[] = [];
	url = '';
	#waiting: {count: number; resolve(): void}[] = [];
	readonly #hear: RequestListener = async (request, response) => {
		let body = '';
		for await (const chunk of request.setEncoding('utf8')) body += chunk;
		this.received.push({path: request.url ?? '', headers: request.headers, body});
		const reply = this.replies.shift();
		if (reply) reply(response);
		else response.end('ok');
		this.#waiting = this.#waiting.filter(({count, resolve}) => this.received.length < count || resolve());
	};
	readonly #server;

	/** With a certificate it speaks https. */
	constructor(private readonly certificate?: Certificate) {
		this.#server = certificate ? createTlsServer(identity(certificate), this.#hear) : createServer(this.#hear);
	}

	async open(): Promise<this> {
		await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
		this.url = `http${this.certificate ? 's' : ''}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
		return this;
	}

	/** Resolves when so many requests have come. */
	until(count: number): Promise<void> {
		if (this.received.length >= count) return Promise.resolve();
		return new Promise(resolve => this.#waiting.push({count, resolve}));
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise(resolve => this.#server.close(resolve));
	}
}

export const status =
	(code: number, text = '', headers: Record<string, string> = {}) =>
	(response: ServerResponse): void =>
		void response.writeHead(code, headers).end(text);

/** Opens a receiver for a story. */
export async function withReceiver<T>(
	story: (receiver: Receiver) => Promise<T>,
	certificate?: Certificate,
): Promise<T> {
	const receiver = await new Receiver(certificate).open();
	try {
		return await story(receiver);
	} finally {
		await receiver.close();
	}
}
