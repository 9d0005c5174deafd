import * as z from 'zod';
import {eventSchema} from '../core/event.js';
import {failureKindSchema} from '../core/failure.js';
import {batchStatuses, modeSchema} from '../core/run.js';
import {usageSchema} from '../core/usage.js';
import {verdictSchema} from '../core/verdict.js';

const number = z.number();
const atMs = z.number().describe('Milliseconds since 1970.');
const ms = z.number().describe('Milliseconds.');

const runStates = ['running', 'pausing', 'paused', 'stopping', 'completed', 'failed', 'cancelled'] as const;
export const jobStateSchema = z.enum([...runStates, 'interrupted', 'missing', 'unreadable']);

const closedSchema = z.array(z.object({backend: z.string(), until: atMs, message: z.string()}));

/** As `core/summary.ts` says it. */
const summarySchema = z
	.object({
		state: z.enum(runStates),
		reason: z.string().exactOptional(),
		...{total: number, completed: number, failed: number, skipped: number, pending: number},
		...{running: number, waiting: number, held: number, left: number},
		...{attempts: number, retries: number, completions: number, waits: number},
		limit: z.object({until: atMs, message: z.string()}).exactOptional(),
		moves: number,
		closed: closedSchema,
		...{tokensIn: number, tokensOut: number},
		costUsd: number.exactOptional(),
		...{untold: number, untoldTokens: number},
		budget: z
			.object({
				per: z.enum(['job', 'batch']),
				maxCostUsd: number.exactOptional(),
				maxTokens: number.exactOptional(),
				isNear: z.boolean(),
				isSpent: z.boolean(),
			})
			.exactOptional(),
		...{elapsedMs: ms, attemptsMs: ms},
		notChosen: number,
	})
	.meta({id: 'Summary', description: 'Every number that is said about a job.'});

const ownerSchema = z.object({pid: number, host: z.string(), since: atMs});

/** A job in the list. */
export const jobRowSchema = z
	.object({
		id: z.string(),
		name: z.string(),
		file: z.string(),
		workspace: z.string(),
		state: jobStateSchema,
		updatedAt: atMs,
		owner: ownerSchema.describe('The program that runs it.').exactOptional(),
		summary: summarySchema.exactOptional(),
		problem: z.string().describe('Why it cannot be read.').exactOptional(),
	})
	.meta({id: 'JobRow'});
export type JobRow = z.infer<typeof jobRowSchema>;

/** One job. */
export const jobDetailSchema = jobRowSchema
	.extend({
		description: z.string().exactOptional(),
		summary: summarySchema,
		seq: number.describe('The last fact that is counted in.'),
		startedAt: atMs,
		phase: z.enum(['running', 'paused', 'stopping', 'ended']),
		concurrency: number,
		backend: z.string().describe('The CLI that it asks.'),
		rules: z.array(z.object({type: z.string(), description: z.string().exactOptional()})),
		live: z.array(number).describe('The batches that are under way or wait.'),
	})
	.meta({id: 'Job'});
export type JobDetail = z.infer<typeof jobDetailSchema>;

export const batchStatusSchema = z.enum(batchStatuses);

/** A batch in the list. */
export const batchRowSchema = z
	.object({
		number,
		...{first: number, last: number},
		status: batchStatusSchema,
		attempt: number,
		mode: modeSchema.describe('How the attempt under way, or the next one, asks.').exactOptional(),
		...{retries: number, completions: number},
		startedAt: atMs.exactOptional(),
		until: atMs.describe('When the wait is over.').exactOptional(),
		waitsFor: failureKindSchema.exactOptional(),
		endedAt: atMs.exactOptional(),
		tookMs: ms,
		usage: usageSchema.exactOptional(),
		rulesPassed: number.exactOptional(),
		exitCode: number.exactOptional(),
		lastTry: z.boolean().describe('It passed, and would have failed had it gone wrong once more.'),
		failure: z.object({kind: failureKindSchema, message: z.string()}).exactOptional(),
		backend: z.string().describe('The CLI that it has moved to.').exactOptional(),
	})
	.meta({id: 'BatchRow'});
export type BatchRow = z.infer<typeof batchRowSchema>;

export const batchDetailSchema = batchRowSchema
	.extend({
		items: z.array(z.string()).exactOptional(),
		verdicts: z.array(verdictSchema).exactOptional(),
	})
	.meta({id: 'Batch'});
export type BatchDetail = z.infer<typeof batchDetailSchema>;

const fileSchema = z.object({
	path: z.string(),
	change: z.enum(['same', 'added', 'deleted', 'changed', 'absent', 'unknown']),
	beforeBytes: number.exactOptional(),
	afterBytes: number.exactOptional(),
	diff: z
		.string()
		.describe('What differs, as a unified diff; absent where no copies are kept or too much differs.')
		.exactOptional(),
});

export const attemptSchema = z
	.object({
		attempt: number,
		mode: modeSchema,
		startedAt: atMs,
		tookMs: ms.exactOptional(),
		exitCode: number.exactOptional(),
		failure: z.object({kind: z.string(), message: z.string()}).exactOptional(),
		usage: usageSchema.exactOptional(),
		verdicts: z.array(verdictSchema).exactOptional(),
		files: z.array(fileSchema),
	})
	.meta({id: 'Attempt'});
export type AttemptRow = z.infer<typeof attemptSchema>;

/** What every stream says. */
const common = {
	/** Nothing has happened: the connection stands. At least every fifteen seconds. */
	beat: z.object({}),
	/** The last word: the server ends. */
	bye: z.object({}),
};

/** What `/api/jobs/{id}/stream` says, by the name of the event. `snapshot` and `fact` have an id: `seq@startedAt`. */
export const jobMessages = {
	/** Where a stream begins, or begins anew: the job, and the batches that are under way or wait. */
	snapshot: z.object({seq: number, job: jobDetailSchema, batches: z.array(batchRowSchema)}),
	/** A fact of the journal, and what is said of it to people. None is left out. */
	fact: z.object({event: eventSchema, words: z.array(z.string())}),
	/** After facts, and after those that were missed if any: the job, and the batches that have changed since the last one. */
	state: z.object({seq: number, job: jobDetailSchema, batches: z.array(batchRowSchema)}),
	/**
	 * What a batch prints, without control sequences; a piece is left out for who is slow. `begins`: in place of all that
	 * was said of this batch before.
	 */
	output: z.object({
		batch: number,
		attempt: number,
		stream: z.enum(['stdout', 'stderr']),
		text: z.string(),
		begins: z.boolean(),
	}),
	/** The last word: the job cannot be read any more. */
	trouble: z.object({message: z.string()}),
	...common,
} as const;

/** What the stream of a log says. `text` has an id: the byte after it. */
export const logMessages = {
	text: z.object({offset: number, next: number, text: z.string()}),
	/** The last word: the attempt is over, and this was all. */
	end: z.object({}),
	/** The last word: the job cannot be read any more. */
	trouble: z.object({message: z.string()}),
	...common,
} as const;

/** What `/api/stream` says: first all jobs, then those that have changed and the ids of those that are gone. */
export const boardMessages = {
	jobs: z.object({jobs: z.array(jobRowSchema)}),
	job: jobRowSchema,
	gone: z.object({id: z.string()}),
	...common,
} as const;
