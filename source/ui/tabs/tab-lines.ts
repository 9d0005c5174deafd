import type {Batch, Run} from '../../core/run.js';
import {passedOnLastTry} from '../../core/summary.js';
import {eventLines} from '../../headless/event-line.js';
import {stripControls} from '../../process/sanitize.js';
import {line, lines, type StyledLine} from '../styled-line.js';
import type {Tab} from '../view-state.js';
import {attemptsLines} from './attempts-text.js';
import type {Evidence} from './evidence.js';
import {validationLines} from './validation-text.js';

/** What a tab other than the output shows of a batch; looked up anew each time. */
export async function tabLines(
	tab: Exclude<Tab, 'output'>,
	batch: Batch,
	run: Run,
	evidence: Evidence,
): Promise<StyledLine[]> {
	const {number} = batch;
	switch (tab) {
		case 'validation': {
			const attempts = await evidence.attempts(number);
			if ('problem' in attempts) return [line(attempts.problem, 'bad')];
			const at = attempts.findLastIndex(attempt => attempt.verdicts !== undefined);
			const shown = attempts[at] ?? attempts.at(-1);
			return shown ? validationLines(shown, attempts[at - 1]) : [line('Not run yet.', 'dim')];
		}
		case 'attempts': {
			const attempts = await evidence.attempts(number);
			if ('problem' in attempts) return [line(attempts.problem, 'bad')];
			return attemptsLines(attempts, passedOnLastTry(run, batch));
		}
		case 'prompt': {
			if (batch.attempt === 0) return [line('Not run yet.', 'dim')];
			const text = await evidence.prompt(number, batch.attempt);
			if (text === undefined) return [line(`The prompt of attempt ${batch.attempt} is not there.`, 'dim')];
			return [line(`as it was sent in attempt ${batch.attempt}`, 'dim'), ...lines(stripControls(text))];
		}
		case 'events': {
			const events = await evidence.events(number);
			if ('problem' in events) return [line(events.problem, 'bad')];
			return events.flatMap(event => eventLines(event, run)).map(text => line(stripControls(text)));
		}
	}
}

/** The same lines, harmless to show. */
export const harmless = (shown: readonly StyledLine[]): StyledLine[] =>
	shown.flatMap(({text, look}) => lines(stripControls(text), look));
