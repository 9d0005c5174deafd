/** @jsxImportSource hono/jsx */

import {batchAt} from '../../core/batch-table.js';
import {type Digest, digestOf} from '../../core/digest.js';
import type {Run} from '../../core/run.js';
import {counters, stageWords} from '../../headless/batch-text.js';
import {numberWords} from '../../headless/digest-text.js';
import {counted} from '../../headless/words.js';
import {oneLine} from '../../process/sanitize.js';
import type {JobView, Pane, SeenJob} from '../views.js';
import {shownJob} from './at-rest.js';
import {BatchList, namesOf} from './batch-rows.js';
import {Figures} from './figures.js';
import {JobHead} from './job-head.js';
import {windowOf} from './list-window.js';
import {type Html, page} from './page.js';
import {ScrollText} from './scroll-text.js';
import {StatusSign} from './state-sign.js';

/** A job as it is watched: how far it is, what runs, what has failed, and its batches. */
export function jobPage({now, job: found, query, panes, notice}: JobView): Html {
	const job = shownJob(found, now);
	const {id, run, summary} = job;
	return page({
		...{title: titleWords(job), now, place: 'jobs', live: {id, run: found.run}, notice},
		within: {href: '/', name: 'Jobs'},
		spoken: spokenWords(job),
		children: (
			<>
				<JobHead job={job} here="batches" />
				<Figures run={run} summary={summary} isRun={job.owner !== undefined} now={now} />
				<Faults job={job} now={now} />
				<div class="job-parts">
					<BatchList id={id} run={run} list={windowOf(run, query)} now={now} />
					<Panes job={job} panes={panes} now={now} />
				</div>
			</>
		),
	});
}

/** How far it is stands first, so that a tab tells it. */
export const titleWords = ({run, summary, state}: SeenJob): string =>
	`${summary.completed}/${summary.total} ${state === 'running' ? '' : `${state} `}· ${oneLine(run.job.name)}`;

/** What is worth a word to who only listens: not each batch, but how it stands and what fails. */
function spokenWords({state, summary}: SeenJob): string {
	const {failed} = summary;
	return failed > 0 ? `${state}, ${counted(failed, 'batch has', 'batches have')} failed` : state;
}

/** Batches whose output is shown; a bound, so that a page stays light. */
export const mostPanes = 8;

function Panes({job, panes, now}: {job: SeenJob; panes: readonly Pane[]; now: number}) {
	const {id, run} = job;
	const live = run.live.map(number => batchAt(run, number));
	const running = live.filter(({status}) => status === 'running' || status === 'stopping' || status === 'rechecking');
	const shown = running.slice(0, mostPanes);
	return (
		<section class="panes" id="panes" aria-labelledby="panes-title">
			<h2 id="panes-title" class="unseen">
				What runs
			</h2>
			{shown.length === 0 && <Rest job={job} now={now} />}
			{shown.map(batch => {
				const pane = panes.find(one => one.batch === batch.number && one.attempt === batch.attempt);
				const name = `pane-${batch.number}-${batch.attempt}`;
				const items = namesOf(batch, run);
				return (
					<article
						class={shown.length === 1 ? 'card pane alone' : 'card pane'}
						id={name}
						aria-labelledby={`${name}-title`}
					>
						<div class="card-head">
							<h3 id={`${name}-title`}>
								<StatusSign status={batch.status} isSaid={false} />{' '}
								<a href={`/jobs/${id}/batches/${batch.number}`}>batch {batch.number}</a>
							</h3>
							<span class="soft keep">{counters(batch, run).join(' ')}</span>
							{items !== '' && <span class="soft cut wide">{items}</span>}
							<span class="end keep">
								{batch.status === 'running' && !batch.outcome ? (
									<>
										running <span data-since={batch.startedAt}>{stageWords(batch, now).replace('running ', '')}</span>
									</>
								) : (
									stageWords(batch, now)
								)}
							</span>
						</div>
						<ScrollText
							id={`${name}-text`}
							label={`Output of batch ${batch.number}`}
							text={pane?.text ?? ''}
							output={`${batch.number}-${batch.attempt}`}
						/>
					</article>
				);
			})}
			{running.length > shown.length && (
				<p class="soft">
					and {running.length - shown.length} more that run: <a href={`/jobs/${id}?filter=running`}>all that run</a>
				</p>
			)}
		</section>
	);
}

/** What stands where nothing runs: why, and where no program is there, how to go on. */
const Rest = ({job, now}: {job: SeenJob; now: number}) => (
	<div class="card empty stack">
		<p>{restWords(job)}</p>
		{!job.owner &&
			digestAt(job, now).next.map(({does, command}) => (
				<p>
					To {does}: <code>{command}</code>
				</p>
			))}
	</div>
);

function restWords({run, summary, owner}: SeenJob): string {
	if (summary.left === 0) return 'All batches are done.';
	if (!owner) return 'No program runs this job.';
	if (summary.waiting > 0 || summary.limit) return 'Nothing runs: it waits.';
	return run.phase === 'ended' ? 'The run is over.' : 'Nothing runs at the moment.';
}

/** What has failed, the same failures together, and what waits for a word. */
function Faults({job, now}: {job: SeenJob; now: number}) {
	const {id} = job;
	const {failed, held} = digestAt(job, now);
	if (failed.length === 0 && held.length === 0) return null;
	return (
		<section class="card" aria-labelledby="faults-title">
			<h2 id="faults-title" class="is-failed">
				Needs a look
			</h2>
			<ul class="faults">
				{failed.slice(0, mostFaults).map(({message, batches}) => (
					<li>
						<StatusSign status="failed" /> <BatchLinks id={id} batches={batches} />
						{': '}
						{oneLine(message)}
					</li>
				))}
				{failed.length > mostFaults && (
					<li>
						and {counted(failed.length - mostFaults, 'more kind', 'more kinds')} of failure:{' '}
						<a href={`/jobs/${id}?filter=failed`}>all that failed</a>
					</li>
				)}
				{held.length > 0 && (
					<li>
						<StatusSign status="held" /> <BatchLinks id={id} batches={held} />: held until you say retry
					</li>
				)}
			</ul>
		</section>
	);
}

const mostFaults = 5;

const digests = new WeakMap<Run['batches'], Digest>();

/** Looks at every batch, so it is looked at once a state. Only what does not change with time is taken from it. */
function digestAt({id, run, state}: SeenJob, now: number): Pick<Digest, 'failed' | 'held' | 'next'> {
	const known = digests.get(run.batches);
	if (known?.state === state) return known;
	const digest = digestOf(run, {id, now, state});
	digests.set(run.batches, digest);
	return digest;
}

const BatchLinks = ({id, batches}: {id: string; batches: readonly number[]}) =>
	batches.length === 1 ? (
		<a href={`/jobs/${id}/batches/${batches[0]}`}>batch {batches[0]}</a>
	) : (
		<>
			<a href={`/jobs/${id}/batches/${batches[0]}`}>batch {batches[0]}</a>
			{` and ${numberWords(batches.slice(1))} (${batches.length} alike)`}
		</>
	);
