import {closest} from '../../config/closest.js';
import {allBatches} from '../../core/batch-table.js';
import type {Run} from '../../core/run.js';
import type {Intent} from '../keymap.js';
import {tabs} from '../view-state.js';
import {type BatchCommand, batchNumbers, forBatches, numbersIn} from './batch-words.js';
import type {Outcome} from './outcome.js';

/** A command of the `:` line. */
export type Spec = {
	name: string;
	/** What follows the name, as the help writes it: `N|N-M`, `[now]`. */
	words: string;
	help: string;
	/** It would change the run, which not every screen may. */
	steers?: true;
	/** What it does on a screen that only watches, where that is something else. */
	watching?: string;
	/** What its word can be; nothing is offered without. */
	offers?(run: Run): readonly string[];
	/** `word` is what follows the name, empty when nothing does. */
	read(word: string, run: Run): Outcome;
};

const say = (message: string): Outcome => ({type: 'say', message});
const key = (intent: Intent): Outcome => ({type: 'key', intent});
const alone =
	(outcome: Outcome) =>
	(word: string): Outcome =>
		word === '' ? outcome : say(`nothing can follow it: “${word}” is too much`);

const onBatches =
	(type: BatchCommand, name: string) =>
	(word: string, run: Run): Outcome => {
		if (word === '') return say(`which batch? ${name} N, or a range: ${name} N-M`);
		const numbers = batchNumbers(word, run);
		return typeof numbers === 'string' ? say(numbers) : forBatches(type, numbers, run);
	};

function readRetry(word: string, run: Run): Outcome {
	if (word !== 'failed') return onBatches('retry', 'retry')(word, run);
	const failed = [...allBatches(run)].filter(({status}) => status === 'failed').map(({number}) => number);
	return failed.length === 0 ? say('no batch has failed') : forBatches('retry', failed, run);
}

function readNumber(word: string, run: Run, then: (number: number) => Outcome, usage: string): Outcome {
	const numbers = /^\d+$/.test(word) ? batchNumbers(word, run) : usage;
	return typeof numbers === 'string' ? say(numbers) : then(numbers[0] ?? 1);
}

function readTab(word: string): Outcome {
	const tab = tabs.find((name, index) => (word !== '' && name.startsWith(word)) || word === String(index + 1));
	return tab ? {type: 'tab', tab} : say(`there is no tab “${word}”: ${tabs.join(', ')}`);
}

const nowOr =
	(plain: Outcome, now: Outcome, name: string) =>
	(word: string): Outcome => {
		if (word === '') return plain;
		return word === 'now' ? now : say(`write ${name}, or ${name} now`);
	};

/** The one list of commands: what the line obeys, completes, and the help shows. */
export const specs: readonly Spec[] = [
	{
		name: 'pause',
		words: '[now]',
		steers: true,
		help: 'pause when what runs is done; now: end it',
		offers: () => ['now'],
		read: nowOr({type: 'send', commands: [{type: 'pause', mode: 'drain'}]}, key('pause-now'), 'pause'),
	},
	{
		name: 'resume',
		words: '',
		steers: true,
		help: 'go on',
		read: alone({type: 'send', commands: [{type: 'resume'}]}),
	},
	{
		name: 'retry',
		words: 'N|N-M|failed',
		steers: true,
		help: 'queue batches again; go on with held ones',
		offers: run => [...(numbersIn(run, 'failed').length > 1 ? ['failed'] : []), ...numbersIn(run, 'failed', 'held')],
		read: readRetry,
	},
	{
		name: 'skip',
		words: 'N|N-M',
		steers: true,
		help: 'do without batches',
		offers: run => numbersIn(run, 'failed', 'held', 'waiting', 'running'),
		read: onBatches('skip', 'skip'),
	},
	{
		name: 'stop',
		words: 'N|N-M',
		steers: true,
		help: 'end attempts and hold their batches',
		offers: run => numbersIn(run, 'running', 'waiting'),
		read: onBatches('hold', 'stop'),
	},
	{
		name: 'end-wait',
		words: 'N|N-M',
		steers: true,
		help: 'end waits now',
		offers: run => numbersIn(run, 'waiting'),
		read: onBatches('end-wait', 'end-wait'),
	},
	{
		name: 'concurrency',
		words: 'N',
		steers: true,
		help: 'so many batches at once',
		read: word =>
			/^\d{1,6}$/.test(word)
				? {type: 'send', commands: [{type: 'set-concurrency', concurrency: Number(word)}]}
				: say('how many at once? concurrency N'),
	},
	{
		name: 'goto',
		words: 'N',
		help: 'select a batch; its number alone does too',
		offers: run => numbersIn(run, 'running', 'failed', 'held', 'waiting'),
		read: (word, run) => readNumber(word, run, batch => ({type: 'go', batch}), 'which batch? goto N'),
	},
	{name: 'tab', words: 'NAME', help: 'another tab of the batch', offers: () => tabs, read: readTab},
	{name: 'filter', words: 'WORDS', help: 'list what fits, as /', read: text => ({type: 'filter', text})},
	{name: 'edit', words: '', steers: true, help: 'edit the job file while paused', read: alone(key('edit'))},
	{name: 'detach', words: '', help: 'leave the screen; the run goes on', read: alone(key('detach'))},
	{
		name: 'quit',
		words: '[now]',
		help: 'quit; now: end what runs first',
		watching: 'leave the screen too',
		offers: () => ['now'],
		read: nowOr(key('quit'), {type: 'quit-now'}, 'quit'),
	},
	{name: 'help', words: '', help: 'all keys and commands', read: alone(key('help'))},
];

/** The commands of a screen; of one that only watches those that steer nothing. */
export const specsFor = (isWatching: boolean): readonly Spec[] =>
	isWatching
		? specs
				.filter(({steers}) => !steers)
				.map(({watching, ...spec}) => (watching === undefined ? spec : {...spec, help: watching}))
		: specs;

/** The command that a first word names: whole, or by a beginning that fits one alone. */
export function specOf(word: string): Spec | undefined {
	const exact = specs.find(({name}) => name === word);
	if (exact || word === '') return exact;
	const begun = specs.filter(({name}) => name.startsWith(word));
	return begun.length === 1 ? begun[0] : undefined;
}

/** What a whole line leads to; undefined for one that says nothing. */
export function readLine(text: string, run: Run): Outcome | undefined {
	const [name = '', ...words] = text.trim().split(/\s+/);
	if (name === '') return undefined;
	if (/^\d+$/.test(name) && words.length === 0) return readLine(`goto ${name}`, run);
	const spec = specOf(name);
	if (spec) return spec.read(words.join(' '), run);
	const begun = specs.filter(spec => spec.name.startsWith(name)).map(spec => spec.name);
	if (begun.length > 1) return say(`${name} can be ${begun.join(' or ')}`);
	const meant = closest(
		name,
		specs.map(spec => spec.name),
	);
	return say(`there is no command “${name}”${meant === undefined ? '; tab shows all' : `: did you mean ${meant}?`}`);
}
