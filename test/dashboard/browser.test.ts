import assert from 'node:assert/strict';
import test, {after, before, describe} from 'node:test';
import type {Page} from 'playwright-core';
import {batchAt} from '../../source/core/batch-table.js';
import {reduce} from '../../source/core/reduce.js';
import type {Run} from '../../source/core/run.js';
import {type Dashboard, openDashboard} from '../../source/dashboard/server.js';
import {systemClock} from '../../source/engine/clock.js';
import type {Engine} from '../../source/engine/engine.js';
import {eventually} from '../program/program.js';
import {makeJob} from '../support/job.js';
import {World} from '../support/world.js';
import {axeFindings, openBrowser, type Watch, whyNot} from './browser.js';
import {Gate} from './gate.js';
import {Hall} from './hall.js';
import {historyOf, nightJob, playNight} from './night.js';

const evil = '<script>alert(1)</script><img src=x onerror=alert(2)>';

/** A job of so many batches, of which two run at once and none is begun by itself. */
function begin(hall: Hall, id: string, {batches = 6, rules = 2, name = id} = {}) {
	const world = new World({
		...makeJob({batches, rules, concurrency: 2, onFailure: 'continue', retry: {max_retries: 0}}),
		name,
	});
	world.time = Date.now();
	const engine = world.open();
	hall.show(id, engine, world);
	return world;
}

describe('the pages in a browser', {skip: whyNot ?? false}, () => {
	const hall = new Hall(Date.now);
	let watch: Watch;
	let dashboard: Dashboard;
	let page: Page | undefined;

	before(async () => {
		const opened = await openDashboard({jobs: hall.jobs, clock: systemClock, host: '127.0.0.1', port: 0});
		assert.ok('url' in opened, JSON.stringify(opened));
		dashboard = opened;
		watch = await openBrowser();
	});
	after(async () => {
		await watch?.browser.close();
		await dashboard?.close();
	});

	/** The page of all tests, at this path: a new one costs more than most of them. */
	async function openPage(path: string, origin = dashboard.origin): Promise<Page> {
		page ??= (await watch.open()).page;
		await goTo(page, path, origin);
		return page;
	}

	const goTo = (page: Page, path: string, origin = dashboard.origin) =>
		page.goto(`${origin}${path}${path.includes('?') ? '&' : '?'}token=${dashboard.token}`);
	const text = (page: Page, selector: string) => page.locator(selector).textContent();
	/** Waits until an element says this. */
	const says = (page: Page, selector: string, words: string) =>
		page.locator(selector, {hasText: words}).first().waitFor();

	test('show a job run to its end: rows, output, figures and title move by themselves, and nothing else does', async () => {
		const world = begin(hall, 'watched', {batches: 4});
		await world.settle();
		const page = await openPage('/jobs/watched');
		await says(page, '#line', 'live');
		// What changes from here on is noted, row by row.
		await page.evaluate(`window.touched = new Set(); new MutationObserver(all => all.forEach(({target}) => {
			const row = (target.nodeType === 1 ? target : target.parentElement)?.closest('[data-row]');
			if (row) window.touched.add(row.id);
		})).observe(document.getElementById('batch-rows'), {subtree: true, childList: true, characterData: true, attributes: true})`);
		hall.print('watched', 1, 1, `first line\n${evil}\n`);
		await says(page, '[data-output="1-1"]', evil);
		world.attempts.find(({task}) => task.batch.number === 1)?.end();
		await world.settle();
		world.checks[0]?.answer(2);
		await says(page, '#batch-1', 'completed');
		await says(page, '#batch-3', 'running');
		const touched = await page.evaluate<string[]>('[...window.touched].filter(id => id !== "batch-2").sort()');
		assert.deepEqual(touched, ['batch-1', 'batch-3'], 'a row that has not changed is left alone, but for its clock');
		while (world.engine.getSnapshot().phase !== 'ended') {
			world.attempts[0]?.end();
			await world.settle();
			world.checks[0]?.answer(2);
			await world.settle();
		}
		await says(page, '.title-row', 'completed');
		await page.waitForFunction('document.title.startsWith("4/4")');
		assert.match((await text(page, '#panes')) ?? '', /All batches are done/);
	});

	test('pause, go on, and retry a batch; what is refused is said in words', async () => {
		const world = begin(hall, 'steered');
		await world.settle();
		const page = await openPage('/jobs/steered');
		await page.getByRole('button', {name: 'Pause', exact: false}).first().click();
		await says(page, '.title-row', 'pausing');
		assert.notEqual(await text(page, '#message'), '');
		await page.getByRole('button', {name: 'Go on'}).click();
		await says(page, '.title-row', 'running');
		world.attempts[0]?.end();
		await world.settle();
		world.checks[0]?.answer(0);
		await world.settle();
		await page.getByRole('link', {name: 'batch 1', exact: true}).first().click();
		await says(page, '.title-row', 'failed');
		await page.getByRole('button', {name: 'Retry'}).click();
		await says(page, '.title-row', 'pending, queued again');
		assert.equal(batchAt(world.engine.getSnapshot(), 1).status, 'pending');
		// A key of a batch that cannot have it.
		await page.goto(`${dashboard.origin}/jobs/steered`);
		await page.locator('#batch-2 a').focus();
		await page.keyboard.press('r');
		await says(page, '#message', 'batch 2 is running; stop its attempt first');
		// What ends paid work asks first; no is the answer that is offered.
		await page.keyboard.press('s');
		await says(page, 'dialog:popover-open', 'End it and skip it?');
		await page.keyboard.press('Escape');
		assert.equal(batchAt(world.engine.getSnapshot(), 2).status, 'running');
		await page.locator('#batch-2 a').focus();
		await page.keyboard.press('s');
		await page.getByRole('button', {name: 'End it and skip the batch'}).click();
		await says(page, '#batch-2', 'stopping');
		world.attempts.find(({aborted}) => aborted)?.end({aborted: true});
		await says(page, '#batch-2', 'skipped');
	});

	test('work without the script: a form leads back to the page, and a refusal is read on it', async () => {
		const world = begin(hall, 'plain');
		await world.settle();
		const {page} = await watch.open({javaScriptEnabled: false});
		await goTo(page, '/jobs/plain');
		await page.getByRole('button', {name: 'Pause', exact: true}).click();
		await says(page, '.title-row', 'pausing');
		await world.engine.send({type: 'resume'});
		await page.reload();
		await world.engine.send({type: 'pause', mode: 'drain'});
		await page.getByRole('button', {name: 'Pause', exact: true}).click();
		await says(page, 'main', 'already paused');
		await page.goto(`${dashboard.origin}/jobs/plain`);
		await page.getByRole('button', {name: 'Pause now…'}).click();
		await page.getByRole('button', {name: 'End it and pause'}).click();
		await says(page, '.title-row', 'paus');
		assert.equal(world.engine.getSnapshot().stop, 'now');
		await page.context().close();
	});

	test('show a diff, and which rules flipped', async () => {
		const world = begin(hall, 'read', {batches: 2});
		const shown = hall.of('read');
		const file = {path: 'TRACKER.md', exists: true};
		shown.files.set('1-2', [
			{
				...{path: 'TRACKER.md', before: {...file, hash: 'a'}, after: {...file, hash: 'b'}},
				...{beforeText: 'one\ntwo\n', afterText: `one\ntwo, and ${evil}\n`},
			},
		]);
		world.jobFile = world.job;
		await world.settle();
		const end = async (passed: number) => {
			world.attempts.find(({task}) => task.batch.number === 1)?.end();
			await world.settle();
			world.checks[0]?.answer(passed);
			await world.settle();
		};
		await end(1);
		await world.engine.send({type: 'retry', batch: 1});
		await world.settle();
		await end(2);
		const page = await openPage('/jobs/read/batches/1?tab=validation');
		await says(page, '.diff .removed', 'two');
		await says(page, 'html.js .diff .added', `two, and ${evil}`);
		await page.keyboard.press('3');
		await says(page, '.matrix', '▲');
	});

	test('say that the connection is lost, try again, and go on where they were', async () => {
		const world = begin(hall, 'far');
		await world.settle();
		const gate = new Gate(dashboard.port);
		await gate.open();
		const page = await openPage('/jobs/far', gate.origin);
		await says(page, '#line', 'live');
		hall.print('far', 1, 1, 'before\n');
		await says(page, '[data-output="1-1"]', 'before');
		await gate.shut();
		await says(page, '#line', 'connection lost, trying again');
		hall.print('far', 1, 1, 'meanwhile\n');
		world.attempts.find(({task}) => task.batch.number === 2)?.end();
		await world.settle();
		world.checks[0]?.answer(2);
		await world.settle();
		await gate.open();
		await says(page, '#batch-2', 'completed');
		await says(page, '#line', 'live');
		await says(page, '[data-output="1-1"]', 'meanwhile');
		const output = await page.locator('[data-output="1-1"] pre').textContent();
		assert.equal(output, 'before\nmeanwhile\n', 'nothing is missing, nothing is there twice');
		await gate.shut();
	});

	test('leave their connection to others while nobody sees them, and show what happened when somebody does', async () => {
		const world = begin(hall, 'hidden');
		await world.settle();
		const page = await openPage('/jobs/hidden');
		const {signals} = hall.of('hidden');
		const see = (hidden: boolean) =>
			page.evaluate(`Object.defineProperty(document, 'hidden', {value: ${hidden}, configurable: true});
				document.dispatchEvent(new Event('visibilitychange'))`);
		const listening = (count: number) => eventually(`${count} that listen`, () => signals.size === count);
		await listening(1);
		await see(true);
		await listening(0);
		await world.engine.send({type: 'pause', mode: 'drain'});
		await see(false);
		await says(page, '.title-row', 'pausing');
		await listening(1);
	});

	test('say that the server is another one by now, which has to be told who they are', async () => {
		await begin(hall, 'kept').settle();
		const gate = new Gate(dashboard.port);
		await gate.open();
		const page = await openPage('/jobs/kept', gate.origin);
		await says(page, '#line', 'live');
		await gate.shut();
		const other = await openDashboard({jobs: hall.jobs, clock: systemClock, host: '127.0.0.1', port: 0});
		assert.ok('url' in other);
		const there = new Gate(other.port);
		there.port = gate.port;
		await there.open();
		await says(page, '#line', 'the dashboard was started anew: load this page again');
		await says(page, '#batch-1', 'running');
		await there.shut();
		await other.close();
	});

	test('are led with the keyboard alone, from the list of jobs to a verdict and back', async () => {
		const world = begin(hall, 'keys');
		await world.settle();
		world.attempts[0]?.end();
		await world.settle();
		world.checks[0]?.answer(0);
		await world.settle();
		const page = await openPage('/');
		await page.keyboard.press('Tab');
		assert.equal(await page.evaluate('document.activeElement.textContent.trim()'), 'Skip to the content');
		await page.locator('#job-keys').waitFor();
		const rows = await page.locator('[data-row]').count();
		for (let step = 0; step < rows; step++) {
			await page.keyboard.press('j');
			if ((await page.evaluate('document.activeElement.closest("[data-row]").id')) === 'job-keys') break;
		}
		const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
		assert.equal(outline, 'solid', 'the focus is seen');
		await page.keyboard.press('Enter');
		await page.waitForURL('**/jobs/keys');
		await page.keyboard.press('/');
		await page.keyboard.type('failed');
		await page.keyboard.press('Enter');
		await page.waitForURL('**/jobs/keys?filter=failed');
		await page.keyboard.press('j');
		await page.keyboard.press('Enter');
		await page.waitForURL('**/jobs/keys/batches/1');
		await page.keyboard.press('2');
		await says(page, 'html.js .verdict', 'rule-0 does not exist');
		await page.keyboard.press('?');
		await says(page, '#help', 'retry the batch');
		await page.keyboard.press('Escape');
		await page.keyboard.press('Escape');
		await page.waitForURL('**/jobs/keys');
		await page.keyboard.press('p');
		await says(page, '.title-row', 'pausing');
	});

	test('stay quick with 10,000 batches', async () => {
		const engine = stillEngine(longRun(10_000, 4200));
		hall.show('long', engine);
		const page = await openPage('/jobs/long');
		await page.evaluate(`window.long = []; new PerformanceObserver(list => list.getEntries().forEach(({duration}) =>
			window.long.push(Math.round(duration)))).observe({type: 'longtask', buffered: true})`);
		await says(page, '#batch-4201', 'pending');
		const nodes = await page.evaluate<number>('document.querySelectorAll("*").length');
		assert.ok(nodes < 2500, `${nodes} elements`);
		const began = performance.now();
		for (let batch = 4201; batch <= 4260; batch++) await engine.skip(batch);
		await says(page, '#batch-4260', 'skipped');
		const moved = performance.now() - began;
		const long = await page.evaluate<number[]>('window.long');
		assert.ok(Math.max(0, ...long) < 1000, `tasks of ${long} ms`);
		await page.locator('#filter').fill('9990-');
		await page.keyboard.press('Enter');
		await says(page, '#batch-10000', 'pending');
		assert.ok(moved < 5000, `60 facts took ${moved} ms`);
	});

	test('fit 390 pixels, and axe has nothing serious to say, in light and in dark', async () => {
		await playNight(hall, 'night', nightJob({batches: 12, concurrency: 3}), {until: 8, now: Date.now()});
		hall.told = historyOf('commit-review', Date.now());
		const paths = [
			...['/', '/jobs/night', '/jobs/night?filter=failed', '/jobs/night/timeline', '/history'],
			...['', '?tab=validation', '?tab=attempts', '?tab=prompt', '?tab=events'].map(
				tab => `/jobs/night/batches/5${tab}`,
			),
			'/jobs/nobody',
		];
		const page = await openPage('/');
		await page.setViewportSize({width: 390, height: 844});
		for (const path of paths) {
			await page.goto(`${dashboard.origin}${path}`);
			const width = await page.evaluate('document.documentElement.scrollWidth');
			assert.equal(width, 390, `${path} is wider than the screen`);
			// They are made of what others are made of.
			if (/prompt|events|filter/.test(path)) continue;
			assert.deepEqual(await axeFindings(page), [], `${path}, light`);
			// What is right in the light is so in the dark, but for its colours.
			await page.emulateMedia({colorScheme: 'dark'});
			assert.deepEqual(await axeFindings(page, ['color-contrast', 'link-in-text-block']), [], `${path}, dark`);
			await page.emulateMedia({colorScheme: 'light'});
		}
		const closed = await openDashboard({
			...{jobs: hall.jobs, clock: systemClock, port: 0},
			host: '127.0.0.1',
			password: 'a long one',
		});
		assert.ok('url' in closed);
		await page.goto(`${closed.origin}/`);
		await says(page, 'label', 'Password');
		assert.deepEqual(await axeFindings(page), []);
		await closed.close();
		await page.setViewportSize({width: 1440, height: 900});
		await page.goto(`${dashboard.origin}/jobs/night`);
		assert.deepEqual(await axeFindings(page), []);
	});

	test('open no dialog, run into no error, and load nothing that their policy forbids', async () => {
		begin(hall, 'evil', {name: evil});
		hall.print('evil', 1, 1, evil);
		const page = await openPage('/jobs/evil');
		await says(page, 'h1', evil);
		await says(page, '[data-output="1-1"]', evil);
		assert.deepEqual(watch.wrong, [], 'of this page and of all before');
	});
});

/** A run of so many batches of which the first ones were skipped. */
function longRun(total: number, done: number): Run {
	const job = makeJob({batches: total});
	const batches = Array.from({length: total}, (_, index) => ({first: index + 1, last: index + 1}));
	let run = reduce(undefined, {seq: 1, at: Date.now(), type: 'run-started', job, sets: [], template: '', batches});
	for (let batch = 1; batch <= done; batch++)
		run = reduce(run, {seq: batch + 1, at: Date.now(), type: 'batch-skipped', batch});
	return run;
}

/** An engine in which batches are skipped, and nothing else happens. */
function stillEngine(first: Run): Engine & {skip(batch: number): Promise<void>} {
	let run = first;
	const listeners = new Set<Parameters<Engine['subscribe']>[0]>();
	return {
		start() {},
		leave() {},
		getSnapshot: () => run,
		subscribe(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		onSignal: () => () => {},
		send: async () => 'nothing happens here',
		ended: new Promise(() => {}),
		async skip(batch) {
			const event = {seq: run.seq + 1, at: Date.now(), type: 'batch-skipped' as const, batch};
			run = reduce(run, event);
			for (const listener of listeners) listener([event], run);
			await new Promise(resolve => setImmediate(resolve));
		},
	};
}
