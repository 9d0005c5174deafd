import {execFile, spawnSync} from 'node:child_process';
import {promisify} from 'node:util';

const run = promisify(execFile);

/** No wait takes longer than this, even on a busy machine, unless something is wrong. Milliseconds. */
const patienceMs = 60_000;
/** How long to wait before a window is looked at again, ms: each look is a process. */
const lookMs = 50;

/** Whether tmux can be run here. */
export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

/** A tmux server of its own, in a folder of its own, without the person's settings; its windows are looked at as text. */
export class Tmux {
	constructor(
		private readonly socket: string,
		private readonly env: Record<string, string>,
	) {}

	/** A session in which this program runs; its window stays when the program has ended. */
	async open(
		session: string,
		words: readonly string[],
		{cwd, columns = 100, rows = 30}: {cwd: string; columns?: number; rows?: number},
	): Promise<void> {
		const size = ['-x', String(columns), '-y', String(rows)];
		await this.do('new-session', '-d', '-s', session, ...size, '-c', cwd, ...words);
		// Else a client that looks on would decide about the size.
		await this.do('set-option', '-t', session, 'window-size', 'manual');
	}

	async press(session: string, ...keys: string[]): Promise<void> {
		await this.do('send-keys', '-t', session, ...keys);
	}

	async resize(session: string, columns: number, rows: number): Promise<void> {
		await this.do('resize-window', '-t', session, '-x', String(columns), '-y', String(rows));
	}

	/** What a person sees in the session's window. */
	async text(session: string): Promise<string> {
		return this.do('capture-pane', '-p', '-t', session);
	}

	/** Resolves as soon as the window shows this. */
	async shows(session: string, pattern: RegExp): Promise<RegExpExecArray> {
		const deadline = performance.now() + patienceMs;
		for (;;) {
			const text = await this.text(session);
			const found = pattern.exec(text);
			if (found) return found;
			if (performance.now() > deadline) throw new Error(`tmux does not show ${pattern}, but\n${text}`);
			await new Promise(resolve => setTimeout(resolve, lookMs));
		}
	}

	/** Ends the server and every program in it. */
	async close(): Promise<void> {
		await this.do('kill-server').catch(() => {});
	}

	async do(...words: string[]): Promise<string> {
		const {stdout} = await run('tmux', ['-S', this.socket, '-f', '/dev/null', ...words], {env: this.env});
		return stdout;
	}
}
