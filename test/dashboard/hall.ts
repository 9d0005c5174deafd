import {batchAt} from '../../source/core/batch-table.js';
import type {Event} from '../../source/core/event.js';
import type {Run} from '../../source/core/run.js';
import {summarize} from '../../source/core/summary.js';
import type {HistoryAnswers, Jobs, Trouble} from '../../source/dashboard/jobs.js';
import type {Engine, Signal} from '../../source/engine/engine.js';
import type {KeptAttempt, KeptFile} from '../../source/store/kept-attempt.js';
import type {KnownJob} from '../../source/store/registry.js';
import type {World} from '../support/world.js';

type Shown = {
	id: string;
	engine: Engine;
	events: Event[];
	/** What an attempt has printed, by `<batch>-<attempt>`. */
	printed: Map<string, string>;
	signals: Set<(signal: Signal) => void>;
	/** The texts of watched files before and after an attempt, by `<batch>-<attempt>`. */
	files: Map<string, KeptFile[]>;
	prompts: Map<string, string>;
};

/** Runs held by hand, as the dashboard's server finds jobs: no disk, no other programs. */
export class Hall {
	readonly #shown = new Map<string, Shown>();
	/** What the history answers to all questions. */
	told: HistoryAnswers | Trouble = {problem: 'nothing is kept here'};

	constructor(readonly now: () => number) {}

	/** Shows a run of a world that is opened by then, as one that a program runs. */
	show(id: string, engine: Engine, world?: World): Shown {
		const shown: Shown = {
			...{id, engine, events: world?.journal ?? []},
			...{printed: new Map(), signals: new Set(), files: new Map(), prompts: new Map()},
		};
		this.#shown.set(id, shown);
		return shown;
	}

	/** What is shown of a job, to be added to. */
	of(id: string): Shown {
		return this.#shown.get(id)!;
	}

	print(id: string, batch: number, attempt: number, text: string): void {
		const shown = this.#shown.get(id)!;
		const name = `${batch}-${attempt}`;
		shown.printed.set(name, (shown.printed.get(name) ?? '') + text);
		for (const listener of shown.signals) listener({type: 'output', batch, attempt, stream: 'stdout', text});
	}

	readonly jobs: Jobs = {
		list: async () => ({jobs: [...this.#shown.values()].map(known), skipped: []}),
		find: async id => {
			const shown = this.#shown.get(id);
			return shown && known(shown);
		},
		signature: async ({id}) => `${this.#runOf(id).seq}`,
		standing: async ({id}) => {
			const run = this.#runOf(id);
			const summary = summarize(run, this.now());
			const isOver = run.phase === 'ended';
			return {run, state: summary.state, summary, ...(!isOver && {owner: {...owner, since: run.startedAt}})};
		},
		facts: async ({id}, after) => this.#shown.get(id)!.events.filter(({seq}) => seq > after),
		watch: async ({id}) => {
			const {engine, signals, printed} = this.#shown.get(id)!;
			const stops: (() => void)[] = [];
			const {promise: closed, resolve} = Promise.withResolvers<void>();
			return {
				getSnapshot: engine.getSnapshot,
				subscribe(listener) {
					const stop = engine.subscribe(listener);
					stops.push(stop);
					return stop;
				},
				onSignal(listener) {
					signals.add(listener);
					const stop = () => void signals.delete(listener);
					stops.push(stop);
					return stop;
				},
				// As the program that runs a job does, it begins with the end of what was printed.
				start() {
					for (const [name, text] of printed) {
						const [batch = 0, attempt = 0] = name.split('-').map(Number);
						if (!engine.getSnapshot().live.includes(batch)) continue;
						for (const listener of signals) listener({type: 'output', batch, attempt, stream: 'stdout', text});
					}
				},
				closed,
				disconnect() {
					for (const stop of stops) stop();
					resolve();
				},
			};
		},
		steer: async ({id}, wish) => {
			if (wish.type === 'retry' && wish.batch === undefined) return {refused: 'which batch?'};
			const refused = await this.#shown.get(id)!.engine.send(wish as never);
			return refused === undefined ? undefined : {refused};
		},
		attempts: async ({id}, batch) => this.#attempts(this.#shown.get(id)!, batch),
		prompt: async ({id}, batch, attempt) => this.#shown.get(id)!.prompts.get(`${batch}-${attempt}`) ?? 'do it',
		output: ({id}, _run, {number}, attempt) => ({
			more: async () => ({text: this.#shown.get(id)!.printed.get(`${number}-${attempt}`) ?? '', leftOut: 0}),
		}),
		history: async () => this.told,
		log: async () => ({bytes: new Uint8Array(), size: 0}),
	};

	#runOf(id: string): Run {
		return this.#shown.get(id)!.engine.getSnapshot();
	}

	#attempts({events, engine, files}: Shown, number: number): KeptAttempt[] {
		const found = new Map<number, KeptAttempt>();
		for (const event of events) {
			if (!('batch' in event) || event.batch !== number) continue;
			if (event.type === 'attempt-started')
				found.set(event.attempt, {
					...{attempt: event.attempt, mode: event.mode, startedAt: event.at},
					files: files.get(`${number}-${event.attempt}`) ?? [],
				});
			const mine = 'attempt' in event ? found.get(event.attempt!) : undefined;
			if (mine && event.type === 'attempt-ended') {
				const {durationMs, exitCode, failure, usage} = event.outcome;
				Object.assign(mine, {tookMs: durationMs, exitCode, failure, usage});
			}
			if (mine && event.type === 'validated') mine.verdicts = event.verdicts;
		}
		if (found.size > 0 || batchAt(engine.getSnapshot(), number).attempt === 0) return [...found.values()];
		return batchAt(engine.getSnapshot(), number).history.map(record => ({...record, files: []}) as KeptAttempt);
	}
}

const owner = {pid: 4711, startTime: '1', bootId: 'b', host: 'here'};

const known = ({id, engine}: Shown): KnownJob => ({
	...{id, name: id, file: `/home/me/${id}/job.yaml`, workspace: `/home/me/${id}/workspace`},
	...{state: 'running', sets: [], updatedAt: engine.getSnapshot().at, missing: false},
});
