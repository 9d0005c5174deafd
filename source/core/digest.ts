import * as z from 'zod';
import {fingerprintOf} from './alike.js';
import {allBatches} from './batch-table.js';
import {failureKindSchema} from './failure.js';
import type {Batch, Run} from './run.js';
import {passedOnLastTry, summarize, untilLastFact} from './summary.js';

/** How a job stands, in one word; `interrupted`: its program has ended without saying so. */
export const stateSchema = z.enum([
	...['running', 'pausing', 'paused', 'stopping', 'completed', 'failed', 'cancelled'],
	'interrupted',
] as const);
export type State = z.infer<typeof stateSchema>;

const numbers = z.array(z.number());

/** What a person wants to know in the morning. Durations in ms, batches by their numbers. */
export const digestSchema = z.object({
	id: z.string(),
	name: z.string(),
	/** When this was so (ms since the epoch). */
	at: z.number(),
	state: stateSchema,
	reason: z.string().optional(),
	total: z.number(),
	completed: z.number(),
	/** Failures that are the same but for numbers; the first one’s words, the most frequent first. */
	failed: z.array(z.object({kind: failureKindSchema, message: z.string(), batches: numbers})),
	skipped: numbers,
	held: numbers,
	/** Batches that are under way, wait or have not been begun. */
	open: z.number(),
	/** Completed, and would have failed had it gone wrong once more. */
	passedOnLastTry: numbers,
	/** Completed though the CLI ended with an error. */
	endedBadly: numbers,
	attempts: z.number(),
	retries: z.number(),
	completions: z.number(),
	/** Moves of batches to another CLI. */
	moves: z.number(),
	/** Waits for limits, and until when the limit lasts that holds everything up (ms since the epoch). */
	waits: z.number(),
	waitingUntil: z.number().optional(),
	/** Cached ones too; US dollars where the CLI tells them. */
	tokensIn: z.number(),
	tokensOut: z.number(),
	costUsd: z.number().exactOptional(),
	/** Attempts whose cost is in no figure. */
	untold: z.number(),
	/** Attempts whose tokens are in no figure. */
	untoldTokens: z.number(),
	budget: z
		.object({
			per: z.enum(['job', 'batch']),
			maxCostUsd: z.number().exactOptional(),
			maxTokens: z.number().exactOptional(),
			isNear: z.boolean(),
			isSpent: z.boolean(),
		})
		.exactOptional(),
	elapsedMs: z.number(),
	attemptsMs: z.number(),
	/** The batches that took longest, in all their attempts. */
	slowest: z.array(z.object({batch: z.number(), tookMs: z.number(), attempts: z.number()})),
	/** What to type next, with what it does; none when everything is done. */
	next: z.array(z.object({does: z.string(), command: z.string()})),
});
export type Digest = z.infer<typeof digestSchema>;

/** Batches that are named as the slowest. */
const mostSlowest = 5;

/** Looks at every batch once: for an end or a question, not for every fact. */
export function digestOf(run: Run, {id, now, state: known}: {id: string; now: number; state?: State}): Digest {
	const summary = summarize(run, now);
	const state = known ?? summary.state;
	const failed = new Map<string, Digest['failed'][number]>();
	const found: Record<'skipped' | 'held' | 'passedOnLastTry' | 'endedBadly', number[]> = {
		...{skipped: [], held: [], passedOnLastTry: [], endedBadly: []},
	};
	const slowest: Batch[] = [];
	for (const batch of allBatches(run)) {
		const {number} = batch;
		if (batch.status === 'skipped' || batch.status === 'held') found[batch.status].push(number);
		if (passedOnLastTry(run, batch)) found.passedOnLastTry.push(number);
		if (batch.status === 'completed' && batch.exitCode) found.endedBadly.push(number);
		if (batch.status === 'failed') {
			const {kind, message} = batch.failure;
			const fingerprint = fingerprintOf(batch.failure);
			const alike = failed.get(fingerprint);
			if (alike) alike.batches.push(number);
			else failed.set(fingerprint, {kind, message, batches: [number]});
		}
		if (batch.tookMs > (slowest.at(-1)?.tookMs ?? 0) || (batch.tookMs > 0 && slowest.length < mostSlowest)) {
			slowest.push(batch);
			slowest.sort((a, b) => b.tookMs - a.tookMs);
			slowest.length = Math.min(slowest.length, mostSlowest);
		}
	}
	const alike = [...failed.values()].sort((a, b) => b.batches.length - a.batches.length);
	return {
		...{id, name: run.job.name, at: now, state},
		...(state !== 'completed' && summary.reason !== undefined && {reason: summary.reason}),
		...{total: run.total, completed: summary.completed, failed: alike, ...found},
		open: summary.left - summary.failed - summary.held,
		...{attempts: summary.attempts, retries: summary.retries, completions: summary.completions},
		...{moves: summary.moves, waits: summary.waits},
		...(summary.limit && {waitingUntil: summary.limit.until}),
		...{tokensIn: summary.tokensIn, tokensOut: summary.tokensOut},
		...(summary.costUsd !== undefined && {costUsd: summary.costUsd}),
		untold: summary.untold,
		untoldTokens: summary.untoldTokens,
		...(summary.budget && {budget: summary.budget}),
		elapsedMs: Math.round(state === 'interrupted' ? untilLastFact(run) : summary.elapsedMs),
		...{attemptsMs: Math.round(summary.attemptsMs)},
		slowest: slowest.map(({number, tookMs, attempt}) => ({
			batch: number,
			tookMs: Math.round(tookMs),
			attempts: attempt,
		})),
		next: nextCommands({id, state, left: summary.left, notChosen: summary.notChosen, failed: alike, held: found.held}),
	};
}

function nextCommands({
	id,
	state,
	left,
	notChosen,
	failed,
	held,
}: Pick<Digest, 'id' | 'state' | 'failed' | 'held'> & {left: number; notChosen: number}): Digest['next'] {
	const [first] = failed[0]?.batches ?? [];
	const failedCount = failed.reduce((sum, {batches}) => sum + batches.length, 0);
	const look = first === undefined ? [] : [{does: 'look into it', command: `mozart logs ${id} ${first}`}];
	// Held batches alone keep a run standing, however often it is resumed.
	const again =
		held.length > 0 && held.length === left - failedCount
			? [{does: 'queue what is held again', command: `mozart retry ${id}`}]
			: [];
	switch (state) {
		case 'running':
		case 'pausing':
		case 'stopping':
			return [{does: 'watch it', command: `mozart attach ${id}`}, ...look];
		case 'failed':
			return [...look, {does: 'run the failed ones again', command: `mozart run ${id}`}];
		case 'paused':
		case 'cancelled':
		case 'interrupted':
			if (left === 0) return [];
			if (notChosen === left) return [{does: 'run the batches that were not chosen', command: `mozart run ${id}`}];
			return [...look, ...again, {does: 'go on', command: `mozart resume ${id}`}];
		case 'completed':
			return [];
	}
}
