import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import stringWidth from 'string-width';
import {sinceOf} from '../../source/commands/history/since.js';
import {costTable, retryTable, ruleTable, runTable, slowTable} from '../../source/commands/history/tables.js';
import {history, rebuildHistory} from '../../source/commands/history.js';
import {makeFacts, User} from '../store/history/journals.js';
import {heard} from './context.js';

const local = (month: number, day: number, hour = 0, minute = 0) =>
	new Date(2026, month - 1, day, hour, minute).getTime();

describe('mozart history', () => {
	test('--since takes a time ago, a day, or a date, all of them local', () => {
		const now = local(3, 31, 14, 30);
		const times: [string, number | undefined][] = [
			['30m', local(3, 31, 14, 0)],
			['12h', local(3, 31, 2, 30)],
			['0d', local(3, 31)],
			['7d', local(3, 24)],
			['2w', local(3, 17)],
			['today', local(3, 31)],
			['yesterday', local(3, 30)],
			['2026-02-28', local(2, 28)],
			['2026-02-28T09:15', local(2, 28, 9, 15)],
			['2026-02-30', undefined],
			['7', undefined],
			['7 d', undefined],
			['-1d', undefined],
			['last week', undefined],
			['', undefined],
		];
		// A day that clocks are put forward on is no 24 hours long: hours are those that have passed.
		const hours = (at: number | undefined, text: string) =>
			text.endsWith('h') ? at && now - at === 12 * 3_600_000 : undefined;
		for (const [text, at] of times) {
			const since = sinceOf(text, now);
			assert.ok(hours(since, text) ?? since === at, text);
		}
	});

	test('tables fit 80 columns, whatever a job is called', () => {
		const job = `${'a-very-long-name-for-a-job-'.repeat(3)}0a1b2c3d`;
		const run = {
			...{job, name: job, file: job, workspace: job, backend: 'claude_cli', startedAt: 1, lastAt: 2},
			...{state: 'interrupted' as const, total: 10_000, completed: 9_999, failed: 1234, skipped: 0, held: 0},
			...{attempts: 12_345, retries: 9, completions: 9, waits: 9, attemptsMs: 360_000_000, untold: 0},
			...{tokensIn: 1e9, tokensOut: 1e9, costUsd: 1234.56},
		};
		const rule = {type: 'command_succeeds', rule: '日本語のルール'.repeat(20), judged: 1e5, passed: 99_999};
		const tables = [
			runTable([run, {...run, job: 'short'}], local(7, 31)),
			ruleTable([{job: 'one-1', name: 'x', ...rule, judgedFirst: 1e5, passedFirst: 1}]),
			ruleTable([
				{job: 'one-1', name: 'x', ...rule, judgedFirst: 1e5, passedFirst: 1},
				{job: 'two-2', name: 'x', ...rule, judgedFirst: 0, passedFirst: 0},
			]),
			costTable([
				{day: '2026-07-31', attempts: 1e5, tokensIn: 1e9, tokensOut: 1e9, costUsd: 99, untold: 1e5, attemptsMs: 1e9},
				{day: '2026-07-30', attempts: 1e5, tokensIn: 1e9, tokensOut: 1e9, untold: 1e5, attemptsMs: 1e9},
			]),
			slowTable([
				{
					...{...run, batch: 10_000, first: 1, last: 2, status: 'completed', tookMs: 1e9, overallMs: 1e10},
				},
			]),
			retryTable([
				{
					...{kind: 'prompt_too_long', retries: 1e4, completions: 1e4, waits: 1e4, moves: 1e4},
					...{failed: 1e4, batches: 1e4, waitMs: 1e9},
				},
			]),
		];
		for (const line of tables.flat()) assert.ok(stringWidth(line) <= 80, line);
		assert.match(tables[2]?.[0] ?? '', /JOB$/, 'jobs are told apart where there are several');
		assert.doesNotMatch(tables[1]?.[0] ?? '', /JOB/);
	});

	test('each question is answered in a table, or as data; what is wrong with it is said', async t => {
		const user = new User(t);
		const env = {XDG_STATE_HOME: user.folder};
		const ask = async (...[question, job, flags]: [Parameters<typeof history>[0], string?, object?]) => {
			const context = heard({env});
			const ending = await history(question, job, flags ?? {}, context);
			return {ending, ...context};
		};
		assert.deepEqual((await ask('runs')).said, ['No job has been run yet. Start one: mozart run FILE']);
		const facts = await makeFacts(2, {time: local(7, 31, 12)});
		await user.job('one-0a1b2c3d', facts);
		await user.job('two-0a1b2c3d', facts.slice(0, 12), 'sqlite');
		const listed = (await ask('runs')).said.join('\n');
		assert.match(listed, /^LAST +JOB +STATE +DONE +TRIES +TOOK +COST$/m);
		assert.match(listed, /^31 July?( 2026| 12:00) +one-0a1b2c3d +completed +2\/2 +4 +400 ms +\$1\.00$/m);
		assert.match(listed, / two-0a1b2c3d +interrupted +1\/2 +/);
		assert.match(
			(await ask('rules', 'one')).said.join('\n'),
			/PASS +OF +FIRST TRY.*\n +50% +4 +0% +file_exists +rule-1/,
		);
		assert.match((await ask('costs', 'one')).said.join('\n'), /^DAY .*\n2026-07-31 +\$1\.00 +44 +20 +4 +400 ms$/);
		assert.equal((await ask('slowest')).said.length, 5);
		assert.match((await ask('retries')).said.join('\n'), /\nvalidation +3 +— +3 /);
		const context = {...heard({env}), json: true};
		await history('runs', 'one', {limit: '1'}, context);
		assert.equal(JSON.parse(context.said[0] ?? '').costUsd, 1);
		assert.equal((await ask('runs', undefined, {limit: '1'})).said.at(-1), 'Older ones: --limit 5');
		assert.match(
			(await ask('runs', undefined, {failed: true})).said[0] ?? '',
			/^There is no run in what was asked for/,
		);
		for (const [flags, expected] of [
			[{since: 'soon'}, /^--since soon is no time: write how long ago \(30m, 12h, 7d, 2w\)/],
			[{limit: '0'}, /^--limit 0 is no number of lines/],
		] as const) {
			const wrong = await ask('runs', undefined, flags);
			assert.equal(wrong.ending, 'usage');
			assert.match(wrong.complained[0] ?? '', expected);
		}
		assert.equal((await ask('runs', 'three')).ending, 'usage');
		const rebuilding = heard({env});
		assert.equal(await rebuildHistory(rebuilding), 'done');
		assert.deepEqual(rebuilding.said, [`Told anew: 2 runs (${facts.length + 12} facts).`]);
	});
});
