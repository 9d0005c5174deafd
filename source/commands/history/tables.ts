import {costWords, tokenWords} from '../../core/usage.js';
import {type Column, tableLines} from '../../headless/table.js';
import {counted, durationWords} from '../../headless/words.js';
import type {CostAnswer, RetryAnswer, RuleAnswer, RunAnswer, SlowAnswer} from '../../store/history/answers.js';

const none = '—';
const cost = ({costUsd}: {costUsd?: number}) => (costUsd === undefined ? none : costWords(costUsd));
const tokens = (count: number) => (count === 0 ? none : tokenWords(count));
const count = (number: number) => (number === 0 ? none : String(number));
const two = (part: number) => String(part).padStart(2, '0');

/** The time of day today, the day too in this year, and only the day before: `14:03`, `31 Jul 14:03`, `31 Jul 2025`. */
function when(at: number, now: number): string {
	const [date, today] = [new Date(at), new Date(now)];
	const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
	const day = date.toLocaleDateString('en-GB', {day: 'numeric', month: 'short'});
	if (date.getFullYear() !== today.getFullYear()) return `${day} ${date.getFullYear()}`;
	return date.toDateString() === today.toDateString() ? time : `${day} ${time}`;
}

/** As short as it can be said, so that ids have room: `340 ms`, `4.2 s`, `16m40s`, `6h56m`, `120h`. */
function span(ms: number): string {
	if (ms < 60_000) return durationWords(ms);
	const seconds = Math.round(ms / 1000);
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	if (hours === 0) return `${minutes}m${two(seconds % 60)}s`;
	return hours < 100 ? `${hours}h${two(minutes)}m` : `${hours}h`;
}

const share = (passed: number, of: number) => (of === 0 ? none : `${Math.floor((passed / of) * 100)}%`);

/** A run, with the state that is known when its program is looked for. */
export type ShownRun = Omit<RunAnswer, 'state'> & {state: RunAnswer['state'] | 'interrupted'};

/** Without columns in which nothing would stand. */
const worthwhile = <R>(rows: readonly R[], columns: Column<R>[]): Column<R>[] =>
	columns.filter(({of}) => rows.some(row => of(row) !== none));

export const runTable = (runs: readonly ShownRun[], now: number): string[] =>
	tableLines<ShownRun>(
		worthwhile<ShownRun>(runs, [
			{title: 'LAST', of: ({lastAt}) => when(lastAt, now)},
			{title: 'JOB', of: ({job}) => job, gives: true},
			{title: 'STATE', of: ({state}) => state},
			{title: 'DONE', of: ({completed, total}) => `${completed}/${total}`, right: true},
			{title: 'FAILED', of: ({failed}) => count(failed), right: true},
			{title: 'TRIES', of: ({attempts}) => String(attempts), right: true},
			{title: 'TOOK', of: ({attemptsMs}) => span(attemptsMs), right: true},
			{title: 'COST', of: cost, right: true},
		]),
		runs,
	);

/** With jobs apart only where there are several. */
const withJob = <R extends {job: string}>(rows: readonly R[], columns: Column<R>[]): Column<R>[] =>
	new Set(rows.map(({job}) => job)).size > 1 ? [...columns, {title: 'JOB', of: ({job}) => job}] : columns;

export const ruleTable = (rules: readonly RuleAnswer[]): string[] =>
	tableLines<RuleAnswer>(
		withJob(rules, [
			{title: 'PASS', of: ({passed, judged}) => share(passed, judged), right: true},
			{title: 'OF', of: ({judged}) => String(judged), right: true},
			{title: 'FIRST TRY', of: ({passedFirst, judgedFirst}) => share(passedFirst, judgedFirst), right: true},
			{title: 'TYPE', of: ({type}) => type},
			{title: 'RULE', of: ({rule}) => rule, gives: true},
		]),
		rules,
	);

export function costTable(days: readonly CostAnswer[]): string[] {
	const sum = (of: (day: CostAnswer) => number) => days.reduce((all, day) => all + of(day), 0);
	const isTold = days.some(({costUsd}) => costUsd !== undefined);
	const total: CostAnswer = {
		day: 'in all',
		attempts: sum(({attempts}) => attempts),
		tokensIn: sum(({tokensIn}) => tokensIn),
		tokensOut: sum(({tokensOut}) => tokensOut),
		untold: sum(({untold}) => untold),
		attemptsMs: sum(({attemptsMs}) => attemptsMs),
		...(isTold && {costUsd: sum(({costUsd = 0}) => costUsd)}),
	};
	const lines = tableLines<CostAnswer>(
		[
			{title: 'DAY', of: ({day}) => day},
			{title: 'COST', of: cost, right: true},
			{title: 'TOKENS IN', of: ({tokensIn}) => tokens(tokensIn), right: true},
			{title: 'OUT', of: ({tokensOut}) => tokens(tokensOut), right: true},
			{title: 'ATTEMPTS', of: ({attempts}) => String(attempts), right: true},
			{title: 'TOOK', of: ({attemptsMs}) => span(attemptsMs), right: true},
		],
		days.length > 1 ? [...days, total] : days,
	);
	return total.untold === 0 || !isTold ? lines : [...lines, `${counted(total.untold, 'attempt')} told no cost.`];
}

export const slowTable = (batches: readonly SlowAnswer[]): string[] =>
	tableLines<SlowAnswer>(
		[
			{title: 'TOOK', of: ({tookMs}) => span(tookMs), right: true},
			{
				title: 'WITH WAITS',
				of: ({overallMs}) => (overallMs === undefined ? none : span(overallMs)),
				right: true,
			},
			{title: 'BATCH', of: ({batch}) => String(batch), right: true},
			{title: 'JOB', of: ({job}) => job, gives: true},
			{title: 'STATUS', of: ({status}) => status},
			{title: 'TRIES', of: ({attempts}) => String(attempts), right: true},
			{title: 'COST', of: cost, right: true},
		],
		batches,
	);

export const retryTable = (kinds: readonly RetryAnswer[]): string[] =>
	tableLines<RetryAnswer>(
		[
			{title: 'KIND', of: ({kind}) => kind},
			{title: 'BATCHES', of: ({batches}) => String(batches), right: true},
			{title: 'RETRIES', of: ({retries}) => count(retries), right: true},
			{title: 'COMPLETIONS', of: ({completions}) => count(completions), right: true},
			{title: 'WAITS', of: ({waits}) => count(waits), right: true},
			{title: 'MOVES', of: ({moves}) => count(moves), right: true},
			{title: 'FAILED', of: ({failed}) => count(failed), right: true},
			{title: 'WAITED', of: ({waitMs}) => (waitMs === 0 ? none : span(waitMs)), right: true},
		],
		kinds,
	);
