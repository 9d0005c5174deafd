import assert from 'node:assert/strict';
import {type ChildProcess, type SpawnOptions, spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Event} from '../../source/core/event.js';
import {readProcess} from '../../source/process/process-table.js';
import {endMarked} from '../../source/process/strays.js';

/** The built program, as `npm run build` leaves it. */
export const launcher = path.resolve(import.meta.dirname, '../../dist/launch.cjs');

/** No wait takes longer than this, even on a busy machine, unless something is wrong. Milliseconds. */
const patienceMs = 60_000;

export type Ended = {code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string};

/** What `--json` prints: an event, or a line that only the program's faces know. */
export type Line = Event | ({type: 'problem' | 'complete' | 'rechecked'} & Record<string, unknown>);

/** The program as a child of the test: what it says, and when it ends. */
export class Program {
	stdout = '';
	stderr = '';
	/** Resolves when it has ended, which is seen to when it takes too long, and all it printed has been read. */
	readonly ended: Promise<Ended>;
	readonly #watchers = new Set<() => void>();
	#over = false;

	constructor(
		readonly child: ChildProcess,
		private readonly title: string,
	) {
		child.stdout?.setEncoding('utf8').on('data', (text: string) => {
			this.stdout += text;
			this.#look();
		});
		child.stderr?.setEncoding('utf8').on('data', (text: string) => {
			this.stderr += text;
			this.#look();
		});
		const tooLong = setTimeout(() => child.kill('SIGKILL'), patienceMs);
		this.ended = new Promise((resolve, reject) => {
			child.once('error', reject);
			child.once('close', (code, signal) => {
				clearTimeout(tooLong);
				this.#over = true;
				resolve({code, signal, stdout: this.stdout, stderr: this.stderr});
				this.#look();
			});
		});
	}

	get pid(): number {
		assert.ok(this.child.pid);
		return this.child.pid;
	}

	/** Everything that `--json` has printed so far. */
	get events(): Line[] {
		const whole = this.stdout.slice(0, this.stdout.lastIndexOf('\n') + 1);
		return whole
			.split('\n')
			.filter(Boolean)
			.map(line => JSON.parse(line) as Line);
	}

	/** Resolves when this is so; asked whenever the program says something. Rejects when it has ended before. */
	until<T>(what: string, look: () => T | undefined | false): Promise<T> {
		return new Promise((resolve, reject) => {
			const stop = () => {
				clearTimeout(timer);
				this.#watchers.delete(watcher);
			};
			const fail = (how: string) => {
				stop();
				reject(
					new Error(`${this.title} ${how} ${what}; it said:\n${this.stdout.slice(-4000)}\n${this.stderr.slice(-4000)}`),
				);
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

	/** Resolves with the first event of this type that fits. */
	event<T extends Line['type']>(
		type: T,
		fits: (event: Extract<Line, {type: T}>) => boolean = () => true,
	): Promise<Extract<Line, {type: T}>> {
		return this.until(`the event ${type}`, () =>
			this.events.find((event): event is Extract<Line, {type: T}> => event.type === type && fits(event as never)),
		);
	}

	says(pattern: RegExp): Promise<RegExpExecArray> {
		return this.until(`say ${pattern}`, () => pattern.exec(this.stdout + this.stderr) ?? undefined);
	}

	kill(signal: NodeJS.Signals): void {
		this.child.kill(signal);
	}

	#look(): void {
		for (const watcher of [...this.#watchers]) watcher();
	}
}

/** A user of their own: home, state and jobs in one temporary folder, so that nothing of the real user is seen or touched. */
export class Desk {
	readonly folder: string;
	readonly env: Record<string, string>;
	readonly #started: Program[] = [];

	constructor() {
		assert.ok(
			existsSync(launcher),
			'dist/ is missing: these tests run the built program, so run `npm run build` first',
		);
		this.folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'mozart-desk-')));
		const at = (name: string) => path.join(this.folder, name);
		for (const name of ['home', 'state', 'runtime', 'jobs']) mkdirSync(at(name), {mode: 0o700});
		this.env = {
			// The children of a job are often `node`: the same one that runs the tests.
			PATH: [path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
			HOME: at('home'),
			XDG_STATE_HOME: at('state'),
			XDG_RUNTIME_DIR: at('runtime'),
			// The program's code may be known from the last test: that changes nothing but the time it takes.
			XDG_CACHE_HOME: path.resolve(import.meta.dirname, '../../node_modules/.cache'),
		};
	}

	/** The folder that commands are run in; job files lie here. */
	get jobs(): string {
		return path.join(this.folder, 'jobs');
	}

	at(...names: string[]): string {
		return path.join(this.jobs, ...names);
	}

	write(name: string, content: string): string {
		const file = this.at(name);
		mkdirSync(path.dirname(file), {recursive: true});
		writeFileSync(file, content);
		return file;
	}

	discard(name: string): void {
		rmSync(this.at(name), {recursive: true});
	}

	/** Starts `mozart` with these words. */
	start(words: readonly string[], {node = [], ...options}: SpawnOptions & {node?: readonly string[]} = {}): Program {
		const child = spawn(process.execPath, [...node, launcher, ...words], {
			cwd: this.jobs,
			env: this.env,
			stdio: ['ignore', 'pipe', 'pipe'],
			...options,
		});
		const program = new Program(child, `mozart ${words.join(' ')}`);
		this.#started.push(program);
		return program;
	}

	/** Runs `mozart` to its end. */
	mozart(...words: string[]): Promise<Ended> {
		return this.start(words).ended;
	}

	/** Ends what still runs and removes everything. */
	async remove(): Promise<void> {
		for (const {child} of this.#started)
			if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
		await Promise.all(this.#started.map(program => program.ended.catch(() => {})));
		// Children of a program that was killed live on; they carry the id of their job.
		const known = path.join(this.folder, 'state/mozart/jobs');
		const ids = existsSync(known) ? readdirSync(known).map(name => path.parse(name).name) : [];
		for (const id of ids) await endMarked(`${id}:`, {graceMs: 0});
		rmSync(this.folder, {recursive: true, force: true});
	}
}

/** Fails with all the program said when it did not end like this. */
export function exits(ended: Ended, code: number): Ended {
	assert.equal(ended.code, code, `exit code ${ended.code ?? ended.signal}:\n${ended.stdout}\n${ended.stderr}`);
	return ended;
}

/** Runs a story with a desk of its own. */
export async function withDesk<T>(story: (desk: Desk) => Promise<T>): Promise<T> {
	const desk = new Desk();
	try {
		return await story(desk);
	} finally {
		await desk.remove();
	}
}

/** Resolves when this is so: for what happens outside the program, and tells nobody. */
export async function eventually<T>(what: string, look: () => T | undefined | false): Promise<T> {
	const deadline = performance.now() + patienceMs;
	for (;;) {
		const found = look();
		if (found) return found;
		assert.ok(performance.now() < deadline, `does not come: ${what}`);
		await new Promise(resolve => setTimeout(resolve, 5));
	}
}

/** Whether a process runs; one that only waits to be asked how it ended does not. */
export const runs = (pid: number): boolean => readProcess(pid)?.alive ?? false;
