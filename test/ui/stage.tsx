import {render} from 'ink-testing-library';
import type {Job} from '../../source/config/schema.js';
import type {Fact} from '../../source/core/event.js';
import type {Signal} from '../../source/engine/engine.js';
import {App} from '../../source/ui/app.js';
import {createFrames} from '../../source/ui/frames.js';
import type {JobEditing} from '../../source/ui/job-edit.js';
import type {Evidence} from '../../source/ui/tabs/evidence.js';
import {World} from '../support/world.js';

export const keys = {
	up: '\x1b[A',
	down: '\x1b[B',
	pageUp: '\x1b[5~',
	pageDown: '\x1b[6~',
	enter: '\r',
	tab: '\t',
	escape: '\x1b',
	halfDown: '\x04',
	halfUp: '\x15',
	interrupt: '\x03',
};

export type Size = {columns: number; rows: number};
export type StageOptions = Partial<Size> & {evidence?: Evidence; watches?: string};

/** A frame without its colours, a line a row. */
export const plain = (frame: string) => frame.replace(/\x1b\[[0-9;]*m/g, '').replace(/ +$/gm, '');

/** The whole screen over a world held by hand: its time, its attempts and their output are the test's. */
export class Stage {
	readonly world: World;
	/** What comes of editing the job file. */
	editing: JobEditing = {
		edit: async () => 'there is no editor on this stage',
		look: async () => ({kind: 'nothing', message: ''}),
	};
	interrupts = 0;
	leaves = 0;
	readonly #app: ReturnType<typeof render>;
	readonly #listeners = new Set<(signal: Signal) => void>();
	readonly #frames: ReturnType<typeof createFrames>;
	readonly #noticed = new Set<(notice: string) => void>();
	readonly #timers = new Set<() => void>();

	constructor(job: Job, {columns = 80, rows = 24, evidence, watches}: StageOptions = {}, extra: Fact[] = []) {
		this.world = new World(job);
		const engine = {
			...this.world.open(extra),
			onSignal: (listener: (signal: Signal) => void) => {
				this.#listeners.add(listener);
				return () => void this.#listeners.delete(listener);
			},
		};
		const clock = {
			now: () => this.world.time,
			random: () => 0,
			timer: (_ms: number, callback: () => void) => {
				this.#timers.add(callback);
				return () => void this.#timers.delete(callback);
			},
		};
		const fail = (error: unknown) => {
			throw error;
		};
		// A sign that turns would make no two frames alike.
		this.#frames = createFrames(engine, clock, fail, {tempo: {animated: false, clockMs: 1000}});
		this.#app = render(
			<App
				frames={this.#frames}
				engine={engine}
				evidence={evidence}
				{...(watches !== undefined && {watches, isGuest: true})}
				editing={{edit: run => this.editing.edit(run), look: run => this.editing.look(run)}}
				onInterrupt={() => void this.interrupts++}
				onLeave={() => void this.leaves++}
				onNotice={listener => {
					this.#noticed.add(listener);
					return () => void this.#noticed.delete(listener);
				}}
			/>,
		);
		this.resize({columns, rows});
	}

	/** The screen when everything that was under way is drawn. */
	async frame(): Promise<string> {
		await this.settle();
		return plain(this.#app.lastFrame() ?? '');
	}

	/** One input event, whatever keys it holds. */
	async press(input: string): Promise<string> {
		// A lone escape could be the beginning of a longer sequence: Ink waits a moment, and the frame tells when.
		const drawn = input === keys.escape ? this.#nextFrame() : undefined;
		this.#app.stdin.write(input);
		await drawn;
		return this.frame();
	}

	/** Live output of a batch's attempt that runs. */
	say(batch: number, text: string, attempt = 1): void {
		for (const listener of this.#listeners) listener({type: 'output', batch, attempt, stream: 'stdout', text});
	}

	/** What the program has to say. */
	notice(text: string): void {
		for (const listener of this.#noticed) listener(text);
	}

	resize({columns, rows}: Size): void {
		Object.defineProperties(this.#app.stdout, {
			columns: {value: columns, configurable: true},
			rows: {value: rows, configurable: true},
		});
		this.#app.stdout.emit('resize');
	}

	/** Moves the time on; what waits for it happens. */
	async pass(ms: number): Promise<string> {
		const until = this.world.time + ms;
		for (let next = this.world.nextTimer; next !== undefined && next <= until; next = this.world.nextTimer) {
			this.world.tick();
			await this.world.settle();
		}
		this.world.time = until;
		return this.frame();
	}

	async settle(): Promise<void> {
		await this.world.settle();
		this.#fire();
		await this.world.settle();
	}

	close(): void {
		this.#app.unmount();
		this.#app.cleanup();
		this.#frames.stop();
	}

	#nextFrame(): Promise<void> {
		const {stdout} = this.#app;
		const {write} = stdout;
		return new Promise(resolve => {
			stdout.write = frame => {
				write(frame);
				stdout.write = write;
				resolve();
			};
		});
	}

	#fire(): void {
		for (const callback of [...this.#timers]) {
			this.#timers.delete(callback);
			callback();
		}
	}
}

/** Plays a story on a stage and clears it. */
export async function onStage(job: Job, options: StageOptions, story: (stage: Stage) => Promise<void>): Promise<void> {
	const stage = new Stage(job, options);
	try {
		await stage.settle();
		await story(stage);
	} finally {
		stage.close();
	}
}
