import type {Batch, Run} from '../core/run.js';
import {oneLine} from '../process/sanitize.js';
import {liveClock} from './live-clock.js';
import {ruleName} from './rule-name.js';
import {clockWords, doneWords} from './words.js';

type Waiting = Extract<Batch, {status: 'waiting'}>;

const waitedFor = {normal: 'next attempt', retry: 'full retry', completion: 'completion'} as const;

/** What a batch does or waits for, as its pane says it. */
export function stageWords(batch: Batch, now: number): string {
	switch (batch.status) {
		case 'running':
			return batch.outcome ? 'checking its rules' : `running ${liveClock(now - batch.startedAt)}`;
		case 'waiting':
			return `${waitedFor[batch.next]} ${waitWords(batch, now)}`;
		case 'completed':
			return `completed in ${clockWords(batch.tookMs)}`;
		case 'rechecking':
			return 'checking its rules';
		case 'pending':
			return batch.attempt > 0 ? 'pending, queued again' : 'pending';
		case 'failed':
			return `failed: ${kindWords(batch.failure.kind)}`;
		default:
			return batch.status;
	}
}

/** Steps of the clocks in a list, ms: what stands right of the list is written again with each of them. */
const listStepMs = 5000;
const stepped = (ms: number) => Math.floor(ms / listStepMs) * listStepMs;

/** The same beside the glyph of a list, as short as can be; its clocks move in steps, those of the panes tell the second. */
export function shortStage(batch: Batch, now: number): string {
	switch (batch.status) {
		case 'running':
			return batch.outcome ? 'rules' : liveClock(stepped(now - batch.startedAt));
		case 'waiting':
			return waitWords(batch, batch.until - now > 60_000 ? batch.until - stepped(batch.until - now) : now);
		case 'completed':
			return clockWords(batch.tookMs);
		case 'rechecking':
			return 'rules';
		case 'pending':
			return batch.attempt > 0 ? 'again' : '';
		case 'failed':
			return kindWords(batch.failure.kind);
		default:
			return batch.status;
	}
}

/** A wait that is over may still last: a pause, a limit of the account, or no free slot. */
const waitWords = ({until}: Waiting, now: number) => (until > now ? `in ${liveClock(until - now)}` : 'is due');

const kindWords = (kind: string) => kind.replaceAll('_', ' ');

/** `#2`, `C 1/3`, `R 0/3`: the attempt, then completions, retries, which fallback, and waits as far as there are any. */
export function counters(batch: Batch, {job}: Run): string[] {
	if (batch.attempt === 0) return [];
	const parts = [`#${batch.attempt}`];
	if (batch.completions > 0) parts.push(`C ${batch.completions}/${job.retry.max_completion_attempts}`);
	if (batch.retries > 0) parts.push(`R ${batch.retries}/${job.retry.max_retries}`);
	if (batch.backend) parts.push(`F ${batch.backend}/${job.backend.fallbacks?.length ?? 0}`);
	if (batch.waits > 0) parts.push(`W ${batch.waits}/${job.rate_limit.max_waits}`);
	return parts;
}

/** `21-30`; nothing where batch and item have the same number. */
export function itemWords({number, first, last}: Batch): string {
	if (first !== last) return `${first}-${last}`;
	return first === number ? '' : String(first);
}

/** What is known of a batch beside its output: why it failed, and its rules one by one. */
export function reportLines(batch: Batch, run: Run): string[] {
	const lines: string[] = [];
	if (batch.status === 'failed') lines.push(oneLine(batch.failure.message));
	if (batch.status === 'completed') {
		const rules = run.job.validations.length;
		lines.push(doneWords(batch, rules));
		if (rules > 0 && batch.exitCode) lines.push(`its exit code was ${batch.exitCode}`);
	}
	for (const verdict of batch.verdicts ?? []) {
		lines.push(`${verdict.passed ? '✓' : '✗'} ${ruleName(verdict, run, batch)}`);
		if (!verdict.passed) lines.push(`  ${oneLine(verdict.message)}`);
	}
	return lines;
}
