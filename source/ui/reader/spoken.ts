import type {Event} from '../../core/event.js';
import type {Batch, Run} from '../../core/run.js';
import type {Summary} from '../../core/summary.js';
import {itemWords, reportLines, stageWords} from '../../headless/batch-text.js';
import {moneyWords, tokenBudgetWords} from '../../headless/spent-words.js';
import {counted, durationWords} from '../../headless/words.js';
import {oneLine} from '../../process/sanitize.js';
import {specsFor} from '../command-line/commands.js';
import {keysFor} from '../keymap.js';
import {choicesOf} from '../questions.js';
import type {ChangeScreen, Question} from '../view-state.js';

/** What a voice says of signs that are made to be seen; it would leave them out or spell them. */
const words: readonly [RegExp, string][] = [
	[/✓ ?/g, 'passed: '],
	[/✗ ?/g, 'failed: '],
	[/▲ ?/g, 'passes now: '],
	[/▼ ?/g, 'fails now: '],
	[/ → /g, ' to '],
	[/ · /g, ', '],
	[/(\d)–(\d)/g, '$1 to $2'],
];

/** A line of the other faces as one that can be listened to. */
export const spoken = (text: string): string =>
	words.reduce((said, [sign, word]) => said.replace(sign, word), oneLine(text));

/** What an event says, without the time: who listens knows when it is. `said` are its words on the other faces. */
export function eventSpoken(event: Event, said: readonly string[]): string[] {
	const who = 'batch' in event ? `batch ${event.batch}: ` : '';
	return said.map(text => spoken(who + oneLine(text)));
}

/** How the run stands, in sentences. */
export function stateSpoken(run: Run, summary: Summary, now: number): string[] {
	const {state, reason, total, completed, limit} = summary;
	const parts = [`${completed} of ${total} completed`];
	for (const status of ['failed', 'skipped', 'running', 'waiting', 'held'] as const)
		if (summary[status] > 0) parts.push(`${summary[status]} ${status}`);
	const effort = [durationWords(summary.elapsedMs)];
	if (summary.retries > 0) effort.push(counted(summary.retries, 'full retry', 'full retries'));
	if (summary.completions > 0) effort.push(counted(summary.completions, 'completion'));
	for (const words of [tokenBudgetWords(summary), moneyWords(summary)]) if (words !== undefined) effort.push(words);
	return [
		`${oneLine(run.job.name)} is ${state}${reason ? `: ${oneLine(reason)}` : ''}. ${parts.join(', ')}.`,
		`Up to ${run.concurrency} at once. So far ${effort.join(', ')}.`,
		...(limit ? [`It waits ${durationWords(limit.until - now)} more: ${oneLine(limit.message)}`] : []),
	];
}

/** The batch that the next key is meant for. */
export function batchSpoken(batch: Batch, run: Run, now: number): string {
	const {max_completion_attempts, max_retries} = run.job.retry;
	const items = itemWords(batch);
	const parts = [stageWords(batch, now)];
	if (batch.attempt > 0) parts.push(`attempt ${batch.attempt}`);
	if (batch.completions > 0) parts.push(`completion ${batch.completions} of ${max_completion_attempts}`);
	if (batch.retries > 0) parts.push(`retry ${batch.retries} of ${max_retries}`);
	if (items !== '') parts.push(`items ${items.replace('-', ' to ')}`);
	return `Batch ${batch.number} of ${run.total}: ${parts.join(', ')}`;
}

/** Lines of an answer at most; what is longer is said to be. */
const mostLines = 30;

/** What a batch has printed last, and what came of it. */
export function outputSpoken(batch: Batch, run: Run, lines: readonly string[]): string[] {
	const report = batch.status === 'running' ? [] : reportLines(batch, run).map(spoken);
	const shown = lines.slice(-mostLines);
	const head =
		shown.length === 0
			? `Batch ${batch.number} has printed nothing that is known here.`
			: `Batch ${batch.number}, ${shown.length < lines.length ? `the last ${shown.length} lines` : 'all'} it has printed:`;
	return [head, ...shown, ...report];
}

/** A tab of a batch, from its beginning. */
export function tabSpoken(title: string, lines: readonly string[]): string[] {
	const more = lines.length - mostLines;
	return [title, ...lines.slice(0, mostLines).map(spoken), ...(more > 0 ? [`and ${counted(more, 'more line')}`] : [])];
}

export function questionSpoken(question: Question): string {
	const {text, choices} = choicesOf(question);
	return [text, ...choices.map(({key, text}) => `${key}: ${text}.`), 'Any other key: no.'].join(' ');
}

/** What another job would mean, and how it is taken. */
export const changeSpoken = ({lines, hash}: ChangeScreen): string[] => [
	...lines.map(({text}) => spoken(text)).filter(text => text !== ''),
	hash === undefined ? 'n: back.' : 'y: take it. n: leave all as it is.',
];

export const helpSpoken = (isWatching = false): string[] => [
	...keysFor(isWatching).map(({keys, help}) => `${keys.map(keySpoken).join(' or ')}: ${spoken(help)}`),
	...specsFor(isWatching).map(
		({name, words, help}) => `colon ${[name, words].filter(Boolean).join(' ')}: ${spoken(help)}`,
	),
	'Here the screen is read to you: escape says how the run stands, return reads the output, 2 to 5 read about the batch.',
];

function keySpoken(key: string): string {
	if (key.startsWith('^') && key.length > 1) return `control ${key.slice(1)}`;
	if (key === '?') return 'question mark';
	if (key === '/') return 'slash';
	if (key === ':') return 'colon';
	if (key === '[') return 'left bracket';
	if (key === ']') return 'right bracket';
	if (key === '+') return 'plus';
	if (key === '-') return 'minus';
	return /^[A-Z]$/.test(key) ? `capital ${key}` : key;
}
