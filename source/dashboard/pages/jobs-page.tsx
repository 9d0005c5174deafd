/** @jsxImportSource hono/jsx */
import {dirname} from 'node:path';
import {moneyWords} from '../../headless/spent-words.js';
import {counted} from '../../headless/words.js';
import {oneLine} from '../../process/sanitize.js';
import type {JobLine, JobsView} from '../views.js';
import {Moment} from './clock.js';
import {Heads} from './heads.js';
import {type Html, page} from './page.js';
import {ProgressBar} from './progress-bar.js';
import {JobSign} from './state-sign.js';

/** All jobs of this user, wherever they were started; those that are live come first. */
export function jobsPage({now, jobs, skipped, notice}: JobsView): Html {
	const live = jobs.filter(({owner}) => owner);
	const shown = [...live, ...jobs.filter(({owner}) => !owner)];
	const failing = jobs.filter(({owner, summary}) => owner && summary && summary.failed > 0).length;
	return page({
		...{title: live.length > 0 ? `${live.length} live` : 'Jobs', now, place: 'jobs', live: 'all', notice},
		spoken: failing > 0 ? `${counted(failing, 'live job has', 'live jobs have')} failed batches` : undefined,
		children: (
			<>
				<div class="title-row">
					<h1>Jobs</h1>
					<p class="soft">
						{counted(jobs.length, 'job')}
						{live.length > 0 && `, ${live.length} live`}
					</p>
				</div>
				{jobs.length === 0 ? <NoJobs /> : <JobTable jobs={shown} now={now} />}
				{skipped.length > 0 && (
					<section class="card" aria-labelledby="skipped">
						<h2 id="skipped">Could not be read</h2>
						<ul class="faults">
							{skipped.map(({file, problem}) => (
								<li>
									<code>{file}</code>: {problem}
								</li>
							))}
						</ul>
					</section>
				)}
			</>
		),
	});
}

const JobTable = ({jobs, now}: {jobs: readonly JobLine[]; now: number}) => (
	<div class="card scroll">
		<table class="rows">
			<caption class="unseen">Jobs, live ones first</caption>
			<Heads
				heads={[
					'Job',
					'State',
					'Batches',
					{words: 'Cost', isEnd: true, isWide: true},
					{words: 'Last heard of', isWide: true},
					{words: 'Folder', isWide: true},
				]}
			/>
			<tbody>
				{jobs.map(job => (
					<JobRow job={job} now={now} />
				))}
			</tbody>
		</table>
	</div>
);

function JobRow({job, now}: {job: JobLine; now: number}) {
	const {id, name, state, summary, updatedAt, file, problem} = job;
	const isLost = state === 'missing' || state === 'unreadable';
	return (
		<tr id={`job-${id}`} data-row class={job.owner ? undefined : 'quiet'}>
			<th scope="row">{isLost ? oneLine(name) : <a href={`/jobs/${id}`}>{oneLine(name)}</a>}</th>
			<td>
				<JobSign state={state} words={stateWords(job)} />
			</td>
			<td>
				{summary ? (
					<>
						<ProgressBar counts={summary} slim />
						<span class="keep">
							{summary.completed}/{summary.total}
							{summary.failed > 0 && <span class="is-failed"> · {summary.failed} failed</span>}
						</span>
					</>
				) : (
					<span class="soft">{problem ?? 'its state is gone, or on a disk that is not there'}</span>
				)}
			</td>
			<td class="end wide">{summary && moneyWords(summary)}</td>
			<td class="wide">
				<Moment at={updatedAt} now={now} />
			</td>
			<td class="wide cut" title={file}>
				{dirname(file)}
			</td>
		</tr>
	);
}

/** A run that stopped with work left is paused on disk: that no program is there for it is what matters here. */
const stateWords = ({state, owner}: JobLine) => (state === 'paused' && !owner ? 'stopped' : state);

const NoJobs = () => (
	<section class="card padded stack">
		<h2>No jobs yet</h2>
		<p>
			A job is a small file: which AI CLI, how many items a batch, a prompt, and rules that say what a finished batch
			looks like.
		</p>
		<p>
			<code>mozart init</code> writes one to begin with, <code>mozart run mozart.yaml</code> runs it; it is listed here
			from then on.
		</p>
	</section>
);
