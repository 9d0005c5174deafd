import {Box, Text} from 'ink';
import Spinner from 'ink-spinner';
import type {Run} from '../../core/run.js';
import {summarize} from '../../core/summary.js';
import {costWords} from '../../headless/summary-lines.js';
import {clockWords, timeOfDay} from '../../headless/words.js';
import {stateColors} from '../theme.js';
import {Line} from './line.js';
import {ProgressBar} from './progress-bar.js';

/** Job, state and progress; in the second line what it has cost so far and what it waits for. */
export function Header({run, now, columns, rows}: {run: Run; now: number; columns: number; rows: number}) {
	const summary = summarize(run, now);
	const done = `${summary.completed}/${summary.total}`;
	const failed = summary.failed > 0 ? ` ${summary.failed} failed` : '';
	const skipped = summary.skipped > 0 ? ` ${summary.skipped} skipped` : '';
	const elapsed = clockWords(summary.elapsedMs);
	const moving = summary.state === 'running' && summary.running > 0;
	const taken =
		run.job.name.length + summary.state.length + done.length + failed.length + skipped.length + elapsed.length;
	const width = Math.min(40, columns - taken - 12);
	return (
		<Box flexDirection="column" height={rows} width={columns}>
			<Line>
				<Text bold>{run.job.name}</Text> <Text color={stateColors[summary.state]}>{summary.state}</Text>
				{moving ? <Spinner type="simpleDots" /> : '   '} {width >= 5 && <ProgressBar summary={summary} width={width} />}{' '}
				{done}
				{failed !== '' && <Text color="red">{failed}</Text>}
				<Text dimColor>{skipped}</Text>
				<Text dimColor> · {elapsed}</Text>
			</Line>
			{rows > 1 && <Line dimColor={!summary.limit && !summary.reason}>{secondLine(run, now)}</Line>}
		</Box>
	);
}

function secondLine(run: Run, now: number): string {
	const summary = summarize(run, now);
	if (summary.limit) {
		const {until, message} = summary.limit;
		return `waits until ${timeOfDay(until)}, ${clockWords(until - now)} left: ${message}`;
	}
	if (summary.reason) return summary.reason;
	const parts = [
		`${summary.running} running`,
		...(summary.waiting > 0 ? [`${summary.waiting} waiting`] : []),
		...(summary.held > 0 ? [`${summary.held} held`] : []),
		`${run.concurrency} at once`,
		`${summary.completions} completions`,
		`${summary.retries} retries`,
		`${summary.waits} waits`,
	];
	if (summary.tokensIn + summary.tokensOut > 0)
		parts.push(`${thousands(summary.tokensIn)} in ${thousands(summary.tokensOut)} out`);
	if (summary.costUsd !== undefined) parts.push(costWords(summary.costUsd));
	return parts.join(' · ');
}

const thousands = (tokens: number) =>
	tokens < 1000 ? String(tokens) : `${(tokens / 1000).toFixed(tokens < 10_000 ? 1 : 0)}k`;
