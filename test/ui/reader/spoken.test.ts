import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import type {Batch, Run} from '../../../source/core/run.js';
import {keymap} from '../../../source/ui/keymap.js';
import {
	batchSpoken,
	helpSpoken,
	outputSpoken,
	questionSpoken,
	spoken,
	tabSpoken,
} from '../../../source/ui/reader/spoken.js';
import {makeJob} from '../../support/job.js';

const run = {job: makeJob({batches: 3}), total: 3} as Run;
const batch = (more: object): Batch =>
	({number: 2, first: 11, last: 20, attempt: 2, completions: 1, retries: 0, waits: 0, tookMs: 0, ...more}) as Batch;

describe('what is said to who listens', () => {
	test('signs are words', () => {
		assert.equal(spoken('✗ file_exists · 2–5 min'), 'failed: file_exists, 2 to 5 min');
		assert.equal(spoken('README.md: before → after \x1b[31mthis\x1b[0m'), 'README.md: before to after this');
	});

	test('a batch with its counters, in words', () => {
		assert.equal(
			batchSpoken(batch({status: 'running', startedAt: 0}), run, 65_000),
			'Batch 2 of 3: running 1:05, attempt 2, completion 1 of 3, items 11 to 20',
		);
	});

	test('a question with its answers', () => {
		assert.equal(
			questionSpoken({about: 'quit', mayDetach: true}),
			'Batches are under way. f: finish them, then quit. s: stop them now and quit. d: leave them running. Any other key: no.',
		);
	});

	test('every key of the help, by names that can be said', () => {
		const said = helpSpoken();
		assert.ok(said.length > keymap.length);
		assert.ok(said.includes('control d or pagedown: half a page down'));
		assert.ok(said.some(line => line.startsWith('question mark: ')));
		for (const line of said) assert.match(line, /^[\w ]+: |^colon |^Here /);
	});

	test('what is long is cut, and that is said', () => {
		const lines = Array.from({length: 100}, (_, at) => `line ${at + 1}`);
		const output = outputSpoken(batch({status: 'running', startedAt: 0}), run, lines);
		assert.deepEqual(
			[output.length, output[0], output.at(-1)],
			[31, 'Batch 2, the last 30 lines it has printed:', 'line 100'],
		);
		const tab = tabSpoken('Batch 2, prompt:', lines);
		assert.deepEqual([tab.length, tab[1], tab.at(-1)], [32, 'line 1', 'and 70 more lines']);
	});
});
