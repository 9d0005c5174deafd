/** @jsxImportSource hono/jsx */

import {costWords} from '../../core/usage.js';
import {clockWords, counted} from '../../headless/words.js';
import type {TimelineView} from '../views.js';
import {shownJob} from './at-rest.js';
import {Columns} from './columns.js';
import {Figures} from './figures.js';
import {JobHead} from './job-head.js';
import {titleWords} from './job-page.js';
import {type Html, page} from './page.js';
import {costsOf, durationsOf, type Mark} from './series.js';
import {timelineOf} from './timeline.js';
import {TimelineChart} from './timeline-chart.js';

/** When a job's batches ran and waited, what they took, and what they have cost. */
export function timelinePage({now, job: found, notice}: TimelineView): Html {
	const job = shownJob(found, now);
	const {id, run, summary} = job;
	const timeline = timelineOf(run, job.owner ? now : run.at);
	const [durations, costs] = [durationsOf(run), costsOf(run)];
	return page({
		...{title: titleWords(job), now, place: 'jobs', live: {id, run: found.run}, notice},
		within: {href: `/jobs/${id}`, name: 'Batches'},
		children: (
			<>
				<JobHead job={job} here="timeline" />
				<Figures run={run} summary={summary} isRun={job.owner !== undefined} now={now} />
				{timeline ? (
					<TimelineChart id={id} timeline={timeline} now={now} />
				) : (
					<p class="card empty">Nothing has run yet.</p>
				)}
				<div class="charts">
					<MarkChart id="durations" title="What batches took" head="Took" marks={durations} wordsOf={clockWords} />
					{costs.length > 0 && (
						<MarkChart id="costs" title="What batches cost" head="Cost" marks={costs} wordsOf={costWords} look="cost" />
					)}
				</div>
			</>
		),
	});
}

type Props = {
	id: string;
	title: string;
	head: string;
	marks: readonly Mark[];
	wordsOf: (value: number) => string;
	look?: string;
};

function MarkChart({id, title, head, marks, wordsOf, look}: Props) {
	const isGrouped = marks.some(({first, last}) => first !== last);
	const values = marks.map(({value}) => value).sort((a, b) => a - b);
	const [least = 0, most = 0] = [values[0], values.at(-1)];
	return (
		<Columns
			{...{id, title, wordsOf}}
			heads={[isGrouped ? 'Batches' : 'Batch', isGrouped ? `${head}, the one in the middle` : head]}
			columns={marks.map(({first, last, value, status}) => ({
				...{value, look: look ?? status, words: `${wordsOf(value)}${status === 'failed' ? ', failed' : ''}`},
				name: first === last ? `batch ${first}` : `batches ${first} to ${last}`,
			}))}
			summary={`${counted(marks.length, 'column')} from ${wordsOf(least)} to ${wordsOf(most)}`}
			note={isGrouped ? 'the one in the middle of several batches' : undefined}
		/>
	);
}
