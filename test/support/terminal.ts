import {type IPty, spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';

/** No wait takes longer than this, even on a busy machine, unless something is wrong. Milliseconds. */
const patienceMs = 60_000;

/** Private modes that a program may leave changed; the cursor (25) and line wrapping (7) are on to begin with. */
const onFromTheStart = [7, 25];

export type TerminalOptions = {columns?: number; rows?: number; env: Record<string, string>; cwd: string};

/** A program in a real pseudo-terminal, with an emulator that draws what it writes: what a person would see. */
export class Terminal {
	/** Resolves when the program has ended and all it wrote has been drawn. */
	readonly ended: Promise<{code: number; signal: number | undefined}>;
	/** All bytes that were written, as text. */
	written = '';
	readonly #pty: IPty;
	readonly #screen: InstanceType<typeof xterm.Terminal>;
	readonly #modes = new Set<number>(onFromTheStart);
	readonly #watchers = new Set<() => void>();
	#over = false;

	constructor(file: string, args: readonly string[], {columns = 80, rows = 24, env, cwd}: TerminalOptions) {
		this.#screen = new xterm.Terminal({cols: columns, rows, scrollback: 2000, allowProposedApi: true});
		for (const final of ['h', 'l']) {
			this.#screen.parser.registerCsiHandler({prefix: '?', final}, params => {
				for (const mode of params.flat()) this.#modes[final === 'h' ? 'add' : 'delete'](mode);
				return false;
			});
		}
		const {TERM: name = 'xterm-256color'} = env;
		this.#pty = spawn(file, [...args], {name, cols: columns, rows, cwd, env: {LANG: 'C.UTF-8', ...env}});
		this.#pty.onData(text => {
			this.written += text;
			this.#screen.write(text, () => this.#look());
		});
		this.ended = new Promise(resolve => {
			this.#pty.onExit(({exitCode, signal}) => {
				this.#screen.write('', () => {
					this.#over = true;
					resolve({code: exitCode, signal});
					this.#look();
				});
			});
		});
	}

	get pid(): number {
		return this.#pty.pid;
	}

	/** What is on the screen now: a line a row, without the blanks at its end. */
	get rows(): string[] {
		const {viewportY} = this.#screen.buffer.active;
		return Array.from({length: this.#screen.rows}, (_, row) => this.#row(viewportY + row));
	}

	get text(): string {
		return this.rows.join('\n');
	}

	/** The normal screen with everything that was scrolled out of it. */
	get scrollback(): string {
		const {normal} = this.#screen.buffer;
		const rows = Array.from({length: normal.length}, (_, row) => normal.getLine(row)?.translateToString(true) ?? '');
		return rows.join('\n').trimEnd();
	}

	get isAlternate(): boolean {
		return this.#screen.buffer.active.type === 'alternate';
	}

	/** Private modes that differ from what they were at the start; 25 means that the cursor is hidden. */
	get changedModes(): number[] {
		const start = new Set(onFromTheStart);
		return [...this.#modes.symmetricDifference(start)].sort((a, b) => a - b);
	}

	press(keys: string): void {
		this.#pty.write(keys);
	}

	resize(columns: number, rows: number): void {
		this.#screen.resize(columns, rows);
		this.#pty.resize(columns, rows);
	}

	/** Reads nothing more, as a login that hangs does. */
	stall(): void {
		this.#pty.pause();
	}

	goOn(): void {
		this.#pty.resume();
	}

	kill(signal: NodeJS.Signals): void {
		this.#pty.kill(signal);
	}

	/** Closes the terminal's window: the program's terminal is gone. */
	hangUp(): void {
		(this.#pty as IPty & {destroy(): void}).destroy();
	}

	/** Resolves when this is so; asked whenever something was drawn. Rejects when the program has ended before. */
	until<T>(what: string, look: () => T | undefined | false): Promise<T> {
		return new Promise((resolve, reject) => {
			const stop = () => {
				clearTimeout(timer);
				this.#watchers.delete(watcher);
			};
			const fail = (how: string) => {
				stop();
				reject(new Error(`the screen ${how}: ${what}; it shows:\n${this.text}`));
			};
			const watcher = () => {
				const found = look();
				if (found) {
					stop();
					resolve(found);
				} else if (this.#over) fail('ended before');
			};
			const timer = setTimeout(fail, patienceMs, 'does not come to');
			this.#watchers.add(watcher);
			watcher();
		});
	}

	shows(pattern: RegExp): Promise<RegExpExecArray> {
		return this.until(`show ${pattern}`, () => pattern.exec(this.text) ?? undefined);
	}

	/** Ends the program if it still runs, and frees the emulator. */
	async close(): Promise<void> {
		if (!this.#over) this.#pty.kill('SIGKILL');
		await this.ended;
		this.#screen.dispose();
	}

	#row(at: number): string {
		return this.#screen.buffer.active.getLine(at)?.translateToString(true) ?? '';
	}

	#look(): void {
		for (const watcher of [...this.#watchers]) watcher();
	}
}
