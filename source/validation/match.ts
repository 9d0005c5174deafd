import {Worker} from 'node:worker_threads';
import {errorWords} from '../config/error-words.js';

/** `failed` is the engine's own word, for instance that the pattern needs more stack than there is. */
export type MatchResult = {match: string | undefined; index?: number} | {timedOut: true} | {failed: string};

type Task = {source: string; flags: string; text: string};
type Answer = {started: true} | {index: number; length: number} | {failed: string};

/** Source text, not a file: the program ships as one bundle, and a thread needs something to load. */
const threadSource = `
const {parentPort} = require('node:worker_threads');
parentPort.on('message', ({source, flags, text}) => {
	parentPort.postMessage({started: true});
	try {
		const match = new RegExp(source, flags).exec(text);
		parentPort.postMessage(match ? {index: match.index, length: match[0].length} : {index: -1, length: 0});
	} catch (error) {
		parentPort.postMessage({failed: String(error && error.message)});
	}
});
`;

const idleMs = 5_000;
const startLimitMs = 60_000;
const ticks = 20;

let thread: Worker | undefined;
let idle: NodeJS.Timeout | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * The first match of a pattern in a text, found in a thread that is ended when it takes longer than `limitMs`: a
 * pattern can need longer than the universe has, and this program has other batches to look after. The thread is
 * started at the first need, shared, never keeps the process alive, and goes after some idle seconds. `here` matches at
 * once without it and without a limit, for work known to be tiny.
 */
export async function matchWithin(regex: RegExp, text: string, limitMs: number, here = false): Promise<MatchResult> {
	if (here) return matchHere(regex, text);
	const result = last.then(() => matchThere({source: regex.source, flags: regex.flags, text}, limitMs));
	last = result;
	return result;
}

/** Ends the thread now instead of after its idle seconds. */
export async function closeMatcher(): Promise<void> {
	await last;
	await endThread();
}

function matchHere(regex: RegExp, text: string): MatchResult {
	try {
		const match = new RegExp(regex.source, regex.flags).exec(text);
		return match ? {match: match[0], index: match.index} : {match: undefined};
	} catch (error) {
		return {failed: errorWords(error)};
	}
}

function matchThere(task: Task, limitMs: number): Promise<MatchResult> {
	const worker = borrowThread();
	if (!(worker instanceof Worker)) return Promise.resolve(worker);
	return new Promise(resolve => {
		let timer = countdown(startLimitMs, () => void finish({failed: 'the thread for it did not start'}, false));
		const finish = async (result: MatchResult, usable: boolean) => {
			timer.stop();
			worker.off('message', hear).off('error', fail).off('exit', leave);
			await giveBack(worker, usable);
			resolve(result);
		};
		const hear = (answer: Answer) => {
			if ('started' in answer) {
				timer.stop();
				timer = countdown(limitMs, () => void finish({timedOut: true}, false));
			} else if ('failed' in answer) {
				void finish(answer, true);
			} else if (answer.index < 0) {
				void finish({match: undefined}, true);
			} else {
				const match = task.text.slice(answer.index, answer.index + answer.length);
				void finish({match, index: answer.index}, true);
			}
		};
		const fail = (error: Error) => void finish({failed: error.message}, false);
		const leave = () => void finish({failed: 'the thread for it ended'}, false);
		worker.on('message', hear).on('error', fail).on('exit', leave);
		worker.postMessage(task);
	});
}

function borrowThread(): Worker | {failed: string} {
	clearTimeout(idle);
	try {
		thread ??= newThread();
	} catch (error) {
		return {failed: errorWords(error)};
	}
	thread.ref();
	return thread;
}

function newThread(): Worker {
	const worker = new Worker(threadSource, {eval: true, execArgv: [], env: {}, name: 'regular expressions'});
	const forget = () => {
		if (thread === worker) thread = undefined;
	};
	return worker.on('error', forget).on('exit', forget);
}

async function endThread(): Promise<void> {
	clearTimeout(idle);
	const ended = thread?.terminate();
	thread = undefined;
	await ended;
}

async function giveBack(worker: Worker, usable: boolean): Promise<void> {
	if (!usable) {
		thread = undefined;
		await worker.terminate();
		return;
	}
	worker.unref();
	idle = setTimeout(() => void endThread(), idleMs).unref();
}

/**
 * Counts short ticks in place of one long timer, and lets waiting messages in before it gives up: a laptop that slept,
 * a stopped process or a busy event loop then costs one tick, and not a verdict.
 */
function countdown(limitMs: number, onEnd: () => void): {stop: () => void} {
	let left = ticks;
	let stopped = false;
	const timer = setInterval(() => {
		left -= 1;
		if (left > 0) return;
		clearInterval(timer);
		setImmediate(() => {
			if (!stopped) onEnd();
		});
	}, limitMs / ticks);
	return {
		stop: () => {
			stopped = true;
			clearInterval(timer);
		},
	};
}
