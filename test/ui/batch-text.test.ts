import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import type {Batch, Run} from '../../source/core/run.js';
import {counters, reportLines, shortStage, stageWords} from '../../source/headless/batch-text.js';
import {leadWidth, listColumns, rowText} from '../../source/ui/list-columns.js';
import {makeJob} from '../support/job.js';
import {verdicts, World} from '../support/world.js';

const shared = {
	number: 3,
	first: 21,
	last: 30,
	attempt: 2,
	retries: 0,
	completions: 0,
	losses: 0,
	waits: 0,
	tookMs: 65_000,
};
const batch = (more: object): Batch => ({...shared, ...more}) as Batch;
const job = makeJob({batches: 3});

describe('words about a batch', () => {
	const failure = {kind: 'prompt_too_long', message: 'the prompt is \x1b[31mtoo\nlong\x1b[0m'};
	const cases: [what: string, batch: Batch, long: string, short: string][] = [
		['running', batch({status: 'running', startedAt: 10_000}), 'running 0:50', '0:50'],
		['running on', batch({status: 'running', startedAt: 1000}), 'running 0:59', '0:55'],
		['for hours', batch({status: 'running', startedAt: -7_500_000}), 'running 2 h 06', '2 h 06'],
		['judged', batch({status: 'running', startedAt: 10_000, outcome: {}}), 'checking its rules', 'rules'],
		['a retry', batch({status: 'waiting', next: 'retry', until: 65_000}), 'full retry in 0:05', 'in 0:05'],
		['a completion', batch({status: 'waiting', next: 'completion', until: 60_000}), 'completion is due', 'is due'],
		['a limit', batch({status: 'waiting', next: 'normal', until: 3_660_000}), 'next attempt in 1 h 00', 'in 1 h 00'],
		['completed', batch({status: 'completed', passed: 2}), 'completed in 1:05', '1:05'],
		['failed', batch({status: 'failed', failure}), 'failed: prompt too long', 'prompt too long'],
		['queued again', batch({status: 'pending'}), 'pending, queued again', 'again'],
		['new', batch({status: 'pending', attempt: 0}), 'pending', ''],
		['held', batch({status: 'held'}), 'held', 'held'],
	];
	for (const [what, one, long, short] of cases) {
		test(`${what}: “${long}”, in a list “${short}”`, () => {
			assert.equal(stageWords(one, 60_000), long);
			assert.equal(shortStage(one, 60_000), short);
		});
	}

	test('counters stand with their budgets, and only those that were used', () => {
		const run = {job} as Run;
		assert.deepEqual(counters(batch({attempt: 0}), run), []);
		assert.deepEqual(counters(batch({}), run), ['#2']);
		assert.deepEqual(counters(batch({completions: 1, retries: 2, waits: 1}), run), ['#2', 'C 1/3', 'R 2/3', 'W 1/24']);
	});

	test('the report tells why it failed and each rule, as harmless lines', () => {
		const failed = batch({status: 'failed', failure, verdicts: verdicts(2, 1)});
		assert.deepEqual(reportLines(failed, {job} as Run), [
			'the prompt is too long',
			'✓ file_exists: rule-0',
			'✗ file_exists: rule-1',
			'  rule-1 does not exist',
		]);
		const marked = batch({status: 'completed', passed: 2, exitCode: 3});
		assert.deepEqual(reportLines(marked, {job} as Run), ['2 of 2 rules pass', 'its exit code was 3']);
	});
});

describe('columns of the list', () => {
	const runOf = (batches: number, size: number) => {
		const world = new World({
			...makeJob({batches: batches * size}),
			batch: {size, total_items: batches * size, start_item: 1},
		});
		world.open();
		return world;
	};

	test('every row is exactly as wide as the list, at any width that holds its stage', async () => {
		const world = runOf(120, 10);
		await world.settle();
		const run = world.engine.getSnapshot();
		const busy = batch({status: 'waiting', next: 'retry', until: 65_000, completions: 1, retries: 2, waits: 1});
		for (let columns = 16; columns <= 60; columns++) {
			assert.equal(leadWidth + rowText(busy, run, 60_000, listColumns(run, columns)).length + 1, columns);
		}
	});

	test('the items are left out where there is no room, and where they say no more than the number', async () => {
		const [large, small] = [runOf(12, 10), runOf(12, 1)];
		await Promise.all([large.settle(), small.settle()]);
		assert.equal(listColumns(large.engine.getSnapshot(), 60).items, '120–120'.length);
		assert.equal(listColumns(large.engine.getSnapshot(), 24).items, 0);
		assert.equal(listColumns(small.engine.getSnapshot(), 60).items, 0);
	});

	test('a batch that passed on its last try is marked', () => {
		const run = {job} as Run;
		const row = (more: object, rest: number) =>
			rowText(batch({status: 'completed', tookMs: 65_000, ...more}), run, 60_000, {number: 2, items: 0, rest});
		assert.equal(row({retries: 3}, 26), ' 3  #2 R 3/3     last try 1:05');
		assert.equal(row({retries: 3}, 16), ' 3  #2 last try 1:05');
		assert.equal(row({retries: 3}, 12), ' 3  #2    ! 1:05');
		assert.equal(row({retries: 2}, 16), ' 3  #2 R 2/3    1:05');
	});

	test('of the counters as many are shown as fit', () => {
		const run = {job} as Run;
		const busy = batch({status: 'waiting', next: 'retry', until: 65_000, completions: 1, retries: 2});
		const shown = (rest: number) => rowText(busy, run, 60_000, {number: 2, items: 0, rest}).replace(/ +/g, ' ');
		assert.deepEqual(
			[30, 22, 21, 15, 10, 9].map(shown),
			['#2 C 1/3 R 2/3 ', '#2 C 1/3 R 2/3 ', '#2 C 1/3 ', '#2 ', '#2 ', ''].map(counters => ` 3 ${counters}in 0:05`),
		);
	});
});
