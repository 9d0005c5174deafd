import {rm} from 'node:fs/promises';
import type {Socket} from 'node:net';
import {errorWords} from '../config/error-words.js';
import type {Run} from '../core/run.js';
import type {Engine} from '../engine/engine.js';
import {createTail} from '../engine/tail.js';
import {noteAddress} from './address.js';
import {EndlessLine, linesOf} from './lines.js';
import {isGone, listen, stopListening} from './listen.js';
import {
	type ClientMessage,
	clientMessageSchema,
	decode,
	encode,
	protocolVersion,
	type ServerMessage,
} from './protocol.js';

/** Bytes that a client may be behind before it is let go, and before it misses live output. */
const mostBehind = 4 * 1024 * 1024;
const mostBehindLive = 256 * 1024;
/** Bytes of one line from a client: commands are short. */
const longestLine = 64 * 1024;
const mostClients = 64;
/** How long clients have to take their last line, ms. */
const farewellMs = 500;
/** How often it is looked whether the socket is still there, ms: a system deletes a user's runtime folder at logout. */
const lookMs = 10_000;

export type Control = {
	/** Clients that may send commands. */
	readonly steerers: number;
	/** Called when a client has come or gone. Returns the way to stop. */
	onChange(listener: () => void): () => void;
	/** Takes the socket away: nobody new can come, and another program may listen. */
	stopListening(): Promise<void>;
	/** The same, and says goodbye to all who are there. */
	close(): Promise<void>;
};

type Client = {socket: Socket; state: 'silent' | 'waiting' | 'greeted'; mayCommand: boolean; greeting: number};

export type ControlOptions = {
	/** The job's id. */
	id: string;
	/** The job's state folder, as a real path. */
	root: string;
	/** Where the address is noted. */
	note: string;
	env: Readonly<Record<string, string | undefined>>;
	/** Who counts the messages to people that nobody got. */
	notifier?: {undelivered(): number; onUndelivered(listener: () => void): void} | undefined;
};

/**
 * Lets other programs of this user watch the run and steer it, over a unix socket. It never keeps this program alive, and
 * nothing that a client does, or fails to do, holds the engine up.
 */
export async function serveControl(
	engine: Engine,
	{id, root, note, env, notifier}: ControlOptions,
): Promise<Control | {problem: string}> {
	const clients = new Set<Client>();
	const listeners = new Set<() => void>();
	const tail = createTail();
	let isUnderWay = false;
	let isClosing = false;
	let farewell: ServerMessage = {type: 'bye', reason: 'over', message: 'The run is over.'};
	engine.ended.catch((error: unknown) => {
		const message = errorWords(error);
		farewell = {type: 'bye', reason: 'given-up', message: `The run was stopped: ${message}`};
	});

	const found = await listen(root, env, welcome);
	if ('problem' in found) return found;
	let at = found;
	await noteAddress(note, at.path).catch(() => {});

	const changed = () => {
		for (const listener of [...listeners]) listener();
	};

	function welcome(socket: Socket): void {
		socket.unref().on('error', () => {});
		const client: Client = {socket, state: 'silent', mayCommand: false, greeting: 0};
		clients.add(client);
		socket.once('close', () => {
			clients.delete(client);
			if (client.mayCommand) changed();
		});
		if (clients.size > mostClients) turnAway(client, 'too many programs watch this run already');
		else void attend(client);
	}

	/** Reads no further while a command is under way: who sends many waits. */
	async function attend(client: Client): Promise<void> {
		try {
			for await (const line of linesOf(client.socket.iterator({destroyOnReturn: false}), longestLine)) {
				const message = decode(clientMessageSchema, line);
				if (!message) return turnAway(client, 'this is no message that is understood here');
				const problem = message.type === 'hello' ? greetLater(client, message) : await obey(client, message);
				if (problem) return turnAway(client, problem);
			}
			client.socket.end();
		} catch (error) {
			// A connection that breaks is no trouble of ours.
			if (error instanceof EndlessLine) turnAway(client, 'a line is too long');
			else client.socket.destroy();
		}
	}

	function greetLater(client: Client, hello: Extract<ClientMessage, {type: 'hello'}>): string | undefined {
		if (client.state !== 'silent') return 'hello was said already';
		if (hello.version !== protocolVersion)
			return `this run speaks version ${protocolVersion} of the protocol, not ${hello.version}`;
		client.mayCommand = !hello.readOnly;
		client.state = 'waiting';
		// Before the first facts of this program the state is that of the last one, or there is none.
		if (isUnderWay) greet(client, engine.getSnapshot());
		if (client.mayCommand) changed();
		return undefined;
	}

	function greet(client: Client, run: Run): void {
		const hello = encode({
			type: 'hello',
			version: protocolVersion,
			id,
			pid: process.pid,
			seq: run.seq,
			snapshot: run,
			...undelivered(),
		});
		client.state = 'greeted';
		client.greeting = hello.length;
		client.socket.write(hello, () => {
			client.greeting = 0;
		});
		for (const signal of tail.signals()) post(client, encode({type: 'signal', signal}));
	}

	async function obey(client: Client, message: Extract<ClientMessage, {type: 'command'}>): Promise<string | undefined> {
		if (client.state === 'silent') return 'hello comes first';
		const refused = client.mayCommand
			? await engine.send(message.command).catch(errorWords)
			: 'this connection only watches (--read-only)';
		post(client, encode({type: 'answer', id: message.id, ...(refused !== undefined && {refused})}));
		return undefined;
	}

	/** Who is too far behind is let go; it can come back and begin with a new snapshot. */
	function post({socket, greeting}: Client, line: Buffer): void {
		if (socket.destroyed || socket.writableEnded) return;
		socket.write(line);
		if (socket.writableLength - greeting > mostBehind) socket.destroy();
	}

	function turnAway({socket}: Client, message: string): void {
		socket.end(encode({type: 'bye', reason: 'unwelcome', message}), () => socket.destroy());
	}

	const undelivered = () => (notifier?.undelivered() ? {undelivered: notifier.undelivered()} : {});
	notifier?.onUndelivered(() => {
		const line = encode({type: 'events', events: [], ...undelivered()});
		for (const client of clients) if (client.state === 'greeted') post(client, line);
	});
	const stopEvents = engine.subscribe((events, run) => {
		isUnderWay = true;
		const greeted = [...clients].filter(({state}) => state === 'greeted');
		for (const client of clients) if (client.state === 'waiting') greet(client, run);
		if (greeted.length === 0) return;
		const line = encode({type: 'events', events: [...events]});
		for (const client of greeted) post(client, line);
	});
	const stopSignals = engine.onSignal(signal => {
		tail.note(signal);
		const quick = [...clients].filter(({state, socket, greeting}) => {
			return state === 'greeted' && socket.writableLength - greeting <= mostBehindLive;
		});
		if (quick.length === 0) return;
		const line = encode({type: 'signal', signal});
		for (const client of quick) post(client, line);
	});
	const looks = setInterval(() => void comeBack().catch(() => {}), lookMs).unref();

	/** Listens anew where the socket was deleted. Connections that stand are not touched. */
	async function comeBack(): Promise<void> {
		if (!(await isGone(at)) || isClosing) return;
		await stopListening(at);
		const again = await listen(root, env, welcome);
		if ('problem' in again) return;
		at = again;
		if (isClosing) await stopListening(at);
		else await noteAddress(note, at.path);
	}

	return {
		get steerers() {
			return [...clients].filter(({mayCommand}) => mayCommand).length;
		},
		onChange(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		stopListening: stop,
		async close() {
			await stop();
			stopEvents();
			stopSignals();
			await Promise.all([...clients].map(client => takeLeave(client, encode(farewell))));
		},
	};

	async function stop(): Promise<void> {
		if (isClosing) return;
		isClosing = true;
		clearInterval(looks);
		await stopListening(at);
		await rm(note, {force: true}).catch(() => {});
	}
}

async function takeLeave({socket}: Client, line: Buffer): Promise<void> {
	const {promise: closed, resolve} = Promise.withResolvers<void>();
	socket.once('close', resolve);
	const timer = setTimeout(() => socket.destroy(), farewellMs);
	if (socket.destroyed) resolve();
	else socket.end(line, () => socket.destroySoon());
	await closed;
	clearTimeout(timer);
}
