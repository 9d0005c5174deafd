import {costWords} from '../../core/usage.js';
import {clockWords, timeOfDay} from '../../headless/words.js';
import {oneLine} from '../../process/sanitize.js';
import type {KeptAttempt} from '../../store/kept-attempt.js';
import {line, type StyledLine} from '../styled-line.js';
import type {NameOf} from './evidence.js';

/** Attempts that stand side by side; older ones are left out, and that is said. */
const mostColumns = 12;

/** What is said of a batch that had no try left when it passed. */
export const lastTryWords = 'passed on the last try';

/** All attempts of a batch: a line each, then the rules as rows and the attempts as columns, with flips marked. */
export function attemptsLines(
	attempts: readonly KeptAttempt[],
	{nameOf, lastTry}: {nameOf: NameOf; lastTry: boolean},
): StyledLine[] {
	if (attempts.length === 0) return [line('Not run yet.', 'dim')];
	const shown = attempts.slice(-mostColumns);
	const left = attempts.length - shown.length;
	return [
		...(lastTry ? [line(lastTryWords, 'strong')] : []),
		...attempts.map(attemptLine),
		line(''),
		...(left > 0 ? [line(`rules of the last ${mostColumns} attempts:`, 'dim')] : []),
		...matrixLines(shown, nameOf),
	];
}

function attemptLine({attempt, mode, startedAt, tookMs, exitCode, failure, usage, verdicts}: KeptAttempt): StyledLine {
	const passed = verdicts && `${verdicts.filter(verdict => verdict.passed).length}/${verdicts.length} rules`;
	const parts = [
		`#${attempt} ${mode}`,
		timeOfDay(startedAt),
		tookMs === undefined ? 'runs' : clockWords(tookMs),
		exitCode === undefined ? '' : `exit ${exitCode}`,
		usage?.costUsd === undefined ? '' : costWords(usage.costUsd),
		passed ?? '',
		failure ? `${failure.kind}: ${oneLine(failure.message)}` : '',
	];
	const good = verdicts !== undefined && verdicts.length > 0 && verdicts.every(verdict => verdict.passed);
	return line(parts.filter(part => part !== '').join(' · '), good ? 'good' : failure ? 'bad' : 'plain');
}

/** `✓ ✗` a rule and attempt; `▲` where it passes for the first time since it failed, `▼` where it fails again. */
function matrixLines(attempts: readonly KeptAttempt[], nameOf: NameOf): StyledLine[] {
	const judged = attempts.filter(attempt => attempt.verdicts && attempt.verdicts.length > 0);
	const rules = judged.at(-1)?.verdicts ?? [];
	if (rules.length === 0) return [];
	const width = Math.max(...judged.map(({attempt}) => `#${attempt}`.length)) + 1;
	const head = judged.map(({attempt}) => `#${attempt}`.padEnd(width)).join('');
	return [
		line(head, 'dim'),
		...rules.map(verdict => {
			const {rule, passed} = verdict;
			const cells = judged.map((attempt, index) => {
				const now = passes(attempt, rule);
				const before = index > 0 ? passes(judged[index - 1]!, rule) : undefined;
				if (now === undefined) return ' ';
				if (before !== undefined && before !== now) return now ? '▲' : '▼';
				return now ? '✓' : '✗';
			});
			return line(`${cells.map(cell => cell.padEnd(width)).join('')}${nameOf(verdict)}`, passed ? 'good' : 'bad');
		}),
		line('▲ passes now · ▼ fails now', 'dim'),
	];
}

const passes = ({verdicts}: KeptAttempt, rule: number): boolean | undefined =>
	verdicts?.find(verdict => verdict.rule === rule)?.passed;
