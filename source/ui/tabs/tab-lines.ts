import type {Batch, Run} from '../../core/run.js';
import {passedOnLastTry} from '../../core/summary.js';
import {eventLines} from '../../headless/event-line.js';
import {ruleName} from '../../headless/rule-name.js';
import {stripControls} from '../../process/sanitize.js';
import type {KeptAttempt} from '../../store/kept-attempt.js';
import {line, lines, type StyledLine} from '../styled-line.js';
import type {Tab} from '../view-state.js';
import {attemptsLines} from './attempts-text.js';
import type {Evidence, NameOf} from './evidence.js';
import {validationLines} from './validation-text.js';

/** What a tab other than the output shows of a batch, so many attempts before the last; looked up anew each time. */
export async function tabLines(
	tab: Exclude<Tab, 'output'>,
	older: number,
	batch: Batch,
	run: Run,
	evidence: Evidence,
): Promise<StyledLine[]> {
	const {number} = batch;
	const nameOf: NameOf = verdict => ruleName(verdict, run, batch);
	const isLastTry = passedOnLastTry(run, batch);
	switch (tab) {
		case 'validation': {
			const attempts = await evidence.attempts(number);
			if ('problem' in attempts) return [line(attempts.problem, 'bad')];
			const judged = attempts.findLastIndex(attempt => attempt.verdicts !== undefined);
			const at = Math.max(0, (judged < 0 ? attempts.length - 1 : judged) - older);
			const shown = attempts[at];
			if (!shown) return [line('Not run yet.', 'dim')];
			return [
				...validationLines(shown, attempts[at - 1], {nameOf, lastTry: isLastTry && at === attempts.length - 1}),
				...(await feedbackLines(number, attempts[at + 1], evidence)),
			];
		}
		case 'attempts': {
			const attempts = await evidence.attempts(number);
			if ('problem' in attempts) return [line(attempts.problem, 'bad')];
			return attemptsLines(attempts, {nameOf, lastTry: isLastTry});
		}
		case 'prompt': {
			if (batch.attempt === 0) return [line('Not run yet.', 'dim')];
			const attempt = Math.max(1, batch.attempt - older);
			const text = await evidence.prompt(number, attempt);
			if (text === undefined) return [line(`The prompt of attempt ${attempt} is not there.`, 'dim')];
			return [line(`as it was sent in attempt ${attempt}`, 'dim'), ...lines(stripControls(text))];
		}
		case 'events': {
			const events = await evidence.events(number);
			if ('problem' in events) return [line(events.problem, 'bad')];
			return events.flatMap(event => eventLines(event, run)).map(text => line(stripControls(text)));
		}
	}
}

/** What the batch was told of these verdicts: the very text of the completion attempt that came after. */
async function feedbackLines(batch: number, next: KeptAttempt | undefined, evidence: Evidence): Promise<StyledLine[]> {
	if (next?.mode !== 'completion') return [];
	const text = await evidence.prompt(batch, next.attempt);
	const said = text === undefined ? [line('The text is not there any more.', 'dim')] : lines(stripControls(text));
	return [line(''), line(`what it was told then, in attempt ${next.attempt}:`, 'strong'), ...said];
}

/** The same lines, harmless to show. */
export const harmless = (shown: readonly StyledLine[]): StyledLine[] =>
	shown.flatMap(({text, look}) => lines(stripControls(text), look));
