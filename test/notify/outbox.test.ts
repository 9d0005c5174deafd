import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import type {Outcome} from '../../source/notify/delivery.js';
import {compose, type Message, type Note} from '../../source/notify/message.js';
import {createOutbox, gatherMs, type Outbox, routineGapMs} from '../../source/notify/outbox.js';
import {patient} from './notifications.js';

const words = {say: () => undefined, headline: () => 'over', lines: () => ['over']};
const job = {id: 'j-1', name: 'j'};

type Try = {message: Message; signal: AbortSignal; answer(outcome: Outcome | Error): void};

/** A receiver and a clock that are held by hand. */
class Post {
	now = 1_000_000;
	readonly tries: Try[] = [];
	readonly problems: string[] = [];
	readonly outbox: Outbox;
	readonly #timers = new Set<{at: number; callback: () => void}>();
	#seq = 0;
	#messages = 0;

	constructor(options: {maxRetries?: number; timeoutMs?: number} = {}) {
		this.outbox = createOutbox({
			...{maxRetries: 3, timeoutMs: 60_000, ...options},
			deliver: (message, signal) =>
				new Promise((resolve, reject) => {
					const answer: Try['answer'] = outcome => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
					this.tries.push({message, signal, answer});
				}),
			compose: gathered => compose(gathered, {id: `m-${++this.#messages}`, job, words}),
			time: {
				now: () => this.now,
				random: () => 0.5,
				timer: (ms, callback) => {
					const timer = {at: this.now + ms, callback};
					this.#timers.add(timer);
					return () => void this.#timers.delete(timer);
				},
			},
			onProblem: problem => this.problems.push(problem),
		});
	}

	put(text: string, {routine = false, last = false} = {}): void {
		const topics: Note['topics'] = [routine ? 'batch_complete' : 'attention'];
		this.outbox.put({topics, seq: ++this.#seq, at: this.now, text}, {urgent: !routine, last});
	}

	/** Moves the time on, timer by timer. */
	async pass(ms: number): Promise<void> {
		const until = this.now + ms;
		for (;;) {
			const [next] = [...this.#timers].sort((a, b) => a.at - b.at);
			if (!next || next.at > until) break;
			this.#timers.delete(next);
			this.now = next.at;
			next.callback();
			await this.settle();
		}
		this.now = until;
		await this.settle();
	}

	async settle(): Promise<void> {
		for (let round = 0; round < 3; round++) await new Promise(resolve => setImmediate(resolve));
	}

	async answer(outcome: Outcome | Error = {taken: true}): Promise<void> {
		this.tries.at(-1)?.answer(outcome);
		await this.settle();
	}

	get timers(): number {
		return this.#timers.size;
	}
}

const busy: Outcome = {taken: false, again: true, problem: 'busy'};
const no: Outcome = {taken: false, again: false, problem: 'no'};

describe('an outbox', () => {
	it('makes one message of a burst of forty', async () => {
		const post = new Post();
		for (let count = 0; count < 40; count++) {
			post.put(`batch ${count} is done`, {routine: true});
			await post.pass(50);
		}
		assert.equal(post.tries.length, 0);
		await post.pass(gatherMs);
		assert.equal(post.tries.length, 1);
		const {title, notes, more, lines} = post.tries[0]!.message;
		assert.equal(title, 'j: 40 batches are completed');
		assert.deepEqual([notes.length, more, lines.length, lines.at(-1)], [10, 30, 11, 'and 30 more']);
	});

	it('tells routine at most once a minute, and what is urgent with it at once', async () => {
		const post = new Post();
		post.put('a', {routine: true});
		await post.pass(gatherMs);
		await post.answer();
		post.put('b', {routine: true});
		await post.pass(routineGapMs - 1);
		assert.equal(post.tries.length, 1);
		await post.pass(1);
		assert.equal(post.tries.length, 2);
		await post.answer();
		post.put('c', {routine: true});
		await post.pass(10_000);
		post.put('look');
		await post.pass(gatherMs);
		assert.deepEqual(
			post.tries.map(({message}) => message.notes.map(({text}) => text)),
			[['a'], ['b'], ['c', 'look']],
		);
	});

	it('waits with what is urgent for the burst it may be part of', async () => {
		const post = new Post();
		post.put('a');
		await post.pass(gatherMs - 1);
		post.put('b');
		assert.equal(post.tries.length, 0);
		await post.pass(1);
		assert.deepEqual(
			post.tries.map(({message}) => message.notes.map(({text}) => text)),
			[['a', 'b']],
		);
	});

	it('waits for nothing with the last message', async () => {
		const post = new Post();
		post.put('a', {routine: true});
		post.put('over', {last: true});
		await post.settle();
		assert.equal(post.tries.length, 1);
		assert.equal(post.timers, 0);
	});

	it('gathers while the receiver is slow: never more than one message is under way', async () => {
		const post = new Post();
		post.put('first');
		await post.pass(gatherMs);
		for (const text of ['b', 'c', 'd']) {
			post.put(text);
			await post.pass(routineGapMs);
		}
		assert.equal(post.tries.length, 1);
		await post.answer();
		assert.deepEqual(
			post.tries[1]?.message.notes.map(({text}) => text),
			['b', 'c', 'd'],
		);
	});

	it('tries again after growing waits, the same message, and gives up at last', async () => {
		const post = new Post();
		post.put('a');
		await post.pass(gatherMs);
		for (const wait of [1000, 4000, 16_000]) {
			const tries = post.tries.length;
			await post.answer(busy);
			await post.pass(wait - 1);
			assert.equal(post.tries.length, tries);
			await post.pass(1);
			assert.equal(post.tries.length, tries + 1);
		}
		await post.answer(busy);
		await post.pass(1e9);
		assert.equal(post.tries.length, 4);
		assert.equal(new Set(post.tries.map(({message}) => message.id)).size, 1);
		assert.deepEqual(post.problems, ['busy, in 4 tries']);
		post.put('b');
		await post.pass(gatherMs);
		assert.equal(post.tries.length, 5, 'the next message is sent all the same');
	});

	it('waits as long as the receiver says, and does not try again what cannot help', async () => {
		const post = new Post();
		post.put('a');
		await post.pass(gatherMs);
		await post.answer({...busy, afterMs: 7000});
		await post.pass(6999);
		assert.equal(post.tries.length, 1);
		await post.pass(1);
		await post.answer(no);
		assert.deepEqual(post.problems, ['no, in 2 tries']);
		assert.equal(post.timers, 0);
	});

	it('survives a way that throws, and one that does not heed its time limit', async () => {
		const post = new Post({timeoutMs: 30, maxRetries: 0});
		post.put('a');
		await post.pass(gatherMs);
		await post.answer(new Error('a bug'));
		assert.deepEqual(post.problems, ['a bug']);
		post.put('b');
		await post.pass(gatherMs);
		while (post.problems.length === 1) await new Promise(resolve => setTimeout(resolve, 5));
		assert.deepEqual(post.problems.slice(1), ['it did not answer in time']);
	});

	it('ends a wait when it has to finish: one more try, and what is left besides', async () => {
		const post = new Post();
		post.put('a');
		await post.pass(gatherMs);
		await post.answer(busy);
		post.put('b', {routine: true});
		const finished = post.outbox.finish(patient);
		await post.settle();
		assert.equal(post.tries.length, 2);
		await post.answer(busy);
		assert.deepEqual(
			post.tries[2]?.message.notes.map(({text}) => text),
			['b'],
		);
		await post.answer();
		await finished;
		assert.deepEqual(post.problems, ['busy, in 2 tries']);
		assert.equal(post.timers, 0);
	});

	it('waits at the end too where a receiver wants a moment, but not for long', async () => {
		const post = new Post();
		post.put('a', {last: true});
		const finished = post.outbox.finish(patient);
		await post.answer({...busy, afterMs: 2000});
		await post.pass(1999);
		assert.equal(post.tries.length, 1);
		await post.pass(1);
		assert.equal(post.tries.length, 2);
		await post.answer({...busy, afterMs: 10_000});
		await finished;
		assert.deepEqual(post.problems, ['busy, in 2 tries']);
		assert.equal(post.timers, 0);
	});

	it('says what was wrong when the end comes while it waits for another try', async () => {
		const post = new Post();
		post.put('a', {last: true});
		const limit = new AbortController();
		const finished = post.outbox.finish(limit.signal);
		await post.answer(busy);
		limit.abort();
		await finished;
		assert.deepEqual(post.problems, ['busy; the program has ended']);
		assert.deepEqual([post.tries.length, post.timers], [1, 0]);
	});

	it('finishes in time, whatever the receiver does', async () => {
		const post = new Post();
		post.put('a');
		await post.pass(gatherMs);
		post.put('b');
		const limit = new AbortController();
		const finished = post.outbox.finish(limit.signal);
		await post.settle();
		assert.equal(post.tries[0]?.signal.aborted, false);
		limit.abort();
		await finished;
		assert.equal(post.tries[0]?.signal.aborted, true);
		assert.equal(post.tries.length, 1);
		assert.deepEqual(post.problems, Array(2).fill('it did not answer in time; the program has ended'));
	});
});
