import * as z from 'zod';
import {failureKindSchema} from '../../core/failure.js';

/** Which part of the history is asked for: of all jobs and all times where nothing is said. */
export type Filter = {
	/** The id of a job. */
	job?: string;
	/** Only what has happened at or after this time, ms since the epoch. */
	since?: number;
	/** Only runs that have failed, or have failed batches. */
	failed?: boolean;
	/** The most rows of the answer. */
	limit?: number;
};

const count = z.number().int();
const ms = z.number();

/** Cached ones too; US dollars where the CLI tells them. */
const tokens = {tokensIn: count, tokensOut: count, costUsd: z.number().exactOptional()};

/** What attempts have used. */
const used = {
	attempts: count,
	/** Time in attempts, ms. */
	attemptsMs: ms,
	...tokens,
	/** Attempts whose cost is in no figure. */
	untold: count,
};

/** One run of a job: from `mozart run` to its end, over as many programs as it took. Times in ms since the epoch. */
export const runAnswerSchema = z.object({
	/** The id of the job, its name, its file and its workspace. */
	job: z.string(),
	name: z.string(),
	file: z.string(),
	workspace: z.string(),
	startedAt: ms,
	/** When something last happened to it. */
	lastAt: ms,
	/** As `mozart status` calls it, by the last fact told: `running` also where its program has died since. */
	state: z.enum(['running', 'pausing', 'paused', 'stopping', 'completed', 'failed', 'cancelled']),
	reason: z.string().exactOptional(),
	/** The CLI that the job names first. */
	backend: z.string(),
	total: count,
	completed: count,
	failed: count,
	skipped: count,
	held: count,
	retries: count,
	completions: count,
	waits: count,
	...used,
});
export type RunAnswer = z.infer<typeof runAnswerSchema>;

/** How often a rule has passed, over all attempts that were judged by it. */
export const ruleAnswerSchema = z.object({
	job: z.string(),
	name: z.string(),
	type: z.string(),
	/** What the job file says of the rule: its description, else its path or command with the placeholders in it. */
	rule: z.string(),
	judged: count,
	passed: count,
	/** Of the batches' first attempts alone. */
	judgedFirst: count,
	passedFirst: count,
	/** What it last found where it failed. */
	lastFailure: z.string().exactOptional(),
});
export type RuleAnswer = z.infer<typeof ruleAnswerSchema>;

/** What the attempts that ended on one local day have used. */
export const costAnswerSchema = z.object({
	/** `2026-07-31`. */
	day: z.string(),
	...used,
});
export type CostAnswer = z.infer<typeof costAnswerSchema>;

/** A batch and the time that all its attempts have taken, the slowest first. */
export const slowAnswerSchema = z.object({
	job: z.string(),
	name: z.string(),
	/** Start of the run. */
	startedAt: ms,
	batch: count,
	/** Its items, counted from 1, both included. */
	first: count,
	last: count,
	status: z.string(),
	attempts: count,
	retries: count,
	completions: count,
	/** Time in attempts, and from the first start to the last end, which counts the waits too. */
	tookMs: ms,
	overallMs: ms.exactOptional(),
	...tokens,
});
export type SlowAnswer = z.infer<typeof slowAnswerSchema>;

/** Why batches were run again or had to wait, by the kind of the failure. */
export const retryAnswerSchema = z.object({
	kind: failureKindSchema,
	/** Full retries, completion attempts, waits for a limit, moves to another CLI, and batches that failed for good. */
	retries: count,
	completions: count,
	waits: count,
	moves: count,
	failed: count,
	/** Batches that met it. */
	batches: count,
	/** Time that was to be waited, ms. */
	waitMs: ms,
	/** What was said last. */
	lastMessage: z.string().exactOptional(),
});
export type RetryAnswer = z.infer<typeof retryAnswerSchema>;

/** One batch of a run as it stands. */
export const batchAnswerSchema = z.object({
	batch: count,
	first: count,
	last: count,
	status: z.string(),
	attempts: count,
	retries: count,
	completions: count,
	waits: count,
	tookMs: ms,
	...tokens,
	/** Why it failed or waits. */
	kind: failureKindSchema.exactOptional(),
	message: z.string().exactOptional(),
});
export type BatchAnswer = z.infer<typeof batchAnswerSchema>;

/** One attempt of a run, in the order of their starts: with the waits between them, its timeline. */
export const attemptAnswerSchema = z.object({
	batch: count,
	attempt: count,
	mode: z.enum(['normal', 'retry', 'completion']),
	backend: z.string(),
	model: z.string().exactOptional(),
	startedAt: ms,
	/** Absent while it runs, and where its program died before it could tell. */
	endedAt: ms.exactOptional(),
	tookMs: ms.exactOptional(),
	exitCode: count.exactOptional(),
	/** Cut off by a crash; stopped by a person. */
	lost: z.boolean(),
	aborted: z.boolean(),
	kind: failureKindSchema.exactOptional(),
	message: z.string().exactOptional(),
	/** Rules that passed, of how many; absent until they were checked. */
	passed: count.exactOptional(),
	rules: count.exactOptional(),
	...tokens,
});
export type AttemptAnswer = z.infer<typeof attemptAnswerSchema>;

/** A fact of a run in short; the journal has all of it. */
export const eventAnswerSchema = z.object({
	seq: count,
	at: ms,
	type: z.string(),
	batch: count.exactOptional(),
	attempt: count.exactOptional(),
	kind: failureKindSchema.exactOptional(),
	message: z.string().exactOptional(),
	/** What it makes wait, until when. */
	until: ms.exactOptional(),
});
export type EventAnswer = z.infer<typeof eventAnswerSchema>;

/** Names one run: a job has one more with each `--fresh`. */
export type RunName = {job: string; startedAt: number};
