import assert from 'node:assert/strict';
import test, {describe} from 'node:test';
import stringWidth from 'string-width';
import {summarize} from '../../source/core/summary.js';
import {rangeWords} from '../../source/headless/standing-words.js';
import {headerParts, secondLine} from '../../source/ui/header-text.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';

async function headerRun(name: string) {
	const world = new World({...makeJob({batches: 56, rules: 0}), name});
	world.open();
	await world.settle();
	const run = world.engine.getSnapshot();
	return {run, summary: {...summarize(run, run.startedAt + 3_723_000), failed: 3, skipped: 1}};
}

describe('the header', () => {
	test('fits any width from 60 on: the bar gives way first, then the end of the name, then the clock', async () => {
		const {run, summary} = await headerRun('a review of every commit there is');
		for (let columns = 60; columns <= 200; columns++) {
			const {name, done, failed, skipped, elapsed, bar} = headerParts(run, summary, columns);
			const used = stringWidth(name) + 1 + 'running'.length + 4 + (bar > 0 ? bar + 1 : 0);
			assert.ok(used + (done + failed + skipped + elapsed).length <= columns);
			assert.ok(bar === 0 || (bar >= 5 && bar <= 40));
			assert.ok(bar === 0 || name === run.job.name, 'a name is not cut beside a bar');
		}
		assert.equal(headerParts(run, summary, 200).bar, 40);
		assert.equal(headerParts(run, summary, 60).name, 'a review of…');
		assert.equal(headerParts(run, summary, 50).elapsed, '');
	});

	test('says what the run waits for before anything else, without control characters', async () => {
		const {run, summary} = await headerRun('x');
		const limit = {until: 3_600_000, message: 'limit \x1b[31mreached\x1b[0m\nfor now'};
		assert.match(
			secondLine(run, {...summary, limit}, 0, undefined),
			/^waits until .*, 1 h 00 left: limit reached for now · 1 running · 1 at once$/,
		);
		assert.equal(
			secondLine(run, {...summary, reason: 'paused\x07 by you'}, 0, undefined),
			'paused by you · 1 running · 1 at once',
		);
	});

	test('says which batch tries a limit, and why fewer run at once than was asked for', async () => {
		const {run, summary} = await headerRun('x');
		const wide = {...run, concurrency: 8};
		const limit = {until: 0, kind: 'rate_limit' as const, message: '', probe: {batch: 7, attempt: 2, at: 0}};
		assert.match(secondLine({...wide, limit}, summary, 1, undefined), /^batch 7 tries whether the limit is over · /);
		assert.match(secondLine({...wide, slowed: 2}, summary, 1, undefined), /· 2 of 8 at once \(overloaded\)/);
		const warned = {utilization: 0.82, window: 'five_hour', until: 9};
		assert.match(secondLine({...wide, warned}, summary, 1, undefined), /· 4 of 8 at once \(82 % of the limit used\)/);
		assert.match(secondLine({...wide, warned}, summary, 10, undefined), /· 8 at once/);
	});

	test('sums up what it took so far, and only what there is', async () => {
		const {run, summary} = await headerRun('x');
		assert.equal(secondLine(run, summary, 0, undefined), '1 running · 1 at once');
		const spent = {
			completions: 1,
			retries: 2,
			waits: 3,
			tokensIn: 12_345,
			tokensOut: 999,
			costUsd: 1.5,
			held: 1,
			waiting: 2,
		};
		assert.equal(
			secondLine(run, {...summary, ...spent}, 0, {fromMs: 130_000, toMs: 300_000}),
			'1 running · 1 at once · 2–5 min left · $1.50 · 2 waiting · 1 held · 1 completion · 2 retries · 3 waits · 12k in 999 out',
		);
	});

	test('a run that stands still says why, and then what it took so far, as far as that fits', async () => {
		const {run, summary} = await headerRun('x');
		const spent = {...summary, running: 0, retries: 2, waits: 3, tokensIn: 12_345, tokensOut: 999, costUsd: 1.5};
		const paused = {...spent, reason: 'paused by you'};
		assert.equal(
			secondLine(run, paused, 0, {fromMs: 0, toMs: 1}, 80),
			'paused by you · $1.50 · 1 at once · 2 retries · 3 waits · 12k in 999 out',
		);
		assert.equal(secondLine(run, {...paused, running: 2}, 0, undefined, 40), 'paused by you · 2 running · $1.50');
		const limit = {until: 3_600_000, message: 'The account has reached its limit.'};
		for (const [columns, end] of [
			[80, 'limit. · $1.50'],
			[60, 'limit.'],
			[20, 'limit.'],
		] as const)
			assert.match(
				secondLine(run, {...spent, limit}, 0, undefined, columns),
				new RegExp(`^waits until .*${end.replaceAll(/[.$]/g, '\\$&')}$`),
			);
	});

	test('a limit that lifts tomorrow names the day', async () => {
		const {run, summary} = await headerRun('x');
		const now = new Date(2025, 6, 11, 22).getTime();
		const limit = {until: new Date(2025, 6, 12, 6).getTime(), message: 'limit'};
		assert.match(secondLine(run, {...summary, limit}, now, undefined), /^waits until tomorrow 06:00:00, 8 h 00 left/);
		const closed = [{backend: 'codex', until: new Date(2025, 6, 14, 6).getTime(), message: ''}];
		assert.match(secondLine(run, {...summary, closed}, now, undefined), /· codex closed until Mon 06:00:00$/);
	});

	test('no window is so narrow that it cuts the money before other figures', async () => {
		const {run, summary} = await headerRun('x');
		const spent = {completions: 3, retries: 12, waits: 3, tokensIn: 1_234_567, tokensOut: 99_999, costUsd: 12.5};
		const line = secondLine(
			run,
			{...summary, ...spent, running: 4, waiting: 2},
			0,
			{fromMs: 130_000, toMs: 300_000},
			80,
		);
		assert.equal(line, '4 running · 1 at once · 2–5 min left · $12.50 · 2 waiting · 3 completions');
	});

	test('sets the budget in front, with a mark when much of it is spent', async () => {
		const {run, summary} = await headerRun('x');
		const budget = {per: 'job' as const, maxCostUsd: 5, maxTokens: 1_000_000, isNear: false, isSpent: false};
		const spent = {...summary, budget, costUsd: 1.2, tokensIn: 15_000, tokensOut: 400};
		assert.equal(
			secondLine(run, spent, 0, undefined),
			'1 running · 1 at once · 15k of 1.0M tokens · $1.20 of $5.00 · 15k in 400 out',
		);
		const {maxTokens: _, ...money} = budget;
		assert.match(
			secondLine(run, {...spent, costUsd: 4.2, budget: {...money, isNear: true}}, 0, undefined),
			/at once · ! \$4\.20 of \$5\.00 · /,
		);
	});

	test('says a range of time as roughly as it is known', () => {
		const minute = 60_000;
		const cases: [number, number, string][] = [
			[1000, 59_000, 'less than 1 min'],
			[0.5 * minute, 1.5 * minute, '0–2 min'],
			[2.2 * minute, 2.9 * minute, '2–3 min'],
			[3 * minute, 3 * minute, '3 min'],
			[61 * minute, 119 * minute, '1–2 h'],
			[100 * minute, 260 * minute, '1.5–4.5 h'],
			[500 * minute, 700 * minute, '8–12 h'],
		];
		for (const [fromMs, toMs, words] of cases) assert.equal(rangeWords({fromMs, toMs}), words);
	});
});
