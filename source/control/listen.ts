import {once} from 'node:events';
import {chmod, lstat, rename, unlink} from 'node:fs/promises';
import {connect, createServer, type Server, type Socket} from 'node:net';
import {errorWords} from '../config/error-words.js';
import {socketPaths} from './address.js';

type Env = Readonly<Record<string, string | undefined>>;

/** A socket that is listened to; `inode` tells it from another one at the same path. */
export type Listening = {server: Server; path: string; inode: number};

/** Listens at the best path that is free. A socket that a dead program has left is replaced, one that answers never. */
export async function listen(
	root: string,
	env: Env,
	onConnection: (socket: Socket) => void,
): Promise<Listening | {problem: string}> {
	let problem = '';
	for await (const candidate of socketPaths(root, env)) {
		const found = 'path' in candidate ? await listenAt(candidate.path, onConnection) : candidate;
		if ('server' in found) return found;
		problem ||= found.problem;
	}
	return {problem};
}

async function listenAt(path: string, onConnection: (socket: Socket) => void): Promise<Listening | {problem: string}> {
	// A client may stop writing and still wait for its answer.
	const server = createServer({allowHalfOpen: true}, onConnection).unref();
	// The name it is bound to is deleted when the server closes, whoever has it by then: so it is ours alone.
	const bound = `${path}.${process.pid}`;
	try {
		if (await answers(path)) return {problem: `another program listens at ${path}`};
		await unlink(bound).catch(() => {});
		server.listen(bound);
		await once(server, 'listening');
		await chmod(bound, 0o600);
		const {ino: inode} = await lstat(bound);
		await rename(bound, path);
		return {server, path, inode};
	} catch (error) {
		server.close();
		return {problem: errorWords(error)};
	}
}

/** Whether a program listens there: the socket of a dead one refuses. */
async function answers(path: string): Promise<boolean> {
	const socket = connect(path);
	try {
		await once(socket, 'connect');
		return true;
	} catch (error) {
		return !(error instanceof Error && 'code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOENT'));
	} finally {
		socket.destroy();
	}
}

const inodeAt = (path: string) =>
	lstat(path).then(
		({ino}) => ino,
		() => undefined,
	);

/** Whether nothing is at the path any more. */
export const isGone = async ({path}: Listening): Promise<boolean> => (await inodeAt(path)) === undefined;

/** Takes the socket away, unless another one has taken its place. */
export async function stopListening({server, path, inode}: Listening): Promise<void> {
	server.close();
	if ((await inodeAt(path)) === inode) await unlink(path).catch(() => {});
}
