import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Event, EventType} from '../../source/core/event.js';
import type {Batch, Run} from '../../source/core/run.js';
import type {Clock} from '../../source/engine/clock.js';
import {type OpenOptions, type OpenRun, openRun} from '../../source/open-run.js';

/** A clock on which no wait takes time: it jumps to the next timer when nothing else happens. */
export class JumpingClock implements Clock {
	constructor(public time: number) {}
	now = () => this.time;
	random = () => 0.5;
	/** While this is so it stands still: what goes on takes no time by it. */
	holds: () => boolean = () => false;
	timer(ms: number, callback: () => void): () => void {
		const jump = () => {
			if (this.holds()) {
				next = setTimeout(jump, 10);
				return;
			}
			this.time += ms;
			callback();
		};
		let next: NodeJS.Timeout | NodeJS.Immediate = setImmediate(jump);
		return () => {
			clearImmediate(next as NodeJS.Immediate);
			clearTimeout(next as NodeJS.Timeout);
		};
	}
}

/** A job run by the whole program but its face: real files, real children, a clock that jumps. */
export class Story {
	readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'mozart-story-')));
	readonly events: Event[] = [];
	live = '';
	/** Called with each event, after it is on disk. */
	onEvent: ((event: Event, run: OpenRun) => void) | undefined;

	constructor(
		readonly env: Readonly<Record<string, string>>,
		readonly clock: JumpingClock = new JumpingClock(1_795_400_000_000),
	) {}

	/** Writes the job file: YAML is JSON too. */
	write(job: object): string {
		const file = path.join(this.folder, 'job.yaml');
		writeFileSync(file, JSON.stringify(job));
		return file;
	}

	/** Runs a job until it ends or pauses, and closes it. */
	async run(file: string, options: Partial<OpenOptions> = {}): Promise<Run> {
		mkdirSync(path.join(this.folder, 'state'), {recursive: true});
		const opened = await openRun({
			file,
			sets: [],
			intent: 'run',
			clock: this.clock,
			env: {...this.env, XDG_STATE_HOME: path.join(this.folder, 'state'), XDG_RUNTIME_DIR: this.folder},
			...options,
		});
		assert.ok('engine' in opened, JSON.stringify(opened, undefined, 1));
		const {engine} = opened;
		engine.subscribe((events, run) => {
			this.events.push(...events);
			for (const event of events) this.onEvent?.(event, opened);
			const paused = run.phase === 'paused' && !run.live.some(number => batchOf(run, number).status === 'running');
			if (paused) void engine.send({type: 'stop', mode: 'drain'});
		});
		engine.onSignal(({text}) => {
			this.live += text;
		});
		engine.start();
		const run = await engine.ended;
		this.paths = opened.paths;
		assert.deepEqual(await opened.close(), []);
		await opened.notifier?.finish(5000);
		return run;
	}

	paths!: OpenRun['paths'];

	of<T extends EventType>(type: T): Extract<Event, {type: T}>[] {
		return this.events.filter((event): event is Extract<Event, {type: T}> => event.type === type);
	}

	/** A file that the job's folder holds. */
	read(file: string): string {
		return readFileSync(path.resolve(this.folder, file), 'utf8');
	}

	remove(): void {
		rmSync(this.folder, {recursive: true, force: true});
	}
}

/** A batch of a run by its number. */
export function batchOf(run: Run, number: number): Batch {
	const batch = run.batches.flat().find(one => one.number === number);
	assert.ok(batch, `batch ${number}`);
	return batch;
}
