import type {Digest} from '../core/digest.js';
import {oneLine} from '../process/sanitize.js';
import {moneyWords, tokenBudgetWords, untoldWords} from './spent-words.js';
import {stateWords} from './summary-lines.js';
import {counted, durationWords, timeOfDayFrom} from './words.js';

/** Kinds of failures, and numbers in a row, that are written out; a bound, so that a digest can be read. */
const mostFailures = 20;
const mostNumbers = 12;

/** A heading and its points; text and Markdown are two ways to write them. */
type Section = {title: string; points: string[]};

/** The digest as plain lines, for terminals and mails. */
export function digestLines(digest: Digest): string[] {
	const lines = [headline(digest), spentWords(digest)];
	for (const {title, points} of sections(digest)) lines.push('', `${title}:`, ...points.map(point => `  ${point}`));
	if (digest.next.length > 0) lines.push('');
	for (const {does, command} of digest.next) lines.push(`${capital(does)}: ${command}`);
	return lines;
}

/** The digest as Markdown, for an issue, a wiki or a chat. */
export function digestMarkdown(digest: Digest): string[] {
	const lines = [`## ${escaped(headline(digest))}`, '', escaped(spentWords(digest))];
	for (const {title, points} of sections(digest))
		lines.push('', `### ${title}`, '', ...points.map(point => `- ${escaped(point)}`));
	if (digest.next.length > 0) lines.push('', '### Next', '');
	for (const {does, command} of digest.next) lines.push(`- ${capital(does)}: \`${command}\``);
	return lines;
}

/** `chapters: failed · 54/56 completed · 2 failed`. */
export function headline(digest: Digest): string {
	const {name, completed, total, skipped, held, open} = digest;
	const failed = digest.failed.reduce((sum, {batches}) => sum + batches.length, 0);
	const parts = [`${oneLine(name)}: ${oneLine(standing(digest))}`, `${completed}/${total} completed`];
	if (failed > 0) parts.push(`${failed} failed`);
	if (skipped.length > 0) parts.push(`${skipped.length} skipped`);
	if (held.length > 0) parts.push(`${held.length} held`);
	if (open > 0) parts.push(`${open} open`);
	return parts.join(' · ');
}

const standing = ({state, reason}: Digest): string =>
	state === 'interrupted'
		? 'interrupted (its program ended without saying so)'
		: stateWords({state, ...(reason !== undefined && {reason})});

/** What it took: time, attempts, tokens, money. */
function spentWords(digest: Digest): string {
	const {at, state, attempts, retries, completions, moves, waits, waitingUntil, tokensIn, tokensOut} = digest;
	const parts = [counted(attempts, 'attempt')];
	if (retries > 0) parts.push(counted(retries, 'full retry', 'full retries'));
	if (completions > 0) parts.push(counted(completions, 'completion'));
	if (waits > 0) parts.push(counted(waits, 'wait for a limit', 'waits for limits'));
	if (moves > 0) parts.push(counted(moves, 'move to another CLI', 'moves to another CLI'));
	if (tokensIn + tokensOut > 0) parts.push(`${tokensIn} tokens in, ${tokensOut} out`);
	for (const words of [tokenBudgetWords(digest), moneyWords(digest), untoldWords(digest)]) {
		if (words !== undefined) parts.push(words);
	}
	const isLive = state === 'running' || state === 'pausing';
	const until =
		waitingUntil === undefined
			? ''
			: `; ${isLive ? 'it waits' : 'a limit lasts'} until ${timeOfDayFrom(waitingUntil, at)}`;
	return `${parts.join(', ')} in ${durationWords(digest.elapsedMs)}${until}`;
}

function sections(digest: Digest): Section[] {
	const found: Section[] = [];
	const add = (title: string, points: string[]) => void (points.length > 0 && found.push({title, points}));
	const failures = digest.failed.slice(0, mostFailures).map(({message, batches}) => {
		const who =
			batches.length > 1
				? `batches ${numberWords(batches)} (${batches.length} alike)`
				: `batch ${numberWords(batches)}`;
		return `${who}: ${oneLine(message)}`;
	});
	const more = digest.failed.length - failures.length;
	add('Failed', more > 0 ? [...failures, `and ${counted(more, 'more kind', 'more kinds')} of failure`] : failures);
	const named = (title: string, batches: readonly number[]) =>
		add(title, batches.length > 0 ? [`${batches.length > 1 ? 'batches' : 'batch'} ${numberWords(batches)}`] : []);
	named('Skipped', digest.skipped);
	named('Held until you say retry', digest.held);
	named('Passed on the last try', digest.passedOnLastTry);
	named('Completed, though the CLI ended with an error', digest.endedBadly);
	// Of a handful of batches every one would be among the slowest.
	const slowest = digest.total > digest.slowest.length ? digest.slowest : [];
	add(
		'Slowest',
		slowest.map(
			({batch, tookMs, attempts}) =>
				`batch ${batch}: ${durationWords(tookMs)}${attempts > 1 ? ` in ${attempts} attempts` : ''}`,
		),
	);
	return found;
}

/** `1, 2, 5 to 9`: rows of numbers as ranges, at most so many. */
export function numberWords(numbers: readonly number[]): string {
	const ranges: [number, number][] = [];
	for (const number of numbers) {
		const last = ranges.at(-1);
		if (last && number === last[1] + 1) last[1] = number;
		else ranges.push([number, number]);
	}
	const words = ranges
		.slice(0, mostNumbers)
		.map(([first, last]) =>
			first === last ? `${first}` : last === first + 1 ? `${first}, ${last}` : `${first} to ${last}`,
		);
	const rest = ranges.slice(mostNumbers).reduce((sum, [first, last]) => sum + last - first + 1, 0);
	return rest > 0 ? `${words.join(', ')} and ${rest} more` : words.join(', ');
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A line of Markdown without its signs. */
const escaped = (text: string): string => text.replace(/[\\`*_[\]<>#|~&]/g, '\\$&');
