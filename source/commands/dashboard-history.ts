import type {HistoryAnswers, HistoryQuestion, Jobs, Trouble} from '../dashboard/jobs.js';
import type {Filter} from '../store/history/answers.js';
import type {History} from '../store/history/history.js';

/** Asks the history of this user. It is opened for each time anew, so that it is nobody's in between. */
export function createHistoryAnswers(registry: string): Jobs['history'] {
	/** It is told what it does not know by one at a time. */
	let before: Promise<unknown> = Promise.resolve();
	return <Q extends HistoryQuestion>(asked: Record<Q, Filter>) => {
		const answers = before.then(() => answersTo(registry, asked));
		before = answers.catch(() => {});
		return answers as Promise<Pick<HistoryAnswers, Q> | Trouble>;
	};
}

async function answersTo(
	registry: string,
	asked: Partial<Record<HistoryQuestion, Filter>>,
): Promise<Partial<HistoryAnswers> | Trouble> {
	const {HistoryError, openHistory} = await import('../store/history/history.js');
	const history = await openHistory(registry);
	if ('kind' in history) return {problem: history.message};
	try {
		await history.catchUp();
		return {
			...(asked.runs && {runs: await runsOf(history, asked.runs)}),
			...(asked.rules && {rules: history.rules(asked.rules)}),
			...(asked.costs && {costs: history.costs(asked.costs)}),
			...(asked.slowest && {slowest: history.slowest(asked.slowest)}),
			...(asked.retries && {retries: history.retries(asked.retries)}),
		};
	} catch (error) {
		if (!(error instanceof HistoryError)) throw error;
		return {problem: error.message};
	} finally {
		history.close();
	}
}

async function runsOf(history: History, filter: Filter) {
	const {shown} = await import('./history.js');
	return Promise.all(history.runs(filter).map(run => shown(run, history)));
}
