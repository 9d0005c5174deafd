import {counted} from '../headless/words.js';
import type {Filter, RunAnswer} from '../store/history/answers.js';
import {type History, HistoryError, openHistory} from '../store/history/history.js';
import {lockOwner} from '../store/lock-owner.js';
import {registryFolder} from '../store/registry.js';
import {statePaths} from '../store/state-folder.js';
import {type Context, type Ending, sayProblem} from './context.js';
import {sinceOf} from './history/since.js';
import {costTable, retryTable, ruleTable, runTable, type ShownRun, slowTable} from './history/tables.js';
import {locate} from './locate.js';

/** What of the history is asked for. */
export type HistoryFlags = {since?: string; failed?: boolean; limit?: string};

export type Question = 'runs' | 'rules' | 'costs' | 'slowest' | 'retries';

/** What is shown where no limit is given; what is not named here is shown whole. */
const fewest: Partial<Record<Question, number>> = {runs: 20, slowest: 10};

/** `mozart history [JOB]`, and its questions: what has been, over all jobs of this user and all their runs. */
export async function history(
	question: Question,
	ref: string | undefined,
	flags: HistoryFlags,
	context: Context,
): Promise<Ending> {
	const filter = await filterOf(question, ref, flags, context);
	if ('kind' in filter) return sayProblem(filter, context);
	return withHistory(context, async history => {
		const {problems} = await history.catchUp();
		for (const problem of problems) context.err(`Left out: ${problem}`);
		const {lines, data} = await answer(history, question, filter, context.clock.now());
		if (context.json) for (const row of data) context.out(JSON.stringify(row));
		else if (data.length > 0) for (const line of lines) context.out(line);
		else context.out(nothing(question, filter, history));
		return 'done';
	});
}

/** `mozart history rebuild`: tells the history anew from the journals. */
export const rebuildHistory = (context: Context): Promise<Ending> =>
	withHistory(context, async history => {
		const {runs, facts, kept, problems} = await history.rebuild();
		for (const problem of problems) context.err(`Left out: ${problem}`);
		if (context.json) context.out(JSON.stringify({runs, facts, kept, problems}));
		else {
			const more = kept > 0 ? `; ${counted(kept, 'run')} whose journals cannot be read stay as they were told` : '';
			context.out(`Told anew: ${counted(runs, 'run')} (${counted(facts, 'fact')})${more}.`);
		}
		return 'done';
	});

async function withHistory(context: Context, work: (history: History) => Promise<Ending>): Promise<Ending> {
	const opened = await openHistory(registryFolder(context.env));
	if ('kind' in opened) return sayProblem({kind: 'state', message: opened.message}, context);
	try {
		return await work(opened);
	} catch (error) {
		if (!(error instanceof HistoryError)) throw error;
		return sayProblem({kind: 'state', message: error.message}, context);
	} finally {
		for (const note of opened.notes) context.err(note);
		opened.close();
	}
}

async function filterOf(
	question: Question,
	ref: string | undefined,
	{since, failed, limit}: HistoryFlags,
	context: Context,
): Promise<Filter | Extract<Awaited<ReturnType<typeof locate>>, {kind: string}>> {
	const filter: Filter = {...(failed && {failed})};
	if (ref !== undefined) {
		const located = await locate(ref, context);
		if ('kind' in located) return located;
		filter.job = located.id;
	}
	if (since !== undefined) {
		const at = sinceOf(since, context.clock.now());
		if (at === undefined) {
			const message = `--since ${since} is no time: write how long ago (30m, 12h, 7d, 2w), today, yesterday, or a date (2026-07-31).`;
			return {kind: 'usage', message};
		}
		filter.since = at;
	}
	const most = limit === undefined ? fewest[question] : Number(limit);
	if (most !== undefined) {
		if (!Number.isInteger(most) || most < 1)
			return {kind: 'usage', message: `--limit ${limit} is no number of lines: write 1 or more.`};
		filter.limit = most;
	}
	return filter;
}

async function answer(
	history: History,
	question: Question,
	filter: Filter,
	now: number,
): Promise<{lines: string[]; data: readonly object[]}> {
	switch (question) {
		case 'runs': {
			const {limit = 0} = filter;
			const found = history.runs({...filter, limit: limit + 1});
			const runs = await Promise.all(found.slice(0, limit).map(run => shown(run, history)));
			const more = found.length > limit ? [`Older ones: --limit ${limit * 5}`] : [];
			return {lines: [...runTable(runs, now), ...more], data: runs};
		}
		case 'rules': {
			const rules = history.rules(filter);
			return {lines: ruleTable(rules), data: rules};
		}
		case 'costs': {
			const days = history.costs(filter);
			return {lines: costTable(days), data: days};
		}
		case 'slowest': {
			const batches = history.slowest(filter);
			return {lines: slowTable(batches), data: batches};
		}
		case 'retries': {
			const kinds = history.retries(filter);
			return {lines: retryTable(kinds), data: kinds};
		}
	}
}

/** A run whose program is gone was interrupted, whatever its last fact says; so was one that a fresh start has put aside. */
export async function shown(run: RunAnswer, history: History): Promise<ShownRun> {
	if (run.state !== 'running' && run.state !== 'pausing' && run.state !== 'stopping') return run;
	const [newest] = history.runs({job: run.job}).sort((a, b) => b.startedAt - a.startedAt);
	const isNewest = newest?.startedAt === run.startedAt;
	const isAlive = isNewest && (await lockOwner(statePaths(run.workspace, run.job).root)) !== undefined;
	return isAlive ? run : {...run, state: 'interrupted'};
}

/** What to do where there is nothing to show. */
function nothing(question: Question, filter: Filter, history: History): string {
	if (history.runs({limit: 1}).length === 0) return 'No job has been run yet. Start one: mozart run FILE';
	const narrow = filter.since !== undefined || filter.failed || filter.job !== undefined;
	const which = narrow ? ' in what was asked for; all there is: mozart history' : '';
	switch (question) {
		case 'runs':
			return `There is no run${which}`;
		case 'rules':
			return `No rule has judged anything${which || ' yet: rules stand under validations in the job file'}`;
		case 'costs':
		case 'slowest':
			return `No attempt was made${which || ' yet'}`;
		case 'retries':
			return `Nothing had to be tried again${which}`;
	}
}
