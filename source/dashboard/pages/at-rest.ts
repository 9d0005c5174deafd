import {atRest} from '../../core/recovery.js';
import {summarize} from '../../core/summary.js';
import type {SeenJob} from '../views.js';

/** A job as its pages show it: what was under way when its program ended without a word is not under way any more. */
export function shownJob(job: SeenJob, now: number): SeenJob {
	if (job.owner || job.run.phase === 'ended') return job;
	const run = atRest(job.run);
	return {...job, run, summary: summarize(run, now)};
}
