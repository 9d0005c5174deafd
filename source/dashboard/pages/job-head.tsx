/** @jsxImportSource hono/jsx */
import {oneLine} from '../../process/sanitize.js';
import type {SeenJob} from '../views.js';
import {ActButtons} from './act-buttons.js';
import {jobActs} from './acts.js';
import {JobSign} from './state-sign.js';

type Here = 'batches' | 'timeline';

/** What a job is called, how it stands, what can be done with it, and its views. */
export function JobHead({job, here}: {job: SeenJob; here: Here}) {
	const {id, run, state, summary, owner} = job;
	const acts = jobActs(run, {isRun: owner !== undefined, left: summary.left, running: summary.running});
	const back = here === 'batches' ? `/jobs/${id}` : `/jobs/${id}/timeline`;
	return (
		<>
			<div class="title-row">
				<h1>{oneLine(run.job.name)}</h1>
				<JobSign state={state} words={state === 'paused' && !owner ? 'stopped' : state} />
				<ActButtons acts={acts} id="job-acts" to={`/jobs/${id}/commands`} back={back} />
			</div>
			<nav class="tabs" aria-label="Views of this job">
				<a href={`/jobs/${id}`} aria-current={here === 'batches' ? 'page' : undefined}>
					Batches
				</a>
				<a href={`/jobs/${id}/timeline`} aria-current={here === 'timeline' ? 'page' : undefined}>
					Timeline and cost
				</a>
			</nav>
		</>
	);
}
