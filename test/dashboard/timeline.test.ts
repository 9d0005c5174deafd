import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import type {AttemptRecord, Batch, Run} from '../../source/core/run.js';
import {durationsOf} from '../../source/dashboard/pages/series.js';
import {axisOf, timelineOf} from '../../source/dashboard/pages/timeline.js';

const record = (
	attempt: number,
	startedAt: number,
	tookMs: number,
	more: Partial<AttemptRecord> = {},
): AttemptRecord => ({
	...{attempt, mode: 'normal', startedAt, tookMs, exitCode: 0, passed: '11'},
	...more,
});

const completed = (number: number, ...history: AttemptRecord[]) =>
	({number, status: 'completed', history, attempt: history.length, tookMs: 5 * number}) as unknown as Batch;

const runOf = (...batches: Batch[]) => ({batches: [batches], phase: 'running', at: 0}) as unknown as Run;

describe('a timeline', () => {
	test('has a row for each batch that ran beside another one', () => {
		const found = timelineOf(
			runOf(completed(1, record(1, 0, 1000)), completed(2, record(1, 500, 1000)), completed(3, record(1, 1000, 1000))),
			2000,
		)!;
		assert.deepEqual(
			found.rows.map(row => row.map(({batch}) => batch)),
			[[1, 3], [2]],
		);
		assert.deepEqual([found.from, found.to, found.attempts, found.limits.length], [0, 2000, 3, 0]);
	});

	test('holds waits between attempts, and those for a limit as spans of the whole', () => {
		const [limited, again] = [record(1, 0, 1000, {kind: 'rate_limit', passed: '00'}), record(2, 61_000, 1000)];
		const found = timelineOf(
			runOf(completed(1, limited, again), completed(2, {...limited, startedAt: 30_000, tookMs: 1000}, again)),
			62_000,
		)!;
		assert.deepEqual(
			found.rows[0]?.map(piece => [piece.type, piece.from, piece.to]),
			[
				['attempt', 0, 1000],
				['wait', 1000, 61_000],
				['attempt', 61_000, 62_000],
			],
		);
		assert.deepEqual(found.limits, [{from: 1000, to: 61_000}]);
	});

	test('says how an attempt came out: by its rules, and by its end where there are none', () => {
		const ends = (more: Partial<AttemptRecord>) => {
			const [piece] = timelineOf(runOf(completed(1, record(1, 0, 1, more))), 1)!.rows[0]!;
			return piece?.type === 'attempt' && piece.end;
		};
		assert.equal(ends({passed: '11', exitCode: 1, kind: 'transient'}), 'passed');
		assert.equal(ends({passed: '10'}), 'failed');
		assert.equal(ends({passed: '', exitCode: 0}), 'passed');
		assert.equal(ends({passed: '', exitCode: 3}), 'failed');
		assert.equal(ends({passed: '', kind: 'interrupted'}), 'cut');
	});

	test('shows the latest batches where there are more than can be drawn', () => {
		const many = Array.from({length: 1000}, (_, index) => completed(index + 1, record(1, index * 10, 10)));
		const found = timelineOf(runOf(...many), 10_000)!;
		assert.equal(found.attempts, 300);
		assert.equal(found.leftOut, 700);
		assert.equal(found.rows[0]?.at(-1)?.batch, 1000);
	});

	test('draws a long time in which nothing ran short, and keeps the order of times', () => {
		const found = timelineOf(runOf(completed(1, record(1, 0, 1000)), completed(2, record(1, 1_000_000, 1000))), 0)!;
		const axis = axisOf(found);
		assert.deepEqual([axis.at(0), axis.at(found.to)], [0, 1]);
		assert.ok(axis.at(1000) > 0.4 && axis.at(1_000_000) < 0.6);
		assert.equal(axis.idle.length, 1);
		const times = [0, 500, 1000, 5000, 900_000, 1_000_000, 1_000_500].map(axis.at);
		assert.deepEqual(
			times,
			times.toSorted((a, b) => a - b),
		);
	});

	test('is none before the first attempt', () => {
		assert.equal(timelineOf(runOf({number: 1, status: 'pending', history: []} as unknown as Batch), 0), undefined);
	});
});

test('a chart of very many batches has columns of some in a row, with the one in the middle', () => {
	const marks = durationsOf(runOf(...Array.from({length: 1000}, (_, index) => completed(index + 1))));
	assert.equal(marks.length, 112);
	assert.deepEqual(marks[0], {first: 1, last: 9, value: 25, status: 'completed'});
	assert.equal(marks.at(-1)?.last, 1000);
});
