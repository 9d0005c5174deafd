import assert from 'node:assert/strict';
import {after, describe, test} from 'node:test';
import type {Event} from '../../../source/core/event.js';
import {askCosts} from '../../../source/store/history/ask-costs.js';
import {askRetries} from '../../../source/store/history/ask-retries.js';
import {askRules} from '../../../source/store/history/ask-rules.js';
import {askAttempts, askBatches, askEvents} from '../../../source/store/history/ask-run.js';
import {askRuns} from '../../../source/store/history/ask-runs.js';
import {askSlowest} from '../../../source/store/history/ask-slowest.js';
import {makeJob} from '../../support/job.js';
import {verdicts} from '../../support/world.js';
import {aJob, emptyHistory, tellIn} from './tables.js';

/** Local times around a midnight, so that the days are the same in every zone. */
const at = (day: number, hour: number) => new Date(2026, 6, day, hour).getTime();

/**
 * Two batches: the first passes after a completion on the next day, the second fails after a retry and is lost once. Attempts
 * cost a quarter of a dollar where they tell it.
 */
function makeJournal(job = makeJob({batches: 3, rules: 2})): Event[] {
	const usage = {inputTokens: 100, outputTokens: 10, cacheReadTokens: 20, cacheWriteTokens: 3, costUsd: 0.25};
	const over = {exitCode: 0, durationMs: 60_000, aborted: false};
	const failure = {kind: 'timeout' as const, message: 'too slow', raw: 'x'.repeat(3000)};
	const limit = {kind: 'rate_limit' as const, message: 'limit met'};
	const facts: [number, object][] = [
		[at(1, 22), {type: 'run-started', job, sets: [], template: '', batches: [1, 2, 3].map(n => ({first: n, last: n}))}],
		[at(1, 22), {type: 'attempt-started', batch: 1, attempt: 1, mode: 'normal'}],
		[at(1, 23), {type: 'attempt-ended', batch: 1, attempt: 1, outcome: {...over, usage}}],
		[at(1, 23), {type: 'validated', batch: 1, attempt: 1, verdicts: verdicts(2, 1)}],
		[at(1, 23), {type: 'completion-scheduled', batch: 1, completions: 1, until: at(1, 23) + 5000}],
		[at(2, 1), {type: 'attempt-started', batch: 1, attempt: 2, mode: 'completion'}],
		[at(2, 2), {type: 'attempt-ended', batch: 1, attempt: 2, outcome: {...over, usage}}],
		[at(2, 2), {type: 'validated', batch: 1, attempt: 2, verdicts: verdicts(2, 2)}],
		[at(2, 2), {type: 'batch-completed', batch: 1, passed: 2, exitCode: 0}],
		[at(2, 3), {type: 'attempt-started', batch: 2, attempt: 1, mode: 'normal'}],
		[at(2, 3), {type: 'attempt-spawned', batch: 2, attempt: 1, pid: 7}],
		[at(4, 9), {type: 'attempt-lost', batch: 2, attempt: 1, losses: 1}],
		[at(4, 9), {type: 'attempt-started', batch: 2, attempt: 2, mode: 'normal'}],
		[at(4, 9), {type: 'attempt-ended', batch: 2, attempt: 2, outcome: {...over, failure: limit}}],
		[at(4, 9), {type: 'validated', batch: 2, attempt: 2, verdicts: verdicts(2, 0)}],
		[at(4, 9), {type: 'limit-seen', batch: 2, waits: 1, until: at(4, 10), failure: limit}],
		[at(4, 10), {type: 'attempt-started', batch: 2, attempt: 3, mode: 'normal'}],
		[at(4, 11), {type: 'attempt-ended', batch: 2, attempt: 3, outcome: {...over, durationMs: 90_000, failure}}],
		[at(4, 11), {type: 'validated', batch: 2, attempt: 3, verdicts: verdicts(2, 0)}],
		[at(4, 11), {type: 'batch-failed', batch: 2, failure}],
		[at(4, 11), {type: 'run-ended', result: 'failed'}],
	];
	return facts.map(([time, fact], index) => ({seq: index + 1, at: time, ...fact}) as Event);
}

describe('what can be asked of the history', () => {
	const db = emptyHistory();
	after(() => db.close());
	tellIn(db, makeJournal(), 4);
	const other = {...aJob, id: 'other-1', file: '/jobs/other.yaml'};
	const ofOther = makeJournal(makeJob({batches: 3, rules: 2})).slice(0, 9);
	tellIn(
		db,
		ofOther.map(event => ({...event, at: event.at + 3_600_000 * 24 * 30})),
		9,
		{job: other},
	);
	const run = {job: aJob.id, startedAt: at(1, 22)};

	test('runs, the last one first, of a job, since a time, failed ones alone', () => {
		const all = askRuns(db, {});
		assert.deepEqual(
			all.map(({job, state, completed, failed, costUsd, untold}) => [job, state, completed, failed, costUsd, untold]),
			[
				['other-1', 'running', 1, 0, 0.5, 0],
				[aJob.id, 'failed', 1, 1, 0.5, 3],
			],
		);
		assert.equal(askRuns(db, {limit: 1}).length, 1);
		assert.deepEqual([askRuns(db, {failed: true}), askRuns(db, {job: aJob.id})], [[all[1]], [all[1]]]);
		assert.equal(askRuns(db, {since: at(4, 12)}).length, 1);
		assert.equal(askRuns(db, {since: at(4, 11)}).length, 2);
	});

	test('how often each rule passes, and what it said last where it failed', () => {
		assert.deepEqual(askRules(db, {job: aJob.id}), [
			{
				...{job: aJob.id, name: 'test', type: 'file_exists', rule: 'rule-1', judged: 4, passed: 1},
				...{judgedFirst: 1, passedFirst: 0, lastFailure: 'rule-1 does not exist'},
			},
			{
				...{job: aJob.id, name: 'test', type: 'file_exists', rule: 'rule-0', judged: 4, passed: 2},
				...{judgedFirst: 1, passedFirst: 1, lastFailure: 'rule-0 does not exist'},
			},
		]);
		assert.deepEqual(askRules(db, {job: aJob.id, since: at(4, 12)}), []);
	});

	test('the cost of each local day; one that was lost counts where it began', () => {
		assert.deepEqual(askCosts(db, {job: aJob.id}), [
			{day: '2026-07-04', attempts: 2, tokensIn: 0, tokensOut: 0, untold: 2, attemptsMs: 150_000},
			{day: '2026-07-02', attempts: 2, tokensIn: 123, tokensOut: 10, costUsd: 0.25, untold: 1, attemptsMs: 60_000},
			{day: '2026-07-01', attempts: 1, tokensIn: 123, tokensOut: 10, costUsd: 0.25, untold: 0, attemptsMs: 60_000},
		]);
		assert.equal(askCosts(db, {job: aJob.id, since: at(2, 0)}).length, 2);
	});

	test('the batches that took longest, with what passed between first start and last end', () => {
		const [first, second] = askSlowest(db, {job: aJob.id});
		assert.deepEqual([first?.batch, first?.tookMs, first?.attempts, first?.status], [2, 150_000, 3, 'failed']);
		assert.equal(first?.overallMs, at(4, 11) - at(2, 3));
		assert.deepEqual([second?.batch, second?.tookMs, second?.costUsd], [1, 120_000, 0.5]);
		assert.deepEqual(
			askSlowest(db, {job: aJob.id, since: at(3, 0)}).map(({batch}) => batch),
			[2],
		);
	});

	test('why batches were tried again, waited or failed', () => {
		const told = askRetries(db, {job: aJob.id});
		assert.deepEqual(
			told.map(({kind, retries, completions, waits, failed, batches, waitMs}) => [
				...[kind, retries, completions, waits, failed, batches, waitMs],
			]),
			[
				['rate_limit', 0, 0, 1, 0, 1, 3_600_000],
				['timeout', 0, 0, 0, 1, 1, 0],
				['validation', 0, 1, 0, 0, 1, 5000],
			],
		);
		assert.equal(told[1]?.lastMessage, 'too slow');
	});

	test('one run: its batches, its attempts in the order of their starts, its facts', () => {
		assert.deepEqual(
			askBatches(db, run).map(({batch, status, attempts, kind}) => [batch, status, attempts, kind]),
			[
				[1, 'completed', 2, undefined],
				[2, 'failed', 3, 'timeout'],
			],
		);
		const attempts = askAttempts(db, run);
		assert.deepEqual(
			attempts.map(({batch, attempt, mode, lost, passed, rules}) => [batch, attempt, mode, lost, passed, rules]),
			[
				[1, 1, 'normal', false, 1, 2],
				[1, 2, 'completion', false, 2, 2],
				[2, 1, 'normal', true, undefined, undefined],
				[2, 2, 'normal', false, 0, 2],
				[2, 3, 'normal', false, 0, 2],
			],
		);
		assert.deepEqual([attempts[2]?.endedAt, attempts[3]?.endedAt], [undefined, at(4, 9)]);
		assert.deepEqual(
			askEvents(db, run, {after: 19, limit: 1}).map(({seq, type, kind, message}) => [seq, type, kind, message]),
			[[20, 'batch-failed', 'timeout', 'too slow']],
		);
		assert.deepEqual(askBatches(db, {...run, startedAt: 1}), []);
	});
});
