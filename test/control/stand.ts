import assert from 'node:assert/strict';
import {once} from 'node:events';
import {mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync} from 'node:fs';
import {connect, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {connectEngine, type RemoteEngine} from '../../source/control/client.js';
import {type Control, serveControl} from '../../source/control/server.js';
import type {Engine, Signal} from '../../source/engine/engine.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';

/** A run held by hand, its socket, and who connects to it. */
export class Stand {
	readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'mozart-control-')));
	readonly world = new World(makeJob({batches: 3, rules: 0, concurrency: 2}));
	readonly engine: Engine;
	control!: Control;
	/** Messages to people that nobody got. */
	undelivered = 0;
	#lose = () => {};
	readonly #listeners = new Set<(signal: Signal) => void>();
	readonly #remotes: RemoteEngine[] = [];
	readonly #sockets: Socket[] = [];

	constructor() {
		mkdirSync(this.at('tmp'));
		this.engine = {
			...this.world.open(),
			onSignal: listener => {
				this.#listeners.add(listener);
				return () => void this.#listeners.delete(listener);
			},
		};
	}

	get options() {
		return {
			id: 'job-1',
			root: this.folder,
			note: this.at('control.json'),
			env: {XDG_RUNTIME_DIR: this.folder, TMPDIR: this.at('tmp')},
			notifier: {
				undelivered: () => this.undelivered,
				onUndelivered: (listener: () => void) => {
					this.#lose = listener;
				},
			},
		};
	}

	at(...names: string[]): string {
		return path.join(this.folder, ...names);
	}

	/** Where the run was noted to be reached. */
	get address(): string {
		return JSON.parse(readFileSync(this.at('control.json'), 'utf8')).socket;
	}

	/** Serves, and lets the first facts come. */
	async serve(): Promise<void> {
		await this.serveOnly();
		await this.world.settle();
		await this.firstFact();
	}

	async serveOnly(): Promise<void> {
		const control = await serveControl(this.engine, this.options);
		assert.ok('close' in control, JSON.stringify(control));
		this.control = control;
	}

	/** The world began before it was served: this is a fact that the server sees. */
	async firstFact(): Promise<void> {
		await this.engine.send({type: 'set-concurrency', concurrency: 2});
	}

	/** Nobody gets one more message. */
	lose(): void {
		this.undelivered++;
		this.#lose();
	}

	print(batch: number, text: string, stream: Signal['stream'] = 'stdout'): void {
		for (const listener of this.#listeners) listener({type: 'output', batch, attempt: 1, stream, text});
	}

	async connect(address: string, options?: {readOnly?: boolean}): Promise<RemoteEngine> {
		const remote = await connectEngine(address, options);
		assert.ok('send' in remote, JSON.stringify(remote));
		this.#remotes.push(remote);
		return remote;
	}

	/** A connection that says what it likes. */
	async raw(address: string): Promise<Socket> {
		const socket = connect({path: address, allowHalfOpen: true});
		socket.on('error', () => {});
		this.#sockets.push(socket);
		await once(socket, 'connect');
		return socket;
	}

	async remove(): Promise<void> {
		for (const remote of this.#remotes) remote.disconnect();
		for (const socket of this.#sockets) socket.destroy();
		await this.control?.close();
		rmSync(this.folder, {recursive: true, force: true});
	}
}

export async function withStand(story: (stand: Stand, address: string) => Promise<void>): Promise<void> {
	const stand = new Stand();
	try {
		await stand.serve();
		await story(stand, stand.address);
	} finally {
		await stand.remove();
	}
}

/** Everything that comes until the other side closes. */
export async function readAll(socket: Socket): Promise<string> {
	let text = '';
	for await (const chunk of socket) text += String(chunk);
	return text;
}

/** Resolves when this is so, asked whenever the engine has said something. */
export function reached(engine: Engine, look: () => boolean): Promise<void> {
	return new Promise((resolve, reject) => {
		const ask = () => {
			if (!look()) return;
			stopEvents();
			stopSignals();
			resolve();
		};
		const stopEvents = engine.subscribe(ask);
		const stopSignals = engine.onSignal(ask);
		engine.ended.catch(reject);
		ask();
	});
}
