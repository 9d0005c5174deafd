import {allBatches} from '../core/batch-table.js';
import type {State} from '../core/digest.js';
import type {Run} from '../core/run.js';
import {type Summary, summarize} from '../core/summary.js';
import {moneyWords, tokenBudgetWords, untoldWords} from './spent-words.js';
import {counted, durationWords, timeOfDay} from './words.js';

/** Failed batches that are named one by one; a bound, so that what is printed at the end stays readable. */
const mostNamed = 10;

/** What a person reads when a run is over, at most some fifteen lines: how it stands and the next command. */
export function summaryLines(run: Run, {id, now}: {id: string; now: number}): string[] {
	const summary = summarize(run, now);
	return [
		`${run.job.name}: ${stateWords(summary)} · ${countWords(summary)}`,
		effortWords(summary),
		...failedLines(run),
		...nextLines(summary, id),
	];
}

export const stateWords = ({state, reason}: Pick<Summary, 'state' | 'reason'>): string =>
	reason && state !== 'completed' ? `${state} (${reason})` : state;

export function countWords(summary: Summary): string {
	const parts = [`${summary.completed}/${summary.total} completed`];
	for (const status of ['failed', 'skipped', 'running', 'waiting', 'held', 'pending'] as const) {
		if (summary[status] > 0) parts.push(`${summary[status]} ${status}`);
	}
	return parts.join(' · ');
}

export function effortWords(summary: Summary): string {
	const parts = [
		counted(summary.attempts, 'attempt'),
		counted(summary.retries, 'full retry', 'full retries'),
		counted(summary.completions, 'completion'),
	];
	if (summary.waits > 0) parts.push(counted(summary.waits, 'wait'));
	if (summary.moves > 0) parts.push(counted(summary.moves, 'move to another CLI', 'moves to another CLI'));
	if (summary.tokensIn + summary.tokensOut > 0) parts.push(`${summary.tokensIn} tokens in, ${summary.tokensOut} out`);
	for (const words of [tokenBudgetWords(summary), moneyWords(summary), untoldWords(summary)]) {
		if (words !== undefined) parts.push(words);
	}
	return `${parts.join(', ')} in ${durationWords(summary.elapsedMs)}`;
}

/** CLIs that a limit keeps from being started, a line each. */
export const closedLines = ({closed}: Summary): string[] =>
	closed.map(({backend, until}) => `  ${backend} is not started before ${timeOfDay(until)}: a limit of its account`);

export function failedLines(run: Run): string[] {
	const failed = [...allBatches(run)].filter(batch => batch.status === 'failed');
	const lines = failed.slice(0, mostNamed).map(batch => `  batch ${batch.number} failed: ${batch.failure.message}`);
	const more = failed.length - mostNamed;
	return more > 0 ? [...lines, `  and ${more} more`] : lines;
}

/** The commands to go on with. */
export function nextLines(summary: Omit<Summary, 'state'> & {state: State}, id: string): string[] {
	if (summary.state === 'completed') return [];
	if (summary.notChosen > 0 && summary.notChosen === summary.left) {
		return [`${counted(summary.notChosen, 'batch', 'batches')} not chosen this time. All of them: mozart run ${id}`];
	}
	if (summary.state === 'failed') return [`Look: mozart logs ${id} BATCH    Again: mozart run ${id}`];
	const again = summary.held > 0 && summary.held === summary.left - summary.failed;
	if (again) return [`Queue what is held again: mozart retry ${id}    Then: mozart resume ${id}`];
	return summary.left > 0 ? [`Go on: mozart resume ${id}`] : [];
}
