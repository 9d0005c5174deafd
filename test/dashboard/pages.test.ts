import assert from 'node:assert/strict';
import test, {before, describe} from 'node:test';
import {batchAt, withBatch} from '../../source/core/batch-table.js';
import type {Batch, Run} from '../../source/core/run.js';
import {summarize} from '../../source/core/summary.js';
import {batchPage} from '../../source/dashboard/pages/batch-page.js';
import {historyPage} from '../../source/dashboard/pages/history-page.js';
import {jobPage} from '../../source/dashboard/pages/job-page.js';
import {jobsPage} from '../../source/dashboard/pages/jobs-page.js';
import {loginPage} from '../../source/dashboard/pages/login-page.js';
import {problemPage} from '../../source/dashboard/pages/problem-page.js';
import {shortcuts} from '../../source/dashboard/pages/shortcuts.js';
import {timelinePage} from '../../source/dashboard/pages/timeline-page.js';
import {type BatchView, batchTabs, type SeenJob} from '../../source/dashboard/views.js';
import type {KeptAttempt} from '../../source/store/kept-attempt.js';
import {Hall} from './hall.js';
import {historyOf, nightJob, playNight} from './night.js';

const now = Date.UTC(2026, 6, 30, 3, 0);
const evil = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'&';

const owner = {pid: 4711, startTime: '1', bootId: 'b', host: 'here', since: now};
const seenOf = (run: Run, isRun = true): SeenJob => {
	const summary = summarize(run, now);
	return {
		...{id: 'night-1', file: '/home/me/job.yaml', workspace: '/home/me/w', run, state: summary.state, summary},
		...(isRun && {owner}),
	};
};

/** What a rule said, and a file that it watched; every text may come from a child. */
const attempt = (number: number, passed: boolean, text = 'x'): KeptAttempt => ({
	...{attempt: number, mode: number === 1 ? 'normal' : 'completion', startedAt: now - 9000, tookMs: 4000, exitCode: 0},
	verdicts: [
		{rule: 0, type: 'file_exists', passed: true, expected: text, actual: text, message: text},
		{rule: 2, type: 'file_modified', description: text, passed, expected: text, actual: text, message: text},
	],
	files: [
		{
			path: text,
			before: {path: text, exists: true, hash: 'a'},
			after: {path: text, exists: true, hash: 'b'},
			beforeText: `same\n${text} old\nsame\n`,
			afterText: `same\n${text} new\nsame\nmore\n`,
		},
	],
});

const batchView = (run: Run, number: number, tab: (typeof batchTabs)[number], text = 'x'): BatchView => {
	const batch = batchAt(run, number);
	const shown = {
		output: {tab: 'output', output: {text, leftOut: 0}},
		validation: {tab: 'validation', told: text},
		attempts: {tab: 'attempts'},
		prompt: {tab: 'prompt', prompt: text},
		events: {tab: 'events', events: []},
	} as const;
	return {
		...{now, job: seenOf(run), batch, attempts: [attempt(1, false, text), attempt(2, true, text)]},
		...{attempt: Math.min(2, batch.attempt), ...shown[tab]},
	};
};

describe('the pages', () => {
	let run: Run;
	let many: Run;
	before(async () => {
		const {engine} = await playNight(new Hall(() => now), 'night-1', nightJob({batches: 40, concurrency: 3}), {
			...{until: 20, now},
		});
		run = engine.getSnapshot();
		const wide = await playNight(new Hall(() => now), 'night-1', nightJob({batches: 250, concurrency: 1}), {
			until: 1,
			now,
		});
		many = wide.engine.getSnapshot();
	});

	const pagesWith = (text: string, of = run): Record<string, string> => {
		const seen = seenOf({...of, job: {...of.job, name: text}});
		const panes = of.live.map(batch => ({batch, attempt: batchAt(of, batch).attempt, text}));
		const notice = {kind: 'refused', text} as const;
		return Object.fromEntries(
			Object.entries({
				jobs: jobsPage({
					...{now, notice, skipped: [{file: text, problem: text}]},
					jobs: [
						{...seen, name: text, updatedAt: now},
						{id: 'gone-1', name: text, file: text, workspace: '/w', state: 'unreadable', updatedAt: 0, problem: text},
					],
				}),
				job: jobPage({now, job: seen, query: {filter: text}, panes, notice}),
				'job without a filter': jobPage({now, job: seen, query: {filter: ''}, panes, notice}),
				timeline: timelinePage({now, job: seen}),
				...Object.fromEntries(
					batchTabs.map(tab => [`batch, ${tab}`, batchPage({...batchView(of, 2, tab, text), job: seen, notice})]),
				),
				'failed batch': batchPage({...batchView(of, 5, 'validation', text), job: seen}),
				history: historyPage({
					...{now, query: {job: '', days: 7, failed: false}, jobs: [{id: 'night-1', name: text}]},
					answers: historyOf(text, now),
				}),
				login: loginPage({now, next: text, notice}),
				problem: problemPage({now, status: 404, title: text, text}),
			}).map(([name, page]) => [name, String(page)]),
		);
	};

	test('show what a child, a job file or an address says as text, and hold no script or style of their own', () => {
		for (const [name, page] of Object.entries(pagesWith(evil))) {
			assert.doesNotMatch(page, /<script>|<img/, name);
			assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/, name);
			assert.doesNotMatch(page.replace(/="[^"]*"/g, '='), /<[^>]* (?:style|on[a-z]+)=/, name);
			assert.deepEqual(page.match(/<script[^>]*>/g), ['<script src="/assets/live.js" type="module">'], name);
			assert.doesNotMatch(page, / (?:src|href|action)="(?!\/(?!\/)|#main)/, `${name}: it leads elsewhere`);
		}
	});

	test('have one heading, one main part, a way past the bar, and a name each', () => {
		for (const [name, page] of Object.entries(pagesWith('commit-review'))) {
			assert.equal(page.match(/<h1/g)?.length, 1, name);
			assert.equal(page.match(/<main id="main"/g)?.length, 1, name);
			assert.match(page, /<a class="skip" href="#main">/, name);
			assert.match(page, /<title>[^<]+ · Mozart<\/title>/, name);
			const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
			assert.deepEqual(
				ids.filter((id, index) => ids.indexOf(id) !== index),
				[],
				`${name}: ids are unique`,
			);
		}
	});

	test('offer who may not look no way in', () => {
		for (const page of [loginPage({now, next: '/'}), problemPage({now, status: 401, title: 'No', text: 'no'})])
			assert.doesNotMatch(String(page), /href="\/(?!assets)/);
	});

	test('tell of a job how far it is, what failed, what runs and what it prints', () => {
		const page = textOf(pagesWith('commit-review')['job without a filter']!);
		for (const words of [
			'of 40 completed',
			'completions',
			'retries',
			'elapsed',
			'tokens in, out',
			'cost',
			'Needs a look',
		])
			assert.ok(page.includes(words), words);
		const [live] = run.live;
		assert.match(page, new RegExp(`batch ${live} #1 .*running \\d`));
		assert.match(page, /#2 C 1\/2/);
		assert.match(page, /#3 R 2\/2/);
	});

	test('offer buttons that fit, and ask before paid work is ended', () => {
		const job = pagesWith('x')['job without a filter']!;
		assert.match(job, /data-key="p"[^>]*>Pause</);
		assert.match(job, /popovertarget="job-acts-P"/);
		const running = String(batchPage(batchView(run, run.live[0]!, 'output')));
		assert.match(textOf(running), /End attempt 1 of batch \d+ and hold it\?/);
		assert.match(running, /name="attempt" value="1"/);
		const failed = String(batchPage(batchView(run, 5, 'output')));
		assert.match(failed, /data-key="r"[^>]*>Retry</);
		const over = String(jobPage({now, job: seenOf(run, false), query: {filter: ''}, panes: []}));
		assert.doesNotMatch(over, /Pause/);
		assert.match(over, /<code>mozart (?:attach|resume|run) night-1/);
		assert.doesNotMatch(over, /running \d/, 'what ran was cut off');
	});

	test('show a diff with the lines it is about, which rules flipped, and what was told', () => {
		const page = textOf(String(batchPage(batchView(run, 2, 'validation'))));
		assert.match(page, /@@ -1,3 \+1,4 @@/);
		assert.match(page, /2 -x old/);
		assert.match(page, /2 \+x new/);
		assert.match(page, /4 \+more/);
		assert.match(page, /failed before/);
		assert.match(String(batchPage(batchView(run, 2, 'attempts'))), /▲/);
	});

	test('mark a batch that passed on the last try', () => {
		const late: Batch = {...batchAt(run, 2), retries: run.job.retry.max_retries};
		const page = String(batchPage(batchView({...run, batches: withBatch(run.batches, late)}, 2, 'validation')));
		assert.match(page, /passed on the last try/);
	});

	test('have no key that the help does not name, and name none that does nothing', () => {
		const batches = ['pending', 'held', 'waiting'].map(status => {
			const batch = {
				...batchAt(run, 30),
				status,
				until: now + 9000,
				next: 'normal',
				recheck: false,
			} as unknown as Batch;
			return String(batchPage(batchView({...run, batches: withBatch(run.batches, batch)}, 30, 'attempts')));
		});
		const paged = [1, 2].map(page => String(jobPage({now, job: seenOf(many), query: {filter: '', page}, panes: []})));
		const running = String(batchPage(batchView(run, run.live[0]!, 'output')));
		const later = String(batchPage({...batchView(run, 5, 'validation'), attempt: 2}));
		const all = [...Object.values(pagesWith('x')), ...batches, ...paged, running, later].join('');
		const bound = new Set(
			[...all.matchAll(/data-key="([^"]+)"/g)].map(([, key = '']) => (key === 'escape' ? 'esc' : key)),
		);
		const named = shortcuts.flatMap(({keys}) => keys.flatMap(key => (key === '–' ? ['2', '3', '4'] : [key])));
		const ofTheScript = ['j', 'k', 'g', 'G', '↵', '/', '?'];
		assert.deepEqual(named.filter(key => !ofTheScript.includes(key)).sort(), [...bound].sort());
	});

	test('draw a day on which nothing was done as a gap', () => {
		const answers = historyOf('x', now);
		const costs = answers.costs.filter((_, index) => index === 0 || index === 4);
		const query = {job: '', days: 7, failed: false};
		const page = textOf(String(historyPage({now, query, jobs: [], answers: {...answers, costs}})));
		assert.match(page, /2026-07-27 0 ms in 0 attempts/);
	});

	test('draw charts whose figures stand in a table too', () => {
		const page = pagesWith('x').timeline!;
		assert.match(
			page,
			/<svg class="lanes"[^>]* role="img" aria-label="From [^"]+ attempts?, at most 3 batches at once/,
		);
		assert.match(textOf(page), /Attempts and waits, oldest first Began Batch What Took How it came out/);
		const charts = [...page.matchAll(/<svg (?![^>]*aria-hidden)[^>]*>/g)].map(([tag]) => tag);
		assert.ok(charts.length >= 4);
		for (const chart of charts) assert.match(chart, /role="img" aria-label="[^"]+"/);
	});
});

/** What a page says, without its tags. */
const textOf = (page: string): string =>
	page
		.replace(/<kbd[^>]*>[^<]*<\/kbd>/g, '')
		.replace(/<[^>]*>/g, ' ')
		.replace(/\s+/g, ' ');
