/** @jsxImportSource hono/jsx */
import {type Pace, paceOf, restOf} from '../../core/estimate.js';
import type {Run} from '../../core/run.js';
import type {Summary} from '../../core/summary.js';
import {tokenWords} from '../../core/usage.js';
import {liveClock} from '../../headless/live-clock.js';
import {moneyWords, tokenBudgetWords, untoldWords} from '../../headless/spent-words.js';
import {rangeWords, slotWords, standstillWords} from '../../headless/standing-words.js';
import {timeOfDayFrom} from '../../headless/words.js';
import {oneLine} from '../../process/sanitize.js';
import {Since, Until} from './clock.js';
import {ProgressBar} from './progress-bar.js';

type Props = {run: Run; summary: Summary; isRun: boolean; now: number};

/** How far a run is, why it stands still, and every number of it. */
export function Figures({run, summary, isRun, now}: Props) {
	const stands = standstillWords(summary, now);
	const rest = isRun && summary.state === 'running' && !summary.limit ? restWords(run, now) : undefined;
	return (
		<section class="card padded stack" aria-labelledby="figures-title">
			<h2 id="figures-title" class="unseen">
				How far it is
			</h2>
			<ProgressBar counts={summary} />
			{stands !== undefined && summary.state !== 'completed' && <Standing words={stands} summary={summary} now={now} />}
			{summary.closed.map(({backend, until}) => (
				<p class="standing is-waiting">
					{oneLine(backend)} is not started before {timeOfDayFrom(until, now)}: a limit of its account
				</p>
			))}
			<dl class="figures">
				<Figure name={`of ${summary.total} completed`}>{summary.completed}</Figure>
				<Figure name="failed" look={summary.failed > 0 ? 'is-failed' : undefined}>
					{summary.failed}
				</Figure>
				<Figure name="skipped">{summary.skipped}</Figure>
				<Figure name={isRun ? `running, ${slotWords(run, now)}` : 'running'}>{summary.running}</Figure>
				{summary.waiting > 0 && <Figure name="waiting">{summary.waiting}</Figure>}
				{summary.held > 0 && <Figure name="held">{summary.held}</Figure>}
				<Figure name="elapsed">
					{isRun && run.phase !== 'ended' ? (
						<Since since={run.startedAt} now={now} />
					) : (
						liveClock(run.at - run.startedAt)
					)}
				</Figure>
				{rest !== undefined && <Figure name="left">{rest}</Figure>}
				<Figure name="completions">{summary.completions}</Figure>
				<Figure name="retries">{summary.retries}</Figure>
				<Figure name="waits">{summary.waits}</Figure>
				{summary.moves > 0 && <Figure name="moves">{summary.moves}</Figure>}
				{summary.tokensIn + summary.tokensOut > 0 && (
					<Figure name="tokens in, out">
						{tokenWords(summary.tokensIn)}, {tokenWords(summary.tokensOut)}
					</Figure>
				)}
				<Money summary={summary} />
			</dl>
		</section>
	);
}

const Figure = ({name, look, children}: {name: string; look?: string | undefined; children?: unknown}) => (
	<div>
		<dt>{name}</dt>
		<dd class={look}>{children}</dd>
	</div>
);

function Money({summary}: {summary: Summary}) {
	const look = summary.budget?.isNear ? 'is-near' : undefined;
	const [money, tokens, untold] = [moneyWords(summary), tokenBudgetWords(summary), untoldWords(summary)];
	return (
		<>
			{money !== undefined && (
				<Figure name={untold ?? 'cost'} look={look}>
					{money}
				</Figure>
			)}
			{tokens !== undefined && (
				<Figure name="budget" look={look}>
					{tokens}
				</Figure>
			)}
		</>
	);
}

/** Why nothing more starts; a limit with a clock that runs down. */
const Standing = ({words, summary: {limit}, now}: {words: string; summary: Summary; now: number}) => (
	<p class="standing is-waiting">
		{limit ? (
			<>
				waits until {timeOfDayFrom(limit.until, now)}, <Until until={limit.until} now={now} /> left:{' '}
				{oneLine(limit.message)}
			</>
		) : (
			words
		)}
	</p>
);

const paces = new WeakMap<Run['batches'], {pace: Pace | undefined}>();

/** Looks at every batch once a state, not once a look. */
function restWords(run: Run, now: number): string | undefined {
	const known = paces.get(run.batches) ?? {pace: paceOf(run)};
	paces.set(run.batches, known);
	return known.pace && rangeWords(restOf(known.pace, run, now));
}
