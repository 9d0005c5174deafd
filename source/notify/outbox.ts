import {errorWords} from '../config/error-words.js';
import type {Delivery, Outcome} from './delivery.js';
import {type Gathered, gather, gathered, type Message, type Note} from './message.js';

/** What an outbox needs of time: see `engine/clock.ts`. */
export type Time = {now(): number; random(): number; timer(ms: number, callback: () => void): () => void};

/** What happens within this time is one message, ms. */
export const gatherMs = 3000;

/** After a message, what is only routine waits for so long, ms. */
export const routineGapMs = 60_000;

/** The wait before the second try, ms; each further one is four times as long, at most a minute. */
const firstWaitMs = 1000;
const longestWaitMs = 60_000;

/** The longest wait for a further try at the end of the program, ms: receivers that take one message a second need one. */
const lastWaitMs = 3000;

export type OutboxOptions = {
	deliver: Delivery;
	compose(gathered: Gathered): Message;
	timeoutMs: number;
	maxRetries: number;
	time: Time;
	/** A message was given up; one sentence. `partly`: some of those it was for have it. */
	onProblem(problem: string, partly: boolean): void;
};

/** The messages to one receiver: gathered for a moment, then delivered one after the other. */
export type Outbox = {
	/** `urgent`: not to wait longer than a burst takes; `last`: nothing comes for now, so there is nothing to wait for. */
	put(note: Note, how: {urgent: boolean; last: boolean}): void;
	/** Delivers what is there, and makes further tries only where they are near, until the signal is aborted. */
	finish(signal: AbortSignal): Promise<void>;
};

/**
 * While a message is under way the next one is gathered, so that there are never more than two, however slow the
 * receiver is. Waits are the given clock's; the time limit of a try is real time, as the network is.
 */
export function createOutbox({deliver, compose, timeoutMs, maxRetries, time, onProblem}: OutboxOptions): Outbox {
	let next = gathered();
	/** When the first note of `next` came, and whether it may wait for others. */
	let since = 0;
	let urgent = false;
	let last = false;
	let sentAt = Number.NEGATIVE_INFINITY;
	let callOff: (() => void) | undefined;
	let underWay: Promise<void> | undefined;
	const closing = new AbortController();
	const stop = new AbortController();

	function arm(): void {
		callOff?.();
		callOff = undefined;
		if (underWay || next.notes.length === 0) return;
		const due = urgent ? since + gatherMs : Math.max(since + gatherMs, sentAt + routineGapMs);
		const wait = last || closing.signal.aborted ? 0 : Math.max(0, due - time.now());
		if (wait === 0) send();
		else callOff = time.timer(wait, send);
	}

	function send(): void {
		callOff = undefined;
		if (underWay || next.notes.length === 0) return;
		const mine = next;
		next = gathered();
		urgent = false;
		last = false;
		sentAt = time.now();
		underWay = tryAll(mine).then(failure => {
			underWay = undefined;
			if (failure) onProblem(failure.problem, failure.partly ?? false);
			arm();
		});
	}

	/** Undefined once it was taken, else what kept it. */
	async function tryAll(gathered: Gathered): Promise<{problem: string; partly?: true} | undefined> {
		let message: Message;
		try {
			message = compose(gathered);
		} catch (error) {
			return {problem: errorWords(error)};
		}
		for (let tries = 1; ; tries++) {
			const outcome = await oneTry(message);
			if (outcome.taken) return undefined;
			const {problem} = outcome;
			const cutShort = {problem: `${problem}; the program has ended`};
			if (stop.signal.aborted) return cutShort;
			const growing = firstWaitMs * 4 ** (tries - 1) * (0.75 + time.random() / 2);
			const wait = outcome.afterMs ?? Math.min(growing, longestWaitMs);
			const isClosing = closing.signal.aborted;
			if (!outcome.again || tries > maxRetries || (isClosing && wait > lastWaitMs))
				return {...outcome, problem: `${problem}${tries > 1 ? `, in ${tries} tries` : ''}`};
			await waited(wait, isClosing ? stop.signal : closing.signal);
			if (stop.signal.aborted) return cutShort;
		}
	}

	async function oneTry(message: Message): Promise<Outcome> {
		const tooSlow: Outcome = {taken: false, again: true, problem: 'it did not answer in time'};
		if (stop.signal.aborted) return tooSlow;
		const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), stop.signal]);
		const {promise, resolve} = Promise.withResolvers<Outcome>();
		// A way that does not heed its signal must not hold up the others.
		signal.addEventListener('abort', () => setImmediate(resolve, tooSlow), {once: true});
		try {
			return await Promise.race([deliver(message, signal), promise]);
		} catch (error) {
			return {taken: false, again: false, problem: errorWords(error)};
		}
	}

	/** Until the time is over, or nobody waits any more. */
	function waited(ms: number, until: AbortSignal): Promise<void> {
		return new Promise(resolve => {
			const off = time.timer(ms, resolve);
			until.addEventListener(
				'abort',
				() => {
					off();
					resolve();
				},
				{once: true},
			);
		});
	}

	return {
		put(note, how) {
			if (next.notes.length === 0) since = time.now();
			gather(next, note);
			urgent ||= how.urgent;
			last ||= how.last;
			arm();
		},
		async finish(signal) {
			signal.addEventListener('abort', () => stop.abort(), {once: true});
			if (signal.aborted) stop.abort();
			closing.abort();
			arm();
			while (underWay) await underWay;
			callOff?.();
		},
	};
}
