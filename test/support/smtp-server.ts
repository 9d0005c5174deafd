import {type AddressInfo, createServer, type Socket} from 'node:net';

export type Mail = {from: string; to: string[]; text: string; login?: string};

/** A small SMTP server without encryption; an answer to a command can be replaced, `undefined` is silence. */
export class SmtpServer {
	readonly mails: Mail[] = [];
	/** Answers by the command's first word (`greeting` before the first one), each used once. */
	readonly replies = new Map<string, (string | undefined)[]>();
	port = 0;
	readonly #sockets = new Set<Socket>();
	readonly #server = createServer(socket => this.#talk(socket));

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

	#talk(socket: Socket): void {
		this.#sockets.add(socket);
		socket.on('close', () => this.#sockets.delete(socket)).on('error', () => {});
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
					this.mails.push({...mail, ...(login !== undefined && {login})});
				mail = {from: '', to: [], text: ''};
				return;
			}
			const [word = ''] = text.toUpperCase().split(' ');
			switch (word) {
				case 'EHLO':
					return void say(word, '250-here\r\n250-8BITMIME\r\n250 AUTH PLAIN');
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
					return void say(word, '502 not here');
				case 'QUIT':
					say(word, '221 bye');
					return void socket.end();
				default:
					return void say(word, '250 ok');
			}
		};
		say('greeting', '220 here');
		socket.setEncoding('utf8').on('data', (chunk: string) => {
			const lines = (rest + chunk).split('\r\n');
			rest = lines.pop() ?? '';
			for (const text of lines) line(text);
		});
	}
}

/** Opens a mail server for a story. */
export async function withSmtp<T>(story: (server: SmtpServer) => Promise<T>): Promise<T> {
	const server = await new SmtpServer().open();
	try {
		return await story(server);
	} finally {
		await server.close();
	}
}
