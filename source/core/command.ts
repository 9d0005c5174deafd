import * as z from 'zod';
import {batchAt} from './batch-table.js';
import {limitsOf} from './cli-limits.js';
import type {Fact} from './event.js';
import {count} from './plan.js';
import type {Run} from './run.js';

const batch = z.number();
const attempt = z.number().exactOptional();
const mode = z.enum(['drain', 'now']);

/**
 * What a face may ask for. A command that ends an attempt names it (`attempt`), so that a screen that is behind cannot
 * hit the next one.
 */
export const commandSchema = z.discriminatedUnion('type', [
	z.object({type: z.literal('pause'), mode}),
	z.object({type: z.literal('resume')}),
	z.object({type: z.literal('stop'), mode, cancel: z.boolean().exactOptional()}),
	z.object({type: z.literal('retry'), batch}),
	z.object({type: z.literal('skip'), batch, attempt}),
	z.object({type: z.literal('hold'), batch, attempt}),
	z.object({type: z.literal('recheck'), batch}),
	z.object({type: z.literal('end-wait'), batch}),
	z.object({type: z.literal('set-concurrency'), concurrency: z.number()}),
	/** Goes on with the job file as it is now: `hash` says which job was looked at (`read-job.ts`). */
	z.object({type: z.literal('change-job'), hash: z.string()}),
]);
export type Command = z.infer<typeof commandSchema>;

/** Why a run is paused that a person has paused. */
export const pausedByYou = 'paused by you';

export type Answer = {facts: Fact[]} | {refused: string};

const refused = (reason: string): Answer => ({refused: reason});
const facts = (...facts: Fact[]): Answer => ({facts});

/** The facts that a command leads to, or the reason to show why it is refused. Pure. */
export function answer(run: Run, command: Command): Answer {
	if (run.phase === 'ended') return answerAfterEnd(run, command);
	if (run.phase === 'stopping' && command.type !== 'stop') return refused('the run is about to end');
	switch (command.type) {
		case 'pause':
			if (run.phase === 'paused' && (run.stop === 'now' || command.mode === 'drain')) return refused('already paused');
			return facts({type: 'paused', mode: command.mode, reason: pausedByYou});
		case 'resume':
			return run.phase === 'paused' ? facts({type: 'resumed'}) : refused('not paused');
		case 'stop': {
			if (run.phase === 'stopping' && (run.stop === 'now' || command.mode === 'drain')) {
				return refused('already about to end');
			}
			return facts({type: 'stopping', mode: command.mode, result: command.cancel ? 'cancelled' : 'paused'});
		}
		case 'set-concurrency':
			if (!Number.isInteger(command.concurrency) || command.concurrency < 1) {
				return refused('at least one batch must be allowed at once');
			}
			return facts({type: 'concurrency-set', concurrency: command.concurrency});
		case 'change-job':
			return refused('the job file cannot be read from here');
		default:
			return answerForBatch(run, command);
	}
}

/** A run that is over is taken up again by queueing a batch, or by going on with what it has left. */
function answerAfterEnd(run: Run, command: Command): Answer {
	const reopened: Fact = {type: 'run-reopened', ...(run.selection && {selection: run.selection})};
	if (command.type === 'resume') {
		return run.cursor <= run.total || count(run, 'waiting') > 0 ? facts(reopened) : refused('nothing is left to do');
	}
	if (command.type !== 'retry') return refused('the run is over');
	const reply = answerForBatch(run, command);
	return 'refused' in reply ? reply : facts(reopened, ...reply.facts);
}

function answerForBatch(run: Run, command: Extract<Command, {batch: number}>): Answer {
	const {batch: number} = command;
	if (!Number.isInteger(number) || number < 1 || number > run.total) {
		return refused(`there is no batch ${number}: the job has ${run.total}`);
	}
	const batch = batchAt(run, number);
	const attempt = 'attempt' in command ? command.attempt : undefined;
	if (attempt !== undefined && attempt !== batch.attempt) {
		return refused(`batch ${number} is at attempt ${batch.attempt} by now, not ${attempt}`);
	}
	const is = `batch ${number} is ${batch.status}`;
	switch (command.type) {
		case 'retry':
			if (batch.status === 'held') return facts({type: 'batch-released', batch: number});
			if (batch.status === 'waiting') return facts({type: 'wait-ended', batch: number});
			if (batch.status === 'running') return refused(`${is}; stop its attempt first`);
			if (batch.status === 'stopping' || batch.status === 'rechecking') return refused(`${is}; wait a moment`);
			return batch.status === 'pending'
				? refused(`${is}; it will run by itself`)
				: facts({type: 'batch-requeued', batch: number});
		case 'skip':
			if (batch.status === 'completed' || batch.status === 'skipped') return refused(`${is} already`);
			if (batch.status === 'rechecking') return refused(`${is}; wait a moment`);
			if (batch.status === 'running' || batch.status === 'stopping') return stopAttempt(run, number, 'skipped');
			return facts({type: 'batch-skipped', batch: number});
		case 'hold':
			if (batch.status === 'running' || batch.status === 'stopping') return stopAttempt(run, number, 'held');
			if (batch.status === 'pending' || batch.status === 'waiting') return facts({type: 'batch-held', batch: number});
			return refused(`${is}; there is nothing to stop`);
		case 'recheck':
			if (run.job.validations.length === 0) return refused('the job has no rules to check');
			if (batch.status === 'pending' || batch.status === 'held' || batch.status === 'failed') {
				return facts({type: 'recheck-started', batch: number});
			}
			return refused(is);
		case 'end-wait':
			if (batch.status === 'waiting') return facts({type: 'wait-ended', batch: number});
			return limitsOf(run).length > 0 ? facts({type: 'limit-ended'}) : refused(`${is}; there is no wait to end`);
	}
}

function stopAttempt(run: Run, number: number, into: 'held' | 'skipped'): Answer {
	const batch = batchAt(run, number);
	if (batch.status === 'running' && batch.outcome) {
		return refused(`the attempt of batch ${number} is over; its rules are being checked`);
	}
	return facts({type: 'attempt-stopping', batch: number, attempt: batch.attempt, into});
}
