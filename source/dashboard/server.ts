import {once} from 'node:events';
import type {Server} from 'node:http';
import {createAdaptorServer} from '@hono/node-server';
import type {Hono} from 'hono';
import {errorWords} from '../config/error-words.js';
import type {Clock} from '../engine/clock.js';
import {createAccess} from './access.js';
import {createApp} from './app.js';
import {createBoard} from './board.js';
import {createFollowers} from './followers.js';
import type {Env} from './guard.js';
import type {Jobs} from './jobs.js';
import {written} from './origin.js';
import type {Parts} from './parts.js';
import {createStreams} from './streams.js';

export {isLoopback} from './origin.js';

/** A server that listens. */
export type Dashboard = {
	/** Where it is, without the token. */
	origin: string;
	/** The address that lets a browser in. */
	url: string;
	host: string;
	port: number;
	token: string;
	/** Ends all connections and frees everything. */
	close(): Promise<void>;
};

export type DashboardOptions = {
	jobs: Jobs;
	clock: Clock;
	host: string;
	/** 0: any that is free. */
	port: number;
	/** Lets in too, where it is asked for in a form. */
	password?: string;
	/** Another name by which it is reached, as behind a server with TLS. */
	name?: string;
	/** Hears of what should never happen; once, also where it happens at every look. */
	onBug?(error: unknown): void;
	limits?: Partial<Limits>;
};

/** What one who means harm, or a browser gone wild, can take of this server. */
export type Limits = {
	/** Windows that listen at the same time. */
	streams: number;
	connections: number;
	/** How long a request may take to say what it wants, and to be sent whole, ms. */
	headersMs: number;
	requestMs: number;
	/** How long a connection may stand still, ms. */
	silenceMs: number;
};

const usualLimits: Limits = {streams: 512, connections: 1024, headersMs: 10_000, requestMs: 30_000, silenceMs: 300_000};
/** How long connections have to take their last message, ms. */
const partingMs = 50;

export type NotListening = {problem: string; isTaken: boolean};

/** Starts the server of the pages and of the API. */
export async function openDashboard({
	jobs,
	clock,
	host,
	port: wanted,
	password,
	name,
	onBug: hearBug = () => {},
	limits: ownLimits,
}: DashboardOptions): Promise<Dashboard | NotListening> {
	const limits = {...usualLimits, ...ownLimits};
	const access = createAccess(password);
	const bugs = new Set<string>();
	const onBug = (error: unknown) => {
		const words = errorWords(error);
		if (bugs.has(words)) return;
		bugs.add(words);
		hearBug(error);
	};
	const parts: Parts = {
		...{jobs, clock, onBug},
		followers: createFollowers(jobs, clock, onBug),
		board: createBoard(jobs, clock, onBug),
		streams: createStreams(clock, limits.streams),
	};
	// Until it is known where it listens, nobody can ask.
	let app: Hono<Env> | undefined;
	const server = createAdaptorServer({
		fetch: (request, env) => app?.fetch(request, env as Env['Bindings']) ?? new Response(null, {status: 503}),
		...{hostname: host, overrideGlobalObjects: false},
		serverOptions: {
			headersTimeout: limits.headersMs,
			requestTimeout: limits.requestMs,
			connectionsCheckingInterval: Math.min(limits.headersMs, 5000),
			maxHeaderSize: 16 * 1024,
		},
	}) as Server;
	server.maxConnections = limits.connections;
	// Who takes nothing of an answer for so long takes none of it any more; a stream says something more often.
	server.setTimeout(limits.silenceMs);
	try {
		server.listen(wanted, host);
		await once(server, 'listening');
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;
		return {problem: message, isTaken: code === 'EADDRINUSE'};
	}
	const address = server.address();
	const port = typeof address === 'object' && address ? address.port : wanted;

	app = createApp({parts, clock, access, host, port, ...(name !== undefined && {name})});
	const origin = `http://${written(host)}:${port}`;
	return {
		...{origin, host, port, token: access.token},
		url: `${origin}/?token=${access.token}`,
		async close() {
			const closed = once(server, 'close');
			server.close();
			parts.streams.close();
			parts.board.close();
			parts.followers.close();
			// What was said last is on its way by then.
			await new Promise<void>(resolve => void clock.timer(partingMs, resolve));
			server.closeAllConnections();
			await closed;
		},
	};
}
