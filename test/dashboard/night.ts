import {type Job, jobSchema} from '../../source/config/schema.js';
import type {HistoryAnswers} from '../../source/dashboard/jobs.js';
import type {Engine} from '../../source/engine/engine.js';
import {World} from '../support/world.js';
import type {Hall} from './hall.js';

/** A job as somebody may have it: items with names, three rules, retries and completions. */
export const nightJob = ({
	batches,
	concurrency,
	name = 'commit-review',
}: {
	batches: number;
	concurrency: number;
	name?: string;
}): Job =>
	jobSchema.parse({
		name,
		backend: {type: 'command', command: ['true']},
		batch: {size: 4, total_items: batches * 4},
		prompt: {template: 'do it'},
		retry: {jitter: false, max_retries: 2, max_completion_attempts: 2},
		validations: [
			{type: 'file_exists', path: 'reports/batch-{batch_num}.md', description: 'The report is there'},
			{
				type: 'content_contains',
				path: 'reports/batch-{batch_num}.md',
				pattern: '## Findings',
				description: 'The report has findings',
			},
			{type: 'file_modified', path: 'TRACKER.md', description: 'The tracker was brought up to date'},
		],
		on_batch_failure: 'continue',
		parallel: {max_concurrent: concurrency},
	});

/** Plays a run up to a point: every batch before `until` is over, some with a completion, some failed. */
export async function playNight(
	hall: Hall,
	id: string,
	job: Job,
	{until, now}: {until: number; now: number},
): Promise<{world: World; engine: Engine}> {
	const world = new World(job);
	world.time = now - 4 * 3_600_000;
	const engine = world.open();
	hall.show(id, engine, world);
	await world.settle();
	const usage = (factor: number) => ({
		...{inputTokens: 1200 * factor, outputTokens: 800 * factor, cacheReadTokens: 9000, cacheWriteTokens: 300},
		costUsd: 0.02 * factor,
	});
	for (let step = 0; step < 100_000; step++) {
		const attempt = world.attempts.find(({task}) => task.batch.number < until);
		if (world.checks.length > 0) {
			const [check] = world.checks;
			const {batch, attempt: number} = check!.task;
			const passed = batch.number % 17 === 5 ? 1 : batch.number % 6 === 2 && number === 1 ? 2 : 3;
			check!.answer(passed);
			await world.settle();
			continue;
		}
		if (!attempt) {
			const waiting = world.nextTimer;
			if (
				waiting !== undefined &&
				world.attempts.length < job.parallel.max_concurrent &&
				engine.getSnapshot().cursor < until
			) {
				world.tick();
				await world.settle();
				continue;
			}
			break;
		}
		const took = 40_000 + ((attempt.task.batch.number * 7919) % 70) * 1000;
		world.time = Math.max(
			world.time + 3000,
			Math.min(
				now - 60_000,
				attempt.task.batch.status === 'running' ? attempt.task.batch.startedAt + took : world.time + took,
			),
		);
		attempt.end({durationMs: took, usage: usage(1 + (attempt.task.batch.number % 5))});
		await world.settle();
	}
	world.time = now;
	return {world, engine};
}

/** What a history tells; every text of it is this one. */
export function historyOf(text: string, now: number): HistoryAnswers {
	const used = {attempts: 12, tokensIn: 900_000, tokensOut: 90_000, costUsd: 1.2, untold: 0, attemptsMs: 9e6};
	const counts = {total: 9, completed: 8, failed: 1, skipped: 0, held: 0, retries: 1, completions: 2, waits: 0};
	const days = Array.from({length: 20}, (_, index) => new Date(now - index * 86_400_000).toISOString().slice(0, 10));
	return {
		runs: [
			{
				...{job: 'night-1', name: text, file: text, workspace: text, backend: text, state: 'failed'},
				...{startedAt: now - 9e6, lastAt: now, ...counts, ...used},
			},
		],
		costs: days.map((day, index) => ({...used, day, costUsd: 1 + ((index * 7) % 5)})),
		rules: [
			{
				...{job: 'night-1', name: text, type: 'file_exists', rule: text, judged: 8, passed: 6},
				...{judgedFirst: 4, passedFirst: 1, lastFailure: text},
			},
		],
		slowest: [
			{
				...{job: 'night-1', name: text, startedAt: now, batch: 3, first: 1, last: 4, status: 'completed'},
				...{attempts: 2, retries: 0, completions: 1, tookMs: 9000, tokensIn: 1, tokensOut: 1},
			},
		],
		retries: [
			{
				...{kind: 'rate_limit', retries: 0, completions: 0, waits: 2, moves: 0, failed: 1},
				...{batches: 2, waitMs: 9e5, lastMessage: text},
			},
		],
	};
}
