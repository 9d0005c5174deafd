/** @jsxImportSource hono/jsx */
import type {Child} from 'hono/jsx';
import {rulesPass} from '../../headless/words.js';
import {oneLine, stripControls} from '../../process/sanitize.js';
import type {KeptAttempt} from '../../store/kept-attempt.js';
import {lastTryWords, type NameOf} from './attempts.js';
import {FileDiff} from './file-diff.js';
import {ScrollText} from './scroll-text.js';

type Props = {
	attempts: readonly KeptAttempt[];
	attempt: number;
	nameOf: NameOf;
	/** Had the last attempt failed too, the batch would have. */
	isLastTry: boolean;
	told: string | undefined;
	choice: Child;
};

/** What the rules said of one attempt: failing rules first, expected against actual; then how watched files have changed. */
export function Validation({attempts, attempt, nameOf, isLastTry, told, choice}: Props) {
	const at = attempts.findIndex(one => one.attempt === attempt);
	const shown = attempts[at];
	const verdicts = shown?.verdicts;
	const passed = verdicts?.filter(verdict => verdict.passed).length ?? 0;
	const isGood = verdicts !== undefined && passed === verdicts.length;
	return (
		<section class="card" aria-labelledby="validation-title">
			<div class="card-head">
				<h2 id="validation-title">
					Attempt {attempt}
					{verdicts && verdicts.length > 0 && (
						<span class={isGood ? 'is-good' : 'is-bad'}>: {rulesPass(passed, verdicts.length)}</span>
					)}
				</h2>
				{isLastTry && at === attempts.length - 1 && <span class="tag is-waiting">{lastTryWords}</span>}
				{choice}
			</div>
			{!verdicts && <p class="empty">The rules have not been checked for attempt {attempt}.</p>}
			{verdicts?.length === 0 && <p class="empty">The job has no rules: how it ended is the verdict.</p>}
			{verdicts
				?.toSorted((a, b) => Number(a.passed) - Number(b.passed))
				.map(verdict => (
					<Verdict verdict={verdict} name={nameOf(verdict)} before={attempts[at - 1]} />
				))}
			{verdicts && shown?.files.map(file => <FileDiff file={file} />)}
			{told !== undefined && (
				<details class="verdict" data-keep-open>
					<summary>What it was told then, in attempt {attempt + 1}</summary>
					<ScrollText label={`Prompt of attempt ${attempt + 1}`} text={stripControls(told)} />
				</details>
			)}
		</section>
	);
}

type Seen = NonNullable<KeptAttempt['verdicts']>[number];

function Verdict({verdict, name, before}: {verdict: Seen; name: string; before: KeptAttempt | undefined}) {
	const {passed, expected, actual, message, rule} = verdict;
	const earlier = before?.verdicts?.find(one => one.rule === rule);
	const flip = earlier && earlier.passed !== passed ? (passed ? 'failed before' : 'passed before') : undefined;
	const sides = (
		<dl class="sides">
			<div>
				<dt>expected</dt>
				<dd>
					<pre class="wanted">{stripControls(expected)}</pre>
				</dd>
			</div>
			<div>
				<dt>actual</dt>
				<dd>
					<pre class={passed ? 'wanted' : 'missed'}>{stripControls(actual)}</pre>
				</dd>
			</div>
		</dl>
	);
	return (
		<div class="verdict">
			<h3>
				<span class={passed ? 'is-good' : 'is-bad'}>
					<span class="sign" aria-hidden="true">
						{passed ? '✓' : '✗'}
					</span>
					<span class="unseen">{passed ? 'passed' : 'failed'}: </span>
					{name}
				</span>
				{flip !== undefined && <span class="tag soft">{flip}</span>}
			</h3>
			{passed ? (
				<details data-keep-open>
					<summary>expected and actual</summary>
					{sides}
				</details>
			) : (
				<>
					{sides}
					<p class="soft">{oneLine(message)}</p>
				</>
			)}
		</div>
	);
}
