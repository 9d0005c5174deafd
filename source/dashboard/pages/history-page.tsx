/** @jsxImportSource hono/jsx */
import type {Child} from 'hono/jsx';
import {costWords, tokenWords} from '../../core/usage.js';
import {clockWords, counted, durationWords} from '../../headless/words.js';
import {oneLine} from '../../process/sanitize.js';
import type {HistoryAnswers} from '../jobs.js';
import type {HistoryView} from '../views.js';
import {Moment} from './clock.js';
import {Columns} from './columns.js';
import {type Head, Heads} from './heads.js';
import {type HistoryQuery, historyDays} from './history-query.js';
import {type Html, page} from './page.js';
import {JobSign} from './state-sign.js';

/** What has happened over days and jobs, and what it has cost. */
export function historyPage({now, query, jobs, answers, notice}: HistoryView): Html {
	return page({
		...{title: 'History', now, place: 'history', notice},
		children: (
			<>
				<h1>History</h1>
				<Filters query={query} jobs={jobs} />
				{'problem' in answers ? (
					<p class="card empty">{answers.problem}</p>
				) : (
					<>
						<Days days={answers.costs} query={query} />
						<Runs runs={answers.runs} now={now} />
						<div class="charts">
							<Rules rules={answers.rules} />
							<Retries retries={answers.retries} />
							<Slowest slowest={answers.slowest} />
						</div>
					</>
				)}
			</>
		),
	});
}

const dayWords = (days: number) => (days === 0 ? 'all of it' : days === 1 ? 'the last day' : `the last ${days} days`);

const Filters = ({query, jobs}: {query: HistoryQuery; jobs: HistoryView['jobs']}) => (
	<search>
		<form method="get" action="/history" class="card padded fields" aria-label="Filter the history">
			<label>
				Job
				<select name="job">
					<option value="" selected={query.job === ''}>
						all jobs
					</option>
					{jobs.map(({id, name}) => (
						<option value={id} selected={id === query.job}>
							{oneLine(name)}
							{name === id ? '' : ` (${id})`}
						</option>
					))}
				</select>
			</label>
			<label>
				Time
				<select name="days">
					{historyDays.map(days => (
						<option value={days} selected={days === query.days}>
							{dayWords(days)}
						</option>
					))}
				</select>
			</label>
			<label class="check">
				<input type="checkbox" name="failed" value="yes" checked={query.failed} />
				only runs with failures
			</label>
			<button type="submit">Show</button>
		</form>
	</search>
);

function Days({days, query}: {days: HistoryAnswers['costs']; query: HistoryQuery}) {
	const inOrder = withEmptyDays(days.toReversed());
	const costs = days.some(({costUsd}) => costUsd !== undefined) ? inOrder : [];
	const cost = costs.reduce((sum, {costUsd = 0}) => sum + costUsd, 0);
	const took = days.reduce((sum, {attemptsMs}) => sum + attemptsMs, 0);
	return (
		<div class="charts">
			<Columns
				id="day-costs"
				title="Cost a day"
				heads={['Day', 'Cost']}
				columns={costs.map(({day, costUsd = 0, tokensIn, tokensOut}) => ({
					...{value: costUsd, look: 'cost', name: day},
					words: `${costWords(costUsd)} (${tokenWords(tokensIn)} in, ${tokenWords(tokensOut)} out)`,
				}))}
				wordsOf={costWords}
				summary={`${costWords(cost)} in ${counted(days.length, 'day')}, ${dayWords(query.days)}`}
				note={costs.length > 0 ? `${costWords(cost)} in all` : undefined}
			/>
			<Columns
				id="day-times"
				title="Time in attempts a day"
				heads={['Day', 'Time']}
				columns={inOrder.map(({day, attemptsMs, attempts}) => ({
					...{value: attemptsMs, look: 'running', name: day},
					words: `${durationWords(attemptsMs)} in ${counted(attempts, 'attempt')}`,
				}))}
				wordsOf={durationWords}
				summary={`${durationWords(took)} in ${counted(days.length, 'day')}, ${dayWords(query.days)}`}
				note={days.length > 0 ? `${durationWords(took)} in all` : undefined}
			/>
		</div>
	);
}

/** Days that are drawn at most, those without an attempt too. */
const mostDays = 400;

/** A day on which nothing was done is a gap, where there are not too many of them. */
function withEmptyDays(days: HistoryAnswers['costs']): HistoryAnswers['costs'] {
	const at = (day: string) => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
	const [first, last] = [days[0], days.at(-1)];
	if (!first || !last || !(at(last.day) - at(first.day) < mostDays)) return days;
	const known = new Map(days.map(day => [at(day.day), day]));
	return Array.from({length: at(last.day) - at(first.day) + 1}, (_, index) => {
		const day = new Date((at(first.day) + index) * 86_400_000).toISOString().slice(0, 10);
		const nothing = {day, attempts: 0, tokensIn: 0, tokensOut: 0, untold: 0, attemptsMs: 0};
		return known.get(at(first.day) + index) ?? nothing;
	});
}

/** A table under a heading, or a sentence where it would be empty. */
const Listing = ({
	id,
	title,
	heads,
	isEmpty,
	children,
}: {
	id: string;
	title: string;
	heads: readonly Head[];
	isEmpty: boolean;
	children?: Child;
}) => (
	<section class="card" aria-labelledby={`${id}-title`}>
		<h2 id={`${id}-title`}>{title}</h2>
		{isEmpty ? (
			<p class="empty">Nothing in this time.</p>
		) : (
			<section class="scroll" tabindex={0} aria-labelledby={`${id}-title`}>
				<table class="rows">
					<Heads heads={heads} />
					<tbody>{children}</tbody>
				</table>
			</section>
		)}
	</section>
);

const Runs = ({runs, now}: {runs: HistoryAnswers['runs']; now: number}) => (
	<Listing
		id="runs"
		title="Runs"
		heads={[
			'Job',
			'State',
			'Batches',
			{words: 'Attempts', isEnd: true, isWide: true},
			{words: 'In attempts', isEnd: true, isWide: true},
			{words: 'Cost', isEnd: true},
			{words: 'Began', isWide: true},
		]}
		isEmpty={runs.length === 0}
	>
		{runs.map(run => (
			<tr data-row>
				<th scope="row">
					<a href={`/jobs/${run.job}`}>{oneLine(run.name)}</a>
				</th>
				<td>
					<JobSign state={run.state} />
				</td>
				<td class="keep">
					{run.completed}/{run.total}
					{run.failed > 0 && <span class="is-failed"> · {run.failed} failed</span>}
				</td>
				<td class="end wide">{run.attempts}</td>
				<td class="end keep wide">{durationWords(run.attemptsMs)}</td>
				<td class="end">{run.costUsd === undefined ? '' : costWords(run.costUsd)}</td>
				<td class="wide">
					<Moment at={run.startedAt} now={now} />
				</td>
			</tr>
		))}
	</Listing>
);

const percent = (part: number, whole: number) => (whole === 0 ? '' : `${Math.round((part / whole) * 100)} %`);

const Rules = ({rules}: {rules: HistoryAnswers['rules']}) => (
	<Listing
		id="rules"
		title="How often rules pass"
		heads={[
			'Rule',
			{words: 'Passed', isEnd: true},
			{words: 'At once', isEnd: true},
			{words: 'Checked', isEnd: true, isWide: true},
		]}
		isEmpty={rules.length === 0}
	>
		{rules.map(({name, rule, judged, passed, judgedFirst, passedFirst, lastFailure}) => (
			<tr>
				<th scope="row" title={lastFailure}>
					{oneLine(rule)} <span class="soft">{oneLine(name)}</span>
				</th>
				<td class="end keep">{percent(passed, judged)}</td>
				<td class="end keep">{percent(passedFirst, judgedFirst)}</td>
				<td class="end wide">{judged}</td>
			</tr>
		))}
	</Listing>
);

const Retries = ({retries}: {retries: HistoryAnswers['retries']}) => (
	<Listing
		id="retries"
		title="Why batches were run again"
		heads={[
			'Kind',
			{words: 'Retries', isEnd: true},
			{words: 'Completions', isEnd: true},
			{words: 'Waits', isEnd: true},
			{words: 'Failed', isEnd: true},
		]}
		isEmpty={retries.length === 0}
	>
		{retries.map(({kind, retries, completions, waits, waitMs, failed, lastMessage}) => (
			<tr>
				<th scope="row" title={lastMessage}>
					{kind.replaceAll('_', ' ')}
				</th>
				<td class="end">{retries}</td>
				<td class="end">{completions}</td>
				<td class="end keep">{waits > 0 ? `${waits} (${durationWords(waitMs)})` : 0}</td>
				<td class={failed > 0 ? 'end is-failed' : 'end'}>{failed}</td>
			</tr>
		))}
	</Listing>
);

const Slowest = ({slowest}: {slowest: HistoryAnswers['slowest']}) => (
	<Listing
		id="slowest"
		title="Slowest batches"
		heads={['Batch', {words: 'Took', isEnd: true}, {words: 'Attempts', isEnd: true}, {words: 'Cost', isEnd: true}]}
		isEmpty={slowest.length === 0}
	>
		{slowest.map(({job, name, batch, tookMs, attempts, costUsd}) => (
			<tr>
				<th scope="row">
					<a href={`/jobs/${job}/batches/${batch}`}>{batch}</a> <span class="soft">{oneLine(name)}</span>
				</th>
				<td class="end keep">{clockWords(tookMs)}</td>
				<td class="end">{attempts}</td>
				<td class="end">{costUsd === undefined ? '' : costWords(costUsd)}</td>
			</tr>
		))}
	</Listing>
);
