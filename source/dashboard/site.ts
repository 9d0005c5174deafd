import {type Context, Hono} from 'hono';
import {etag} from 'hono/etag';
import {batchAt} from '../core/batch-table.js';
import type {Filter} from '../store/history/answers.js';
import {type Refusal, refusalStatus, refuse} from './api/refusal.js';
import {answerWith} from './api/route.js';
import {batchTabOf, panesOf} from './batch-tab.js';
import {doneWords, ownPath, readForm, wishIn} from './command-form.js';
import type {Env} from './guard.js';
import {assets} from './pages/assets.js';
import {batchPage} from './pages/batch-page.js';
import {historyPage} from './pages/history-page.js';
import {historyDays} from './pages/history-query.js';
import {jobPage} from './pages/job-page.js';
import {jobsPage} from './pages/jobs-page.js';
import {problemPage} from './pages/problem-page.js';
import {timelinePage} from './pages/timeline-page.js';
import {type Parts, seenJob} from './parts.js';
import {batchTabs} from './views.js';

const dayMs = 86_400_000;
/** Rows of each list of the history. */
const mostHistoryRows = 50;

const titles: Partial<Record<Refusal['kind'], string>> = {'not-found': 'Not found', refused: 'Refused'};

/** A refusal as a page. */
export function refusedPage(
	context: Context<Env>,
	now: number,
	{kind, message}: Refusal,
): Response | Promise<Response> {
	const status = refusalStatus[kind];
	context.header('cache-control', 'no-store');
	return context.html(problemPage({now, status, title: titles[kind] ?? 'This cannot be shown', text: message}), status);
}

/** Whether the answer is read by a program: the script of a page, or anything that asks below `/api/`. */
export const wantsData = (context: Context<Env>): boolean =>
	context.req.path.startsWith('/api/') || (context.req.header('accept') ?? '').startsWith('application/json');

/** The pages for people. Each is whole without a script. */
export function site(parts: Parts): Hono<Env> {
	const {jobs, board, clock} = parts;
	const app = new Hono<Env>();
	const refused = (context: Context<Env>, refusal: Refusal) => refusedPage(context, clock.now(), refusal);

	app.use(async (context, next) => {
		await next();
		// Pages are of this moment, and of nobody else.
		if (!context.res.headers.has('cache-control')) context.res.headers.set('cache-control', 'no-store');
	});

	app.use('/assets/*', etag());
	app.get('/assets/:name', context => {
		const name = context.req.param('name');
		const asset = Object.hasOwn(assets, name) ? assets[name] : undefined;
		if (!asset) return refused(context, refuse('not-found', 'There is no such file.'));
		return context.body(asset.text, 200, {'content-type': asset.type, 'cache-control': 'no-cache'});
	});

	app.get('/', async context => {
		const {rows, skipped} = await board.look();
		return context.html(jobsPage({now: clock.now(), jobs: rows, skipped}));
	});

	app.get('/jobs/:id', async context => {
		const found = await seenJob(parts, context.req.param('id'));
		if ('kind' in found) return refused(context, found);
		const {known, job} = found;
		const {filter = '', page} = context.req.query();
		const query = {filter: filter.slice(0, 200), ...(/^[1-9]\d{0,6}$/.test(page ?? '') && {page: Number(page)})};
		return context.html(jobPage({now: clock.now(), job, query, panes: await panesOf(jobs, known, job)}));
	});

	app.get('/jobs/:id/timeline', async context => {
		const found = await seenJob(parts, context.req.param('id'));
		if ('kind' in found) return refused(context, found);
		return context.html(timelinePage({now: clock.now(), job: found.job}));
	});

	app.get('/jobs/:id/batches/:batch{[1-9][0-9]{0,8}}', async context => {
		const found = await seenJob(parts, context.req.param('id'));
		if ('kind' in found) return refused(context, found);
		const {known, job} = found;
		const number = Number(context.req.param('batch'));
		if (number > job.run.total)
			return refused(context, refuse('not-found', `There is no batch ${number}: the job has ${job.run.total}.`));
		const batch = batchAt(job.run, number);
		const attempts = await jobs.attempts(known, number);
		const asked = Number(context.req.query('attempt') ?? batch.attempt);
		const attempt = Number.isInteger(asked) && asked >= 1 && asked <= batch.attempt ? asked : batch.attempt;
		const tab = batchTabs.find(one => one === context.req.query('tab')) ?? 'output';
		const shown = await batchTabOf(jobs, known, {job, batch, attempts, attempt}, tab);
		return context.html(batchPage({now: clock.now(), job, batch, attempts, attempt, ...shown}));
	});

	app.get('/history', async context => {
		const now = clock.now();
		const {job = '', days = '', failed} = context.req.query();
		const query = {
			...{job, failed: failed === 'yes'},
			days: historyDays.find(one => String(one) === days) ?? 30,
		};
		const filter: Filter = {
			...(job !== '' && {job}),
			...(query.days > 0 && {since: now - query.days * dayMs}),
			...(query.failed && {failed: true}),
		};
		const few = {...filter, limit: mostHistoryRows};
		const [{rows}, answers] = await Promise.all([
			board.look(),
			jobs.history({runs: few, rules: few, costs: filter, slowest: few, retries: filter}),
		]);
		return context.html(historyPage({now, query, jobs: rows.map(({id, name}) => ({id, name})), answers}));
	});

	app.post('/jobs/:id/commands', async context => {
		const asData = wantsData(context);
		const no = (refusal: Refusal) => (asData ? answerWith(context, refusal) : refused(context, refusal));
		const known = await jobs.find(context.req.param('id'));
		if (!known) return no(refuse('not-found', 'There is no such job.'));
		const form = await readForm(context);
		if ('kind' in form) return no(form);
		const read = wishIn(form);
		if ('kind' in read) return no(read);
		const answer = await jobs.steer(known, read.wish);
		if (answer) return no('refused' in answer ? refuse('refused', answer.refused) : refuse('trouble', answer.problem));
		if (asData) return answerWith(context, {done: read.wish, message: doneWords(read.wish)});
		return context.redirect(ownPath(read.back), 303);
	});

	return app;
}
