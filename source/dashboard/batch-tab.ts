import {batchAt} from '../core/batch-table.js';
import type {KnownJob} from '../store/registry.js';
import type {Jobs} from './jobs.js';
import {mostPanes} from './pages/job-page.js';
import type {BatchTab, BatchView, Pane, SeenJob, ShownTab} from './views.js';

/** Lines of the output of a batch that runs. */
const paneLines = 200;

/** What a tab of a batch shows beside its attempts. */
export async function batchTabOf(
	jobs: Jobs,
	known: KnownJob,
	{job: {run}, batch, attempts, attempt}: Pick<BatchView, 'job' | 'batch' | 'attempts' | 'attempt'>,
	tab: BatchTab,
): Promise<ShownTab> {
	const {number} = batch;
	if (attempt === 0) return {tab: 'attempts'};
	switch (tab) {
		case 'validation': {
			const next = 'problem' in attempts ? undefined : attempts.find(one => one.attempt === attempt + 1);
			const told = next?.mode === 'completion' ? await jobs.prompt(known, number, next.attempt) : undefined;
			return {tab, ...(told !== undefined && {told})};
		}
		case 'attempts':
			return {tab};
		case 'prompt': {
			const prompt = await jobs.prompt(known, number, attempt);
			return {tab, ...(prompt !== undefined && {prompt})};
		}
		case 'output': {
			const isOver = batch.status !== 'running' || batch.attempt !== attempt;
			return {tab, output: await jobs.output(known, run, batch, attempt).more(isOver)};
		}
		case 'events': {
			const facts = await jobs.facts(known, 0);
			const events = 'problem' in facts ? [] : facts.filter(event => 'batch' in event && event.batch === number);
			return {tab, events};
		}
	}
}

/** The end of what the batches that run have printed. */
export async function panesOf(jobs: Jobs, known: KnownJob, {run}: SeenJob): Promise<Pane[]> {
	const running = run.live.map(number => batchAt(run, number)).filter(({status}) => status === 'running');
	return Promise.all(
		running.slice(0, mostPanes).map(async batch => {
			const {text} = await jobs.output(known, run, batch, batch.attempt).more(false);
			return {batch: batch.number, attempt: batch.attempt, text: text.split('\n').slice(-paneLines).join('\n')};
		}),
	);
}
