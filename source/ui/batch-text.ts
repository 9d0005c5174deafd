import type {Batch, Run} from '../core/run.js';
import {clockWords} from '../headless/words.js';

/** What a batch is about to do or waits for, in a few words. */
export function stageWords(batch: Batch, now: number): string {
	switch (batch.status) {
		case 'running':
			return batch.outcome ? 'checking rules' : clockWords(now - batch.startedAt);
		case 'waiting':
			return `${batch.next} in ${clockWords(batch.until - now)}`;
		case 'completed':
			return clockWords(batch.tookMs);
		case 'rechecking':
			return 'checking rules';
		case 'pending':
			return batch.attempt > 0 ? 'queued again' : '';
		default:
			return batch.status;
	}
}

/** `#2 C1/3 R0/3`: attempt, completions and retries of their budgets; empty before the first attempt. */
export function counterWords(batch: Batch, {job}: Run): string {
	if (batch.attempt === 0) return '';
	const {max_completion_attempts: completions, max_retries: retries} = job.retry;
	const counters = [`#${batch.attempt}`];
	if (batch.completions > 0) counters.push(`C ${batch.completions}/${completions}`);
	if (batch.retries > 0) counters.push(`R ${batch.retries}/${retries}`);
	if (batch.waits > 0) counters.push(`W ${batch.waits}`);
	return counters.join(' ');
}

export const itemWords = ({first, last}: Batch): string => (first === last ? String(first) : `${first}–${last}`);

/** What there is to read of a batch without output: why it failed, and its rules one by one. */
export function reportLines(batch: Batch, run: Run): string[] {
	const lines: string[] = [];
	if (batch.status === 'failed') lines.push(batch.failure.message);
	if (batch.status === 'completed') {
		const rules = run.job.validations.length;
		lines.push(rules > 0 ? `${batch.passed} of ${rules} rules pass` : 'exit code 0');
		if (batch.exitCode) lines.push(`its exit code was ${batch.exitCode}`);
	}
	for (const verdict of batch.verdicts ?? []) {
		lines.push(`${verdict.passed ? '✓' : '✗'} ${verdict.description ?? verdict.type}`);
		if (!verdict.passed) lines.push(`  ${verdict.message}`);
	}
	return lines;
}
