import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net';

/** A way to a server that can be shut, with everybody on it, and opened again. */
export class Gate {
	readonly #sockets = new Set<Socket>();
	#server: Server | undefined;
	port = 0;

	constructor(readonly to: number) {}

	get origin(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	async open(): Promise<void> {
		this.#server = createServer(incoming => {
			const outgoing = connect(this.to, '127.0.0.1');
			for (const socket of [incoming, outgoing]) {
				this.#sockets.add(socket);
				socket
					.on('error', () => {})
					.on('close', () => {
						this.#sockets.delete(socket);
						incoming.destroy();
						outgoing.destroy();
					});
			}
			incoming.pipe(outgoing).pipe(incoming);
		});
		this.#server.listen(this.port, '127.0.0.1');
		await once(this.#server, 'listening');
		this.port = (this.#server.address() as AddressInfo).port;
	}

	async shut(): Promise<void> {
		const server = this.#server;
		this.#server = undefined;
		if (!server) return;
		server.close();
		for (const socket of this.#sockets) socket.destroy();
		await once(server, 'close');
	}
}
