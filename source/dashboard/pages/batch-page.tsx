/** @jsxImportSource hono/jsx */
import {batchAt} from '../../core/batch-table.js';
import {passedOnLastTry} from '../../core/summary.js';
import {counters, itemWords, stageWords} from '../../headless/batch-text.js';
import {eventLines} from '../../headless/event-line.js';
import {ruleName} from '../../headless/rule-name.js';
import {oneLine, stripControls} from '../../process/sanitize.js';
import {type BatchTab, type BatchView, batchTabs} from '../views.js';
import {ActButtons} from './act-buttons.js';
import {batchActs} from './acts.js';
import {shownJob} from './at-rest.js';
import {AttemptChoice, Attempts} from './attempts.js';
import {namesOf} from './batch-rows.js';
import {type Html, page} from './page.js';
import {ScrollText} from './scroll-text.js';
import {StatusSign} from './state-sign.js';
import {Validation} from './validation.js';

/** A batch: what can be done with it, and one of five tabs. */
export function batchPage(found: BatchView): Html {
	const job = shownJob(found.job, found.now);
	const view = {...found, job, batch: batchAt(job.run, found.batch.number)};
	const {now, batch, tab, attempt, notice} = view;
	const {id, run} = job;
	const {number, status} = batch;
	const base = `/jobs/${id}/batches/${number}`;
	const items = namesOf(batch, run);
	const name = oneLine(run.job.name);
	const isClocked = status === 'running' && !batch.outcome;
	return page({
		...{title: `batch ${number} ${status} · ${name}`, now, place: 'jobs', notice},
		live: {id, run: found.job.run, batch: number},
		within: {href: `/jobs/${id}`, name},
		spoken: `batch ${number} is ${status}`,
		children: (
			<>
				<div class="title-row">
					<h1>Batch {number}</h1>
					<span class={`state is-${status}`}>
						<StatusSign status={status} isSaid={false} />
						{isClocked ? (
							<>
								running <span data-since={batch.startedAt}>{stageWords(batch, now).replace('running ', '')}</span>
							</>
						) : (
							stageWords(batch, now)
						)}
					</span>
					<span class="soft">{counters(batch, run).join(' ')}</span>
					<ActButtons
						acts={batchActs(batch, run)}
						id="batch-acts"
						to={`/jobs/${id}/commands`}
						back={tab === 'output' ? base : `${base}?tab=${tab}`}
					/>
				</div>
				{(items !== '' || status === 'failed') && (
					<p class="standing">
						{items !== '' && <span class="soft">items {run.items ? items : itemWords(batch)} </span>}
						{status === 'failed' && <span class="is-failed">{stripControls(batch.failure.message)}</span>}
					</p>
				)}
				<nav class="tabs" aria-label="What is told of this batch">
					{batchTabs.map((one, index) => (
						<a
							href={one === 'output' ? base : `${base}?tab=${one}`}
							aria-current={one === tab ? 'page' : undefined}
							data-key={index + 1}
						>
							{one}
						</a>
					))}
					<Neighbours number={number} total={run.total} id={id} tab={tab} />
				</nav>
				{attempt === 0 ? <p class="card empty">Not run yet.</p> : <Tab {...view} />}
			</>
		),
	});
}

const Neighbours = ({number, total, id, tab}: {number: number; total: number; id: string; tab: BatchTab}) => {
	const to = (other: number) => `/jobs/${id}/batches/${other}${tab === 'output' ? '' : `?tab=${tab}`}`;
	return (
		<span class="ways">
			{number > 1 && (
				<a href={to(number - 1)} data-key="N" rel="prev">
					<span aria-hidden="true">‹ </span>batch {number - 1}
				</a>
			)}
			{number < total && (
				<a href={to(number + 1)} data-key="n" rel="next">
					batch {number + 1}
					<span aria-hidden="true"> ›</span>
				</a>
			)}
		</span>
	);
};

function Tab(view: BatchView) {
	const {job, batch, attempts, attempt, now} = view;
	const {run} = job;
	const base = `/jobs/${job.id}/batches/${batch.number}`;
	switch (view.tab) {
		case 'output': {
			const {text, leftOut} = view.output;
			const isLive = batch.status === 'running' && batch.attempt === attempt;
			return (
				<section class="card" aria-labelledby="output-title">
					<div class="card-head">
						<h2 id="output-title">Output of attempt {attempt}</h2>
						<AttemptChoice batch={batch} attempt={attempt} base={base} tab="output" />
						<a class="end" href={`/api/jobs/${job.id}/batches/${batch.number}/attempts/${attempt}/logs/stdout`}>
							the whole log
						</a>
					</div>
					{leftOut > 0 && <p class="padded soft">{leftOut} bytes before this are left out.</p>}
					{text === '' && !isLive ? (
						<p class="empty">It has printed nothing.</p>
					) : (
						<ScrollText
							isTall
							id="output"
							label={`Output of attempt ${attempt}`}
							text={text}
							output={isLive ? `${batch.number}-${attempt}` : undefined}
						/>
					)}
				</section>
			);
		}
		case 'validation':
			return 'problem' in attempts ? (
				<p class="card empty is-bad">{attempts.problem}</p>
			) : (
				<Validation
					attempts={attempts}
					attempt={attempt}
					nameOf={verdict => ruleName(verdict, run, batch)}
					isLastTry={passedOnLastTry(run, batch)}
					told={view.told}
					choice={<AttemptChoice batch={batch} attempt={attempt} base={base} tab="validation" />}
				/>
			);
		case 'attempts':
			return 'problem' in attempts ? (
				<p class="card empty is-bad">{attempts.problem}</p>
			) : (
				<Attempts
					attempts={attempts}
					nameOf={verdict => ruleName(verdict, run, batch)}
					isLastTry={passedOnLastTry(run, batch)}
					base={base}
					now={now}
				/>
			);
		case 'prompt':
			return (
				<section class="card" aria-labelledby="prompt-title">
					<div class="card-head">
						<h2 id="prompt-title">Prompt as it was sent in attempt {attempt}</h2>
						<AttemptChoice batch={batch} attempt={attempt} base={base} tab="prompt" />
					</div>
					{view.prompt === undefined ? (
						<p class="empty">The prompt of attempt {attempt} is not there.</p>
					) : (
						<ScrollText isTall label={`Prompt of attempt ${attempt}`} text={stripControls(view.prompt)} />
					)}
				</section>
			);
		case 'events': {
			const lines = view.events.flatMap(event => eventLines(event, run)).map(stripControls);
			return (
				<section class="card" aria-labelledby="events-title">
					<h2 id="events-title">Events</h2>
					<ScrollText isTall label="Events of this batch" text={lines.join('\n')} />
				</section>
			);
		}
	}
}
