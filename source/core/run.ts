import * as z from 'zod';
import {jobSchema} from '../config/schema.js';
import {failureKindSchema, failureSchema} from './failure.js';
import {usageSchema} from './usage.js';
import {fileStateSchema, verdictSchema} from './verdict.js';

/** How an attempt asks: with the original prompt, again after backoff, or only for what is missing. */
export const modeSchema = z.enum(['normal', 'retry', 'completion']);
export type Mode = z.infer<typeof modeSchema>;

/** How an attempt's process ended. Says nothing about the rules. */
export const outcomeSchema = z.object({
	exitCode: z.number().optional(),
	endedBy: z.string().optional(),
	durationMs: z.number(),
	/** No process was ever started: there is nothing that rules could judge. */
	notStarted: z.boolean().optional(),
	/** Ended by us on request (a stop, not a timeout). */
	aborted: z.boolean(),
	failure: failureSchema.optional(),
	/** What this attempt used, by the CLI's own figures. */
	usage: usageSchema.optional(),
	/** Tool calls that the CLI was not allowed to make, by the tools' names. */
	denied: z.array(z.string()).optional(),
	/** Cost of the whole session so far, US dollars: a resumed session counts on. */
	sessionCostUsd: z.number().optional(),
	/** What the whole session has used so far, where the CLI counts on when it is resumed. */
	sessionUsage: usageSchema.optional(),
});
export type Outcome = z.infer<typeof outcomeSchema>;

/** One attempt that is over, in short: what the attempts view and the question "which rules flipped?" need. */
const attemptRecordSchema = z.object({
	attempt: z.number(),
	mode: modeSchema,
	/** The fallback it was made with, if it was. */
	backend: z.number().optional(),
	startedAt: z.number(),
	tookMs: z.number(),
	exitCode: z.number().optional(),
	kind: failureKindSchema.optional(),
	usage: usageSchema.optional(),
	/** One character a rule, `1` passed, `0` failed; absent until the rules were checked. */
	passed: z.string().optional(),
});
export type AttemptRecord = z.infer<typeof attemptRecordSchema>;

/** Attempts remembered a batch: a bound, far above what budgets allow. */
export const mostRecords = 50;

/** The limits of a budget at which it was said that little is left; a changed limit is another one. */
const budgetWarnedSchema = z.object({cost: z.number().optional(), tokens: z.number().optional()});

const common = {
	number: z.number(),
	/** First and last item, counted from 1, both included. */
	first: z.number(),
	last: z.number(),
	/** Number of the last attempt that was started, 0 before the first; it grows for ever, so that log names stay unique. */
	attempt: z.number(),
	/** Spent since the batch was last queued: full retries, completion attempts, attempts lost to crashes. */
	retries: z.number(),
	completions: z.number(),
	losses: z.number(),
	/** Waits for a limit or an overloaded service in a row; they cost no budget, but there is a most. */
	waits: z.number(),
	/** Which of the job's CLIs it is with, where that is a fallback: see `fallback.ts`. */
	backend: z.number().optional(),
	/** The CLI's session that a completion attempt goes on with, and what it has cost and used so far by its own count. */
	session: z.object({id: z.string(), costUsd: z.number(), usage: usageSchema.optional()}).optional(),
	usage: usageSchema.optional(),
	budgetWarned: budgetWarnedSchema.optional(),
	/** Time spent in attempts, ms. */
	tookMs: z.number(),
	/** Attempts since the batch was last queued, oldest first. */
	history: z.array(attemptRecordSchema).max(mostRecords),
	/** What the rules said last; dropped when the batch completes. */
	verdicts: z.array(verdictSchema).optional(),
	/** Watched files before the first attempt since the batch was queued. */
	baseline: z.array(fileStateSchema).optional(),
};

/**
 * One status, one shape.
 *
 *            attempt-started              attempt-ended          validated, all pass
 *   pending ────────────────▶ running ───────────────▶ (outcome) ──────────────────▶ completed
 *     ▲  ▲                     │  │                        │ not all
 *     │  └── attempt-lost ─────┘  │ attempt-stopping       ├── completion-/retry-scheduled ─▶ waiting ─▶ running
 *     │                           ▼                        └── budget gone ─▶ failed
 *     └──────────────────────── stopping ─▶ held, skipped
 *
 * A batch whose attempt was cut off is `rechecking` before it runs again: its rules may all pass already.
 */
export const batchSchema = z.discriminatedUnion('status', [
	z.object({status: z.literal('pending'), ...common, next: modeSchema, recheck: z.boolean()}),
	z.object({
		status: z.literal('running'),
		...common,
		mode: modeSchema,
		startedAt: z.number(),
		spawned: z.boolean(),
		/** Set once the process is over; the rules come next. */
		outcome: outcomeSchema.optional(),
		/** The verdicts are those of this attempt. */
		checked: z.boolean(),
		/** A person asked for it to be held, and the attempt ended before that took hold. */
		hold: z.boolean().optional(),
	}),
	z.object({
		status: z.literal('stopping'),
		...common,
		mode: modeSchema,
		startedAt: z.number(),
		spawned: z.boolean(),
		into: z.enum(['pending', 'held', 'skipped']),
	}),
	z.object({
		status: z.literal('rechecking'),
		...common,
		from: z.enum(['pending', 'held', 'failed']),
		next: modeSchema,
		checked: z.boolean(),
		failure: failureSchema.optional(),
	}),
	z.object({
		status: z.literal('waiting'),
		...common,
		next: modeSchema,
		/** Absolute time, ms since the epoch. */
		until: z.number(),
		reason: failureKindSchema,
	}),
	z.object({status: z.literal('held'), ...common, next: modeSchema, recheck: z.boolean()}),
	z.object({
		status: z.literal('completed'),
		...common,
		endedAt: z.number(),
		passed: z.number(),
		exitCode: z.number().optional(),
	}),
	z.object({status: z.literal('failed'), ...common, endedAt: z.number(), failure: failureSchema}),
	z.object({status: z.literal('skipped'), ...common, endedAt: z.number()}),
]);
export type Batch = z.infer<typeof batchSchema>;
export type BatchStatus = Batch['status'];
export const batchStatuses = batchSchema.options.map(option => option.shape.status.value);

export const runResultSchema = z.enum(['completed', 'failed', 'paused', 'cancelled']);

const rangeSchema = z.tuple([z.number(), z.number()]);

const limitSchema = z.object({
	until: z.number(),
	kind: failureKindSchema,
	message: z.string(),
	/** When it was met or heard of. */
	since: z.number().optional(),
	/** The attempt that was sent ahead after that time, and when. */
	probe: z.object({batch: z.number(), attempt: z.number(), at: z.number()}).optional(),
});

/** The whole state of a job: the fold of its journal, and what a checkpoint keeps. */
export const runSchema = z.object({
	/** Sequence number and time of the last fact folded in. */
	seq: z.number(),
	at: z.number(),
	job: jobSchema,
	/** Named items, frozen when the run starts; later ones are only ever added at the end. */
	items: z.array(z.string()).optional(),
	/** The `--set` values that the job was started with. */
	sets: z.array(z.string()),
	/** SHA-256 of the job's template text as last seen. */
	template: z.string(),
	/** See `batch-table.ts`. */
	batches: z.array(z.array(batchSchema)),
	total: z.number(),
	counts: z.record(z.string(), z.number()),
	/** Numbers of the batches that hold a slot: running, stopping, rechecking, waiting. */
	live: z.array(z.number()),
	/** The lowest chosen pending batch; `total + 1` when there is none. */
	cursor: z.number(),
	/** Chosen batches, as closed ranges; all when absent. */
	selection: z.array(rangeSchema).optional(),
	/** Until when a slot that a batch has left stays empty, ms since the epoch. */
	resting: z.array(z.number()),
	concurrency: z.number(),
	phase: z.enum(['running', 'paused', 'stopping', 'ended']),
	/** `now`: no attempt and no rule check goes on. */
	stop: z.enum(['drain', 'now']).optional(),
	/** Why it is paused, or what it ended with. */
	reason: z.string().optional(),
	result: runResultSchema.optional(),
	/** A batch has failed since the run was last opened and `on_batch_failure` is `stop`. */
	failing: z.boolean(),
	startedAt: z.number(),
	openedAt: z.number(),
	/** Nothing starts with the job's own CLI before this time: the account's limit, or a service that is overloaded. */
	limit: limitSchema.optional(),
	/** The same of its fallbacks, by their places. */
	fallbackLimits: z.array(z.object({backend: z.number(), limit: limitSchema})).optional(),
	/** CLIs of the job whose limits outlast what it waits, so that batches move, by their places; 0 is the backend. */
	closed: z
		.array(z.object({backend: z.number(), until: z.number(), message: z.string(), since: z.number().optional()}))
		.optional(),
	/** After a limit: when the next attempt may start, and how many more are held apart. */
	ramp: z.object({next: z.number(), left: z.number()}).optional(),
	/** Batches at once while the service is overloaded, and until it has recovered. */
	slowed: z.number().optional(),
	/** The account is nearly used up: the share of its quota, 0 to 1, of which window, and until when that counts. */
	warned: z.object({utilization: z.number(), window: z.string(), until: z.number()}).optional(),
	/** Batches in a row that have failed with the same words. */
	alike: z.object({fingerprint: z.string(), batches: z.array(z.number())}).optional(),
	totals: z.object({
		attempts: z.number(),
		retries: z.number(),
		completions: z.number(),
		waits: z.number(),
		/** Batches that went on with another CLI. */
		moves: z.number().optional(),
		tookMs: z.number(),
		usage: usageSchema.optional(),
		/** Attempts that ran and did not tell what they cost: cut off, or of a CLI that never does. */
		untold: z.number().optional(),
		/** Those of them that told no tokens either. */
		untoldTokens: z.number().optional(),
	}),
	budgetWarned: budgetWarnedSchema.optional(),
});
export type Run = z.infer<typeof runSchema>;
