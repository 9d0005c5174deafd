import {type AddressInfo, createServer, type Socket} from 'node:net';
import {TLSSocket} from 'node:tls';
import {type Certificate, identity} from './tls.js';

export type Mail = {from: string; to: string[]; text: string; login?: string; encrypted?: true};

/** Encrypted from the first byte, or when the client asks for it; without it not at all. */
export type Encryption = {mode: 'tls' | 'starttls'; certificate?: Certificate};

/** A small SMTP server; an answer to a command can be replaced, `undefined` is silence. */
export class SmtpServer {
	readonly mails: Mail[] = [];
	/** Answers by the command's first word (`greeting` before the first one), each used once. */
	readonly replies = new Map<string, (string | undefined)[]>();
	port = 0;
	readonly #sockets = new Set<Socket>();
	readonly #server = createServer(socket => this.#welcome(socket));

	constructor(private readonly encryption?: Encryption) {}

	async open(): Promise<this> {
		await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
		this.port = (this.#server.address() as AddressInfo).port;
		return this;
	}

	get connections(): number {
		return this.#sockets.size;
	}

	async close(): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		await new Promise(resolve => this.#server.close(resolve));
	}

	#welcome(socket: Socket): void {
		this.#sockets.add(socket);
		socket.on('close', () => this.#sockets.delete(socket)).on('error', () => {});
		if (this.encryption?.mode === 'tls') this.#talk(this.#encrypted(socket), {greets: true});
		else this.#talk(socket, {greets: true});
	}

	#encrypted(socket: Socket): TLSSocket {
		return new TLSSocket(socket, {isServer: true, ...identity(this.encryption?.certificate ?? 'here')});
	}

	#talk(socket: Socket, {greets}: {greets: boolean}): void {
		socket.on('error', () => {});
		const isEncrypted = socket instanceof TLSSocket;
		const offers = this.encryption?.mode === 'starttls' && !isEncrypted ? '250-STARTTLS\r\n' : '';
		const say = (word: string, usual: string) => {
			const lined = this.replies.get(word);
			const reply = lined && lined.length > 0 ? lined.shift() : usual;
			if (reply !== undefined) socket.write(`${reply}\r\n`);
			return reply ?? '';
		};
		let mail: Mail = {from: '', to: [], text: ''};
		let login: string | undefined;
		let inData = false;
		let rest = '';
		const line = (text: string) => {
			if (inData) {
				if (text !== '.') {
					mail.text += `${text.replace(/^\./, '')}\n`;
					return;
				}
				inData = false;
				if (say('MESSAGE', '250 taken').startsWith('2'))
					this.mails.push({...mail, ...(login !== undefined && {login}), ...(isEncrypted && {encrypted: true})});
				mail = {from: '', to: [], text: ''};
				return;
			}
			const [word = ''] = text.toUpperCase().split(' ');
			switch (word) {
				case 'EHLO':
					return void say(word, `250-here\r\n${offers}250-8BITMIME\r\n250 AUTH PLAIN`);
				case 'AUTH':
					login = Buffer.from(text.split(' ')[2] ?? '', 'base64').toString();
					return void say(word, '235 welcome');
				case 'MAIL':
					mail.from = /<(.*)>/.exec(text)?.[1] ?? '';
					return void say(word, '250 ok');
				case 'RCPT':
					if (say(word, '250 ok').startsWith('2')) mail.to.push(/<(.*)>/.exec(text)?.[1] ?? '');
					return;
				case 'DATA':
					inData = say(word, '354 go on').startsWith('3');
					return;
				case 'STARTTLS':
					if (!say(word, offers === '' ? '502 not here' : '220 go on').startsWith('220')) return;
					socket.removeAllListeners('data');
					return void this.#talk(this.#encrypted(socket), {greets: false});
				case 'QUIT':
					say(word, '221 bye');
					return void socket.end();
				default:
					return void say(word, '250 ok');
			}
		};
		if (greets) say('greeting', '220 here');
		socket.on('data', (chunk: Buffer) => {
			const lines = (rest + chunk.toString()).split('\r\n');
			rest = lines.pop() ?? '';
			for (const text of lines) line(text);
		});
	}
}

/** Opens a mail server for a story. */
export async function withSmtp<T>(story: (server: SmtpServer) => Promise<T>, encryption?: Encryption): Promise<T> {
	const server = await new SmtpServer(encryption).open();
	try {
		return await story(server);
	} finally {
		await server.close();
	}
}

/** What a mail says below its head, however it was encoded for the way. */
export function bodyOf(text: string): string {
	const [head = '', ...rest] = text.split('\n\n');
	const body = rest.join('\n\n');
	const encoding = /^content-transfer-encoding: (.*)$/im.exec(head)?.[1];
	if (encoding === 'base64') return Buffer.from(body, 'base64').toString().replaceAll('\r\n', '\n');
	if (encoding !== 'quoted-printable') return body;
	const bytes = body
		.replace(/=\n/g, '')
		.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
	return Buffer.from(bytes, 'latin1').toString();
}
