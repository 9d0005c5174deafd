import {mkdirSync, mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {type IPty, spawn} from '@lydell/node-pty';

const launcher = resolve(import.meta.dirname, '../dist/launch.cjs');

/** The system counts in hundredths of a second. */
const tickMs = 10;
/** Nothing here takes longer, unless something is wrong. Milliseconds. */
const patienceMs = 60_000;

/** What happened between two looks. */
export type Stretch = {wallMs: number; cpuMs: number; bytes: number; writes: number};

/** The built program on a pseudo-terminal. What it writes is counted and looked through for words, never drawn. */
export class Watched {
	/** Below which the job and its workspace lie. */
	readonly folder: string;
	readonly ended: Promise<number>;
	readonly #pty: IPty;
	#bytes = 0;
	#writes = 0;
	/** The last that was written: enough to find a word that was cut in two. */
	#said = '';
	#over = false;
	#looks = new Set<() => void>();

	constructor(root: string, job: object, words: readonly string[] = [], more: Record<string, string> = {}) {
		this.folder = mkdtempSync(join(root, 'run-'));
		const home = join(this.folder, 'home');
		mkdirSync(home);
		const at = {HOME: home, XDG_STATE_HOME: home, XDG_RUNTIME_DIR: home, TMPDIR: root};
		const env = {PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', ...at, ...more};
		const file = join(this.folder, 'job.yaml');
		writeFileSync(file, JSON.stringify(job));
		this.#pty = spawn(process.execPath, [launcher, 'run', file, ...words], {
			...{name: 'xterm-256color', cols: 120, rows: 40, cwd: this.folder, env},
			encoding: null,
		});
		// Without an encoding it gives bytes, whatever its types say.
		(this.#pty.onData as unknown as (listener: (chunk: Buffer) => void) => void)(chunk => {
			this.#bytes += chunk.length;
			this.#writes++;
			if (this.#looks.size === 0) return;
			this.#said = (this.#said + chunk.toString('utf8')).slice(-100_000);
			for (const look of [...this.#looks]) look();
		});
		this.ended = new Promise(end =>
			this.#pty.onExit(({exitCode}) => {
				this.#over = true;
				for (const look of [...this.#looks]) look();
				end(exitCode);
			}),
		);
	}

	press(keys: string): void {
		this.#pty.write(keys);
	}

	/** Resolves with the time, from the first call on, until these words are written; what was written before does not count. */
	writes(words: string): Promise<number> {
		const started = performance.now();
		this.#said = '';
		return new Promise((resolve, reject) => {
			const end = (result: () => void) => {
				clearTimeout(timer);
				this.#looks.delete(look);
				result();
			};
			const fail = () =>
				end(() =>
					reject(new Error(`“${words}” is not written; the last was ${JSON.stringify(this.#said.slice(-2000))}`)),
				);
			const look = () => {
				if (this.#said.includes(words)) end(() => resolve(performance.now() - started));
				else if (this.#over) fail();
			};
			const timer = setTimeout(fail, patienceMs);
			this.#looks.add(look);
		});
	}

	/** Passes `ms` and tells what they have cost. */
	async stretch(ms: number): Promise<Stretch> {
		return this.during(() => new Promise(resolve => setTimeout(resolve, ms)));
	}

	async during(what: () => Promise<unknown>): Promise<Stretch> {
		const [wall, cpu, bytes, writes] = [performance.now(), this.#cpuMs(), this.#bytes, this.#writes];
		await what();
		return {
			wallMs: performance.now() - wall,
			cpuMs: this.#cpuMs() - cpu,
			bytes: this.#bytes - bytes,
			writes: this.#writes - writes,
		};
	}

	async close(): Promise<void> {
		if (!this.#over) this.#pty.kill('SIGTERM');
		await this.ended;
	}

	/** CPU time of the program and of the small parent that waits for it, without the children of the job, ms. */
	#cpuMs(): number {
		return [this.#pty.pid, ...childrenOf(this.#pty.pid).slice(0, 1)]
			.filter(pid => commandOf(pid).includes(launcher))
			.reduce((sum, pid) => sum + cpuOf(pid), 0);
	}
}

const childrenOf = (pid: number): number[] =>
	readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

const commandOf = (pid: number): string[] => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');

/** User and system time of a process with all its threads, also those that have ended. */
function cpuOf(pid: number): number {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) * tickMs;
}
