import * as z from 'zod';
import {jobSchema} from '../config/schema.js';
import {failureKindSchema, failureSchema} from './failure.js';
import {modeSchema, outcomeSchema, runResultSchema} from './run.js';
import {fileStateSchema, verdictSchema} from './verdict.js';

const batch = z.number();
const attempt = z.number();
const range = z.object({first: z.number(), last: z.number()});
const fact = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
	z.object({seq: z.number(), at: z.number(), type: z.literal(type), ...shape});

/**
 * Everything that can happen to a run, in the past tense, as the journal keeps it. Facts are absolute (`attempt: 2`,
 * never "one more"), so that folding one twice or after a restart cannot drift.
 */
export const eventSchema = z.discriminatedUnion('type', [
	/** The job was started for the first time. */
	fact('run-started', {
		job: jobSchema,
		items: z.array(z.string()).optional(),
		sets: z.array(z.string()),
		template: z.string(),
		batches: z.array(range),
	}),
	/** The job file, its template or its items differ from what the run knew; `batches` is the whole new cut. */
	fact('job-changed', {
		job: jobSchema,
		items: z.array(z.string()).optional(),
		sets: z.array(z.string()),
		template: z.string(),
		batches: z.array(range),
		changes: z.array(z.string()),
	}),
	/** A program took the run up again: after a pause, an end or a crash. */
	fact('run-reopened', {selection: z.array(z.tuple([z.number(), z.number()])).optional()}),
	/** An attempt was decided on; its process comes next. */
	fact('attempt-started', {batch, attempt, mode: modeSchema}),
	/** What an attempt needs was noted: the watched files, before the batch's first attempt; the session it will have. */
	fact('attempt-prepared', {
		batch,
		attempt,
		baseline: z.array(fileStateSchema).optional(),
		sessionId: z.string().optional(),
	}),
	/** The attempt's process exists, or, of an API, its first request is sent: from here on it may leave files. */
	fact('attempt-spawned', {batch, attempt, pid: z.number().optional()}),
	/** The attempt's process is over, its whole tree with it. */
	fact('attempt-ended', {batch, attempt, outcome: outcomeSchema}),
	/** The program ended while the attempt was under way; `losses` counts them for this batch. */
	fact('attempt-lost', {batch, attempt, losses: z.number()}),
	/** A person or a stop wants the attempt ended; `into` is where the batch goes. */
	fact('attempt-stopping', {batch, attempt, into: z.enum(['pending', 'held', 'skipped'])}),
	/** A batch is judged by its rules without being run. */
	fact('recheck-started', {batch}),
	/** The rules were checked. `after`: the watched files as they were then, to show beside the baseline. */
	fact('validated', {
		batch,
		attempt,
		verdicts: z.array(verdictSchema),
		after: z.array(fileStateSchema).optional(),
	}),
	/** A recheck found the batch unfinished; it goes back to where it was. */
	fact('recheck-ended', {batch}),
	/** Only what is missing will be asked for. */
	fact('completion-scheduled', {batch, completions: z.number(), until: z.number()}),
	/** The whole prompt will be sent again. `jitter` is the factor that was drawn, 1 when it is off. */
	fact('retry-scheduled', {
		batch,
		retries: z.number(),
		until: z.number(),
		delayMs: z.number(),
		jitter: z.number(),
		failure: failureSchema,
	}),
	/** A limit was met: nothing of this job starts before `until`. It costs no budget; `waits` counts them for the batch. */
	fact('limit-seen', {
		batch,
		waits: z.number(),
		until: z.number(),
		failure: failureSchema,
		/** Where all of the job's CLIs are closed: until when that of the batch is, and `until` is when the first one opens. */
		closes: z.number().optional(),
	}),
	/**
	 * The batch goes on with another of the job's CLIs, counted as `core/fallback.ts` does. With `until` since it has met a
	 * limit of its own one, which is closed till then; it costs no budget, and `waits` counts as for `limit-seen`.
	 */
	fact('batch-moved', {
		batch,
		backend: z.number(),
		waits: z.number().optional(),
		until: z.number().optional(),
		failure: failureSchema.optional(),
	}),
	/** Another job of the account met a limit, or is probing whether it is over: nothing starts before `until`. */
	fact('limit-shared', {until: z.number(), kind: failureKindSchema, message: z.string(), job: z.string()}),
	/** The limit is over: the probe of this job, or of another one of the account, did not meet it again. */
	fact('limit-lifted', {
		/** The other job, and when it told. */
		job: z.string().optional(),
		toldAt: z.number().optional(),
		/** The CLI whose limit this job's probe found lifted; the job's own when absent. */
		backend: z.number().optional(),
	}),
	/** A person ended the wait for the limit before its time. */
	fact('limit-ended', {}),
	/** The service said how much of the account's quota is used, 0 to 1, in which window, and when that ends. */
	fact('limit-warned', {utilization: z.number(), window: z.string(), until: z.number().optional()}),
	/** The attempt did not count: the batch is as it was before, and waits to be started again. */
	fact('batch-returned', {batch, failure: failureSchema.optional()}),
	fact('batch-completed', {batch, passed: z.number(), exitCode: z.number().optional()}),
	fact('batch-failed', {batch, failure: failureSchema}),
	fact('batch-skipped', {batch}),
	/** A person stopped its attempt; it waits for a word. */
	fact('batch-held', {batch}),
	/** A held batch may run again, with the budgets it had. */
	fact('batch-released', {batch}),
	/** A batch starts over: fresh budgets, a new baseline. */
	fact('batch-requeued', {batch}),
	/** A person ended a wait before its time. */
	fact('wait-ended', {batch}),
	fact('concurrency-set', {concurrency: z.number()}),
	/** So much of the budget is spent that a person should know; of this batch's, where each has its own. */
	fact('budget-warned', {
		batch: batch.optional(),
		of: z.enum(['cost', 'tokens']),
		spent: z.number(),
		limit: z.number(),
	}),
	/** Nothing new starts. `now` also ends what is under way. */
	fact('paused', {mode: z.enum(['drain', 'now']), reason: z.string().optional()}),
	fact('resumed', {}),
	/** The program wants to end. */
	fact('stopping', {mode: z.enum(['drain', 'now']), result: z.enum(['paused', 'cancelled'])}),
	/** The run is over for this program. */
	fact('run-ended', {result: runResultSchema, reason: z.string().optional()}),
]);
export type Event = z.infer<typeof eventSchema>;
export type EventType = Event['type'];
export type EventOf<T extends EventType> = Extract<Event, {type: T}>;

/** A fact before it has its place in the journal. */
export type Fact = {[T in EventType]: Omit<EventOf<T>, 'seq' | 'at'>}[EventType];
