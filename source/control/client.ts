import {connect, type Socket} from 'node:net';
import {reduce} from '../core/reduce.js';
import type {Run} from '../core/run.js';
import type {Engine} from '../engine/engine.js';
import {linesOf} from './lines.js';
import {decode, encode, protocolVersion, type ServerMessage, serverMessageSchema} from './protocol.js';

/** Bytes of one line: the state of a large job comes as one. */
const longestLine = 256 * 1024 * 1024;
/** How long the program that runs the job has to say hello, ms. */
const patienceMs = 10_000;

/** The engine of a job that another program runs. */
export type RemoteEngine = Engine & {
	/** The program that runs the job. */
	readonly pid: number;
	/** Resolves when the connection is over: the other program is done with the job. */
	readonly closed: Promise<void>;
	/** Messages to people that nobody got; what has grown is told as facts are, with none of them. */
	undelivered(): number;
	/** Lets go of the run, which goes on; `ended` stays open. */
	disconnect(): void;
};

/** Why `ended` rejects: the other program is gone, or gave up, before the run was over. The message is a sentence. */
export class ConnectionLost extends Error {}

/** `isGone`: nobody listens there. */
export type Unreachable = {problem: string; isGone: boolean};

const lost = 'The connection to the program that runs this job was lost: it has ended, or this side was too slow.';

/**
 * Connects to the program that runs a job and takes its state over. From `start` on facts and live output come in; until
 * then they wait, so that nobody misses any.
 */
export async function connectEngine(
	path: string,
	{readOnly = false}: {readOnly?: boolean} = {},
): Promise<RemoteEngine | Unreachable> {
	const socket = connect(path);
	const broken = Promise.withResolvers<Unreachable>();
	socket.once('error', (error: NodeJS.ErrnoException) => {
		broken.resolve({problem: error.message, isGone: error.code === 'ENOENT' || error.code === 'ECONNREFUSED'});
	});
	socket.on('error', () => {});
	const timer = setTimeout(() => {
		broken.resolve({problem: `it has not answered within ${patienceMs / 1000} s`, isGone: false});
	}, patienceMs);
	socket.write(encode({type: 'hello', version: protocolVersion, readOnly}));
	const messages = messagesOf(socket);
	const first = await Promise.race([broken.promise, messages.next()]);
	clearTimeout(timer);
	if (!('problem' in first) && !first.done && first.value.type === 'hello') {
		return remoteEngine(socket, messages, first.value);
	}
	socket.destroy();
	if ('problem' in first) return first;
	if (first.done) return first.value === 'closed' ? {problem: lost, isGone: true} : foreign;
	const {value} = first;
	return value.type === 'bye' ? {problem: value.message, isGone: value.reason !== 'unwelcome'} : foreign;
}

const foreign: Unreachable = {problem: 'it speaks as another version of mozart does', isGone: false};

/** Ends where the connection does, or with the first line that cannot be understood. */
async function* messagesOf(socket: Socket): AsyncGenerator<ServerMessage, 'closed' | 'foreign'> {
	try {
		for await (const line of linesOf(socket, longestLine)) {
			const message = decode(serverMessageSchema, line);
			if (!message) return 'foreign';
			yield message;
		}
	} catch {
		// A connection that breaks is one that ends.
	}
	return 'closed';
}

function remoteEngine(
	socket: Socket,
	messages: AsyncGenerator<ServerMessage, unknown>,
	{pid, snapshot, undelivered: undeliveredBefore = 0}: Extract<ServerMessage, {type: 'hello'}>,
): RemoteEngine {
	const listeners = new Set<Parameters<Engine['subscribe']>[0]>();
	const signalListeners = new Set<Parameters<Engine['onSignal']>[0]>();
	const waiting = new Map<number, (refused: string | undefined) => void>();
	const {promise: ended, resolve: end, reject: fail} = Promise.withResolvers<Run>();
	ended.catch(() => {});
	const {promise: closed, resolve: close} = Promise.withResolvers<void>();
	socket.once('close', () => close());
	let run = snapshot;
	let undelivered = undeliveredBefore;
	let commands = 0;
	let isStarted = false;
	let isStaying = false;
	let isClosed = false;
	let isLeft = false;

	async function listen(): Promise<void> {
		let why = lost;
		for await (const message of messages) {
			if (message.type === 'bye') why = message.message;
			else take(message);
		}
		isClosed = true;
		socket.destroy();
		for (const answer of waiting.values()) answer(lost);
		waiting.clear();
		if (run.phase !== 'ended' && !isLeft) fail(new ConnectionLost(why));
	}

	function take(message: Exclude<ServerMessage, {type: 'bye'}>): void {
		switch (message.type) {
			case 'hello':
				return;
			case 'events': {
				undelivered = message.undelivered ?? undelivered;
				for (const event of message.events) run = reduce(run, event);
				for (const listener of [...listeners]) listener(message.events, run);
				return endIfOver();
			}
			case 'signal':
				for (const listener of [...signalListeners]) listener(message.signal);
				return;
			case 'answer': {
				const answer = waiting.get(message.id);
				waiting.delete(message.id);
				return answer?.(message.refused);
			}
		}
	}

	function endIfOver(): void {
		if (run.phase === 'ended' && !isStaying && !isLeft) end(run);
	}

	return {
		pid,
		closed,
		undelivered: () => undelivered,
		start({stay = false} = {}) {
			if (isStarted) return;
			isStarted = true;
			isStaying = stay;
			listen().catch(fail);
			endIfOver();
		},
		leave() {
			isStaying = false;
			endIfOver();
		},
		disconnect() {
			isLeft = true;
			socket.destroy();
		},
		getSnapshot: () => run,
		subscribe(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		onSignal(listener) {
			signalListeners.add(listener);
			return () => void signalListeners.delete(listener);
		},
		send(command) {
			if (!isStarted) return Promise.resolve('the run has not started yet');
			if (isClosed) return Promise.resolve('the program that ran this job has ended');
			const id = ++commands;
			return new Promise(resolve => {
				waiting.set(id, resolve);
				socket.write(encode({type: 'command', id, command}));
			});
		},
		ended,
	};
}
