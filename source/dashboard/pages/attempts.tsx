/** @jsxImportSource hono/jsx */
import type {Batch} from '../../core/run.js';
import {costWords} from '../../core/usage.js';
import {clockWords} from '../../headless/words.js';
import {oneLine} from '../../process/sanitize.js';
import type {KeptAttempt} from '../../store/kept-attempt.js';
import type {BatchTab} from '../views.js';
import {Moment} from './clock.js';
import {Heads} from './heads.js';

/** What a person knows a verdict's rule by. */
export type NameOf = (verdict: NonNullable<KeptAttempt['verdicts']>[number]) => string;

/** What is said of a batch that had no try left when it passed, in the words of the screen. */
export const lastTryWords = 'passed on the last try';

/** Attempts that stand side by side; older ones are left out, and that is said. */
const mostColumns = 12;

/** Links to the attempt before and after the one that is looked at. */
export function AttemptChoice({
	batch,
	attempt,
	base,
	tab,
}: {
	batch: Batch;
	attempt: number;
	base: string;
	tab: BatchTab;
}) {
	if (batch.attempt < 2) return null;
	const to = (other: number) => `${base}?tab=${tab}${other === batch.attempt ? '' : `&attempt=${other}`}`;
	return (
		<span class="keep">
			{attempt > 1 && (
				<a href={to(attempt - 1)} data-key="[">
					attempt {attempt - 1}
				</a>
			)}
			{attempt > 1 && attempt < batch.attempt && ' · '}
			{attempt < batch.attempt && (
				<a href={to(attempt + 1)} data-key="]">
					attempt {attempt + 1}
				</a>
			)}
		</span>
	);
}

type Props = {
	attempts: readonly KeptAttempt[];
	nameOf: NameOf;
	isLastTry: boolean;
	base: string;
	now: number;
};

/** All attempts of a batch: a line each, then the rules as rows and the attempts as columns, with flips marked. */
export function Attempts({attempts, nameOf, isLastTry, base, now}: Props) {
	return (
		<section class="card" aria-labelledby="attempts-title">
			<div class="card-head">
				<h2 id="attempts-title">Attempts</h2>
				{isLastTry && <span class="tag is-waiting">{lastTryWords}</span>}
			</div>
			<div class="scroll">
				<table class="rows">
					<caption class="unseen">Attempts, oldest first</caption>
					<Heads
						heads={['Attempt', 'Began', {words: 'Took', isEnd: true}, 'Rules', {words: 'Cost', isEnd: true}, 'Ended']}
					/>
					<tbody>
						{attempts.map(one => (
							<AttemptRow shown={one} base={base} now={now} />
						))}
					</tbody>
				</table>
			</div>
			<Matrix attempts={attempts} nameOf={nameOf} />
		</section>
	);
}

function AttemptRow({shown, base, now}: {shown: KeptAttempt; base: string; now: number}) {
	const {attempt, mode, startedAt, tookMs, exitCode, failure, usage, verdicts} = shown;
	const passed = verdicts?.filter(verdict => verdict.passed).length;
	const isGood = verdicts !== undefined && verdicts.length > 0 && passed === verdicts.length;
	return (
		<tr data-row>
			<th scope="row" class="keep">
				<a href={`${base}?tab=validation&attempt=${attempt}`}>#{attempt}</a> {mode}
			</th>
			<td>
				<Moment at={startedAt} now={now} />
			</td>
			<td class="end keep">{tookMs === undefined ? 'runs' : clockWords(tookMs)}</td>
			<td class={isGood ? 'is-good' : verdicts && verdicts.length > 0 ? 'is-bad' : undefined}>
				{verdicts && `${passed}/${verdicts.length}`}
			</td>
			<td class="end">{usage?.costUsd === undefined ? '' : costWords(usage.costUsd)}</td>
			<td>
				{exitCode !== undefined && `exit ${exitCode}`}
				{failure && (
					<span class="is-bad">
						{' '}
						{failure.kind.replaceAll('_', ' ')}: {oneLine(failure.message)}
					</span>
				)}
			</td>
		</tr>
	);
}

/** `✓ ✗` a rule and attempt; `▲` where it passes for the first time since it failed, `▼` where it fails again. */
function Matrix({attempts, nameOf}: {attempts: readonly KeptAttempt[]; nameOf: NameOf}) {
	const judged = attempts.filter(({verdicts}) => verdicts && verdicts.length > 0).slice(-mostColumns);
	const rules = judged.at(-1)?.verdicts ?? [];
	if (rules.length === 0) return null;
	return (
		<>
			<div class="scroll">
				<table class="matrix">
					<caption class="unseen">Which rules passed in which attempt</caption>
					<thead>
						<tr>
							<td />
							{judged.map(({attempt}) => (
								<th scope="col">#{attempt}</th>
							))}
						</tr>
					</thead>
					<tbody>
						{rules.map(verdict => (
							<tr>
								<th scope="row">{nameOf(verdict)}</th>
								{judged.map((attempt, index) => (
									<Cell
										now={passes(attempt, verdict.rule)}
										before={index > 0 ? passes(judged[index - 1]!, verdict.rule) : undefined}
									/>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</div>
			<p class="padded soft">▲ passes now · ▼ fails now</p>
		</>
	);
}

function Cell({now, before}: {now: boolean | undefined; before: boolean | undefined}) {
	if (now === undefined) return <td />;
	const isFlip = before !== undefined && before !== now;
	const [sign, words] = now
		? [isFlip ? '▲' : '✓', isFlip ? 'passes now' : 'passed']
		: [isFlip ? '▼' : '✗', isFlip ? 'fails now' : 'failed'];
	return (
		<td class={now ? 'is-good' : 'is-bad'}>
			<span aria-hidden="true">{sign}</span>
			<span class="unseen">{words}</span>
		</td>
	);
}

const passes = ({verdicts}: KeptAttempt, rule: number): boolean | undefined =>
	verdicts?.find(verdict => verdict.rule === rule)?.passed;
