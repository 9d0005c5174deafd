import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import type {Topic} from '../../source/config/notifications.js';
import type {Digest} from '../../source/core/digest.js';
import {compose, gather, gathered} from '../../source/notify/message.js';

const job = {id: 'j-1', name: 'j'};
const digest = {} as Digest;
const words = {
	say: () => undefined,
	headline: () => 'j: failed · 3/4 completed',
	lines: () => ['headline', '4 attempts'],
};

function messageOf(notes: [topics: Topic[], text: string][], end = false) {
	const all = gathered();
	for (const [index, [topics, text]] of notes.entries()) gather(all, {topics, seq: index + 1, at: index, text});
	return compose(all, {id: 'm-1', job, words, ...(end && {digest})});
}

describe('a message', () => {
	it('of one thing says it in its title, once', () => {
		const {title, lines, level} = messageOf([[['batch_failed'], 'batch 3 FAILED: no']]);
		assert.deepEqual({title, lines, level}, {title: 'j: batch 3 FAILED: no', lines: [], level: 'bad'});
	});

	it('of several counts them in its title, the most important first', () => {
		const {title, lines, topics} = messageOf([
			[['job_start'], '4 batches to do'],
			[['batch_complete'], 'batch 1 completed'],
			[['batch_failed'], 'batch 2 FAILED'],
			[['batch_complete'], 'batch 3 completed'],
		]);
		assert.equal(title, 'j: 1 batch has failed, 2 batches are completed, started');
		assert.deepEqual(lines, ['4 batches to do', 'batch 1 completed', 'batch 2 FAILED', 'batch 3 completed']);
		assert.deepEqual(topics, ['job_start', 'batch_complete', 'batch_failed']);
	});

	it('that wants a person says why in its title', () => {
		const {title, level, lines} = messageOf([
			[['batch_complete'], 'batch 1 completed'],
			[['job_paused', 'attention'], 'paused: not logged in'],
			[['job_paused', 'attention'], 'paused: not logged in'],
		]);
		assert.deepEqual([title, level], ['j: paused: not logged in', 'attention']);
		assert.deepEqual(lines, ['batch 1 completed']);
	});

	it('of a burst lists what matters most, in its order, and counts the rest', () => {
		const many = (topic: Topic, count: number): [Topic[], string][] =>
			Array.from({length: count}, (_, index) => [[topic], `${topic} ${index + 1}`]);
		const {title, notes, more, lines} = messageOf([
			...many('batch_start', 12),
			...many('batch_failed', 12),
			[['job_paused', 'attention'], 'paused: they failed alike'],
			...many('batch_complete', 12),
		]);
		assert.equal(title, 'j: paused: they failed alike');
		assert.deepEqual(
			notes.map(({text}) => text),
			[...Array.from({length: 9}, (_, index) => `batch_failed ${index + 1}`), 'paused: they failed alike'],
		);
		assert.equal(more, 27);
		assert.equal(lines.at(-1), 'and 27 more');
	});

	it('has one line for a limit that many batches have met', () => {
		const {notes, title, level} = messageOf([
			[['limit_hit'], 'batch 1 limit until 14:00'],
			[['limit_hit'], 'batch 2 limit until 14:00'],
			[['limit_hit'], 'batch 3 limit until 15:00'],
		]);
		assert.equal(notes.length, 1);
		assert.deepEqual([title, level], ['j: batch 3 limit until 15:00', 'attention']);
	});

	it('of the end carries the digest, and what happened just before', () => {
		const message = messageOf(
			[
				[['batch_failed'], 'batch 4 FAILED'],
				[['job_failed'], 'j: failed · 3/4 completed'],
			],
			true,
		);
		assert.equal(message.title, 'j: failed · 3/4 completed');
		assert.deepEqual(message.lines, ['4 attempts', '', 'batch 4 FAILED']);
		assert.equal(message.digest, digest);
		assert.equal(message.level, 'bad');
	});
});
