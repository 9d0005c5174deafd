import assert from 'node:assert/strict';
import {once} from 'node:events';
import {Agent, type IncomingMessage, request} from 'node:http';
import {connect, type Socket} from 'node:net';
import type {Jobs} from '../../source/dashboard/jobs.js';
import {type Dashboard, type DashboardOptions, openDashboard} from '../../source/dashboard/server.js';
import {type Clock, systemClock} from '../../source/engine/clock.js';

/** No wait takes longer than this, even on a busy machine, unless something is wrong. Milliseconds. */
const patienceMs = 30_000;

/** What was told as JSON; a test says what it expects of it. */
type Data = ReturnType<JSON['parse']>;

export type Answer = {status: number; headers: IncomingMessage['headers']; text: string; json: Data};

type Ask = {method?: string; headers?: Record<string, string>; body?: string | Buffer; token?: string | null};

/** One server-sent event. */
export type Heard = {event: string; id?: string; data: Data};

/** A server in this process, and who visits it; each request has a connection of its own, and says just what it is told to. */
export class Visitor {
	readonly #streams: EventLine[] = [];
	readonly #sockets: Socket[] = [];
	readonly #agent = new Agent({keepAlive: false});

	constructor(readonly dashboard: Dashboard) {}

	/** Asks with the token, unless another one, or none, is to be shown. */
	async ask(
		path: string,
		{method = 'GET', headers = {}, body, token = this.dashboard.token}: Ask = {},
	): Promise<Answer> {
		const asked = this.#request(path, method, {...(token !== null && {authorization: `Bearer ${token}`}), ...headers});
		asked.on('error', () => {}).end(body);
		const [response] = (await once(asked, 'response')) as [IncomingMessage];
		let text = '';
		for await (const chunk of response.setEncoding('utf8')) text += chunk;
		const isJson = response.headers['content-type']?.startsWith('application/json') ?? false;
		const {statusCode: status = 0, headers: told} = response;
		return {status, headers: told, text, json: isJson && text !== '' ? JSON.parse(text) : undefined};
	}

	command(id: string, wish: object, headers: Record<string, string> = {}): Promise<Answer> {
		return this.ask(`/api/jobs/${id}/commands`, {
			method: 'POST',
			headers: {'content-type': 'application/json', ...headers},
			body: JSON.stringify(wish),
		});
	}

	/** Listens to a stream; fails where it is refused. */
	async listen(path: string, headers: Record<string, string> = {}): Promise<EventLine> {
		const asked = this.#request(path, 'GET', {authorization: `Bearer ${this.dashboard.token}`, ...headers});
		asked.end();
		const [response] = (await once(asked, 'response')) as [IncomingMessage];
		assert.equal(response.statusCode, 200, `${path}: ${response.statusCode}`);
		const line = new EventLine(response);
		this.#streams.push(line);
		return line;
	}

	/** A connection that says what it likes. */
	async raw(): Promise<Socket> {
		const socket = connect(this.dashboard.port, this.dashboard.host).on('error', () => {});
		this.#sockets.push(socket);
		await once(socket, 'connect');
		return socket;
	}

	#request(path: string, method: string, headers: Record<string, string>) {
		const {host, port} = this.dashboard;
		return request({host, port, path, method, headers, agent: this.#agent});
	}

	async leave(): Promise<void> {
		for (const stream of this.#streams) stream.leave();
		for (const socket of this.#sockets) socket.destroy();
		this.#agent.destroy();
		await this.dashboard.close();
	}
}

/** What a stream has said so far, in order. */
export class EventLine {
	readonly heard: Heard[] = [];
	readonly ended: Promise<void>;
	#text = '';
	#awaited = new Set<() => void>();

	constructor(readonly response: IncomingMessage) {
		response.setEncoding('utf8').on('data', (chunk: string) => this.#take(chunk));
		response.on('error', () => {});
		this.ended = new Promise(resolve => response.once('close', resolve));
		void this.ended.then(() => this.#tell());
	}

	/** The first event that fits, heard already or yet to come. */
	async find(what: string, fits: (heard: Heard) => boolean): Promise<Heard> {
		const deadline = performance.now() + patienceMs;
		for (;;) {
			const found = this.heard.find(fits);
			if (found) return found;
			assert.ok(performance.now() < deadline, `does not say ${what}: ${JSON.stringify(this.heard).slice(-4000)}`);
			assert.ok(!this.response.closed, `ends before it says ${what}: ${JSON.stringify(this.heard).slice(0, 2000)}`);
			await new Promise<void>(resolve => {
				const timer = setTimeout(resolve, patienceMs);
				this.#awaited.add(() => {
					clearTimeout(timer);
					resolve();
				});
			});
		}
	}

	next(event: string): Promise<Heard> {
		return this.find(event, heard => heard.event === event);
	}

	/** Numbers of the facts that were told. */
	get facts(): number[] {
		return this.heard.filter(({event}) => event === 'fact').map(({data}) => data.event.seq);
	}

	leave(): void {
		this.response.destroy();
	}

	#take(chunk: string): void {
		const blocks = (this.#text + chunk).split('\n\n');
		this.#text = blocks.pop() ?? '';
		for (const block of blocks) {
			const fields = new Map(
				block.split('\n').map(line => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]),
			);
			const id = fields.get('id');
			const event = fields.get('event') ?? '';
			if (event !== 'beat')
				this.heard.push({event, data: JSON.parse(fields.get('data') ?? 'null'), ...(id !== undefined && {id})});
		}
		this.#tell();
	}

	#tell(): void {
		for (const tell of this.#awaited) tell();
		this.#awaited = new Set();
	}
}

/** What is looked at again and again is looked at more often. */
const brisk: Clock = {...systemClock, timer: (ms, callback) => systemClock.timer(ms / 10, callback)};

/** Opens a dashboard for these jobs, lets a story happen, and closes it. */
export async function withVisitor(
	jobs: Jobs,
	story: (visitor: Visitor) => Promise<void>,
	options: Partial<DashboardOptions> = {},
): Promise<void> {
	const dashboard = await openDashboard({
		jobs,
		clock: brisk,
		host: '127.0.0.1',
		port: 0,
		onBug: assert.ifError,
		...options,
	});
	assert.ok('url' in dashboard, JSON.stringify(dashboard));
	const visitor = new Visitor(dashboard);
	try {
		await story(visitor);
	} finally {
		await visitor.leave();
	}
}
