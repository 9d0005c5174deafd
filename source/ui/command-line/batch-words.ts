import {allBatches, batchAt} from '../../core/batch-table.js';
import {answer, type Command} from '../../core/command.js';
import type {BatchStatus, Run} from '../../core/run.js';
import {counted} from '../../headless/words.js';
import type {Outcome} from './outcome.js';

export type BatchCommand = 'retry' | 'skip' | 'hold' | 'end-wait';

/** Numbers that are offered at most: nobody reads more. */
const mostOffered = 100;

/** What was done to several batches at once. */
const doneWords: Record<BatchCommand, string> = {
	retry: 'queued again',
	skip: 'skipped',
	hold: 'held until retried',
	'end-wait': 'wait no more',
};

/** Numbers of batches in one of these states, as words to choose from. */
export function numbersIn(run: Run, ...statuses: readonly BatchStatus[]): string[] {
	const found: string[] = [];
	for (const {number, status} of allBatches(run)) {
		if (statuses.includes(status) && found.push(String(number)) === mostOffered) break;
	}
	return found;
}

/** `4`, `3-7`, `1,3-5` or `1 3-5` as batch numbers of this run, or what is wrong with them. */
export function batchNumbers(word: string, {total}: Run): number[] | string {
	const numbers = new Set<number>();
	for (const part of word.split(/[\s,]+/)) {
		const [, from, to = from] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? [];
		const [first, last] = [Number(from), Number(to)];
		if (Number.isNaN(first)) return `“${word}” is no batch: write a number, or a range such as 3-7`;
		if (first > last) return `${part} runs backwards: write ${last}-${first}`;
		const beyond = first < 1 ? first : last;
		if (first < 1 || last > total) return `there is no batch ${beyond}: the job has ${total}`;
		for (let number = first; number <= last; number++) numbers.add(number);
	}
	return [...numbers];
}

/**
 * One batch is asked about as its key asks; of several those that can be are taken, and what would end an attempt, or
 * run finished work again, is asked about once.
 */
export function forBatches(type: BatchCommand, numbers: readonly number[], run: Run): Outcome {
	const commands = numbers.map(batch => commandFor(type, batch, run));
	const [first] = commands;
	if (!first) return {type: 'say', message: 'there is no such batch'};
	const possible = commands.filter(command => 'facts' in answer(run, command));
	if (possible.length === 0) return {type: 'send', commands: [first]};
	const risky = possible.filter(({batch}) => isRisky(type, batch, run));
	const whole = counted(possible.length, 'batch', 'batches');
	if (risky.length === 0) {
		const message = numbers.length > 1 ? {message: `${whole}: ${doneWords[type]}`} : {};
		return {type: 'send', commands: possible, ...message};
	}
	if (numbers.length === 1) return askAboutOne(type, first.batch, run);
	const some = risky.length === possible.length ? 'All' : `${risky.length} of them`;
	const question = {
		retry: `${some} completed already. Run ${whole} again?`,
		skip: `${some} running: end those attempts. Skip ${whole}?`,
		hold: `${some} running: end those attempts. Hold ${whole}?`,
		'end-wait': '',
	}[type];
	return {type: 'ask', question: {about: 'several', text: question, commands: possible}};
}

const isRisky = (type: BatchCommand, number: number, run: Run) =>
	batchAt(run, number).status === (type === 'retry' ? 'completed' : 'running');

/** A command that can end an attempt names the one that was seen. */
function commandFor(type: BatchCommand, batch: number, run: Run): Command & {batch: number} {
	const {status, attempt} = batchAt(run, batch);
	return (type === 'skip' || type === 'hold') && status === 'running' ? {type, batch, attempt} : {type, batch};
}

function askAboutOne(type: BatchCommand, batch: number, run: Run): Outcome {
	if (type === 'skip' || type === 'hold')
		return {type: 'ask', question: {about: type, batch, attempt: batchAt(run, batch).attempt}};
	return {type: 'ask', question: {about: 'retry', batch}};
}
