import {Box, Text} from 'ink';
import Spinner from 'ink-spinner';
import {useMemo} from 'react';
import {paceOf, restOf} from '../../core/estimate.js';
import type {Run} from '../../core/run.js';
import {type Summary, summarize} from '../../core/summary.js';
import {headerParts, secondLine, undeliveredWords} from '../header-text.js';
import {stateColors} from '../theme.js';
import {Line} from './line.js';
import {ProgressBar} from './progress-bar.js';
import {Tint} from './tint.js';

type Props = {run: Run; now: number; columns: number; rows: number; animated: boolean; undelivered?: number};

/** Job, state and progress; in the second line what it takes and what it waits for. */
export function Header({run, now, columns, rows, animated, undelivered = 0}: Props) {
	const summary = summarize(run, now);
	const {counts, selection} = run;
	// Looks at every batch: once whenever one has come further, not with every frame.
	// biome-ignore lint/correctness/useExhaustiveDependencies: see above
	const pace = useMemo(() => paceOf(run), [counts, selection]);
	const rest = pace && restOf(pace, run, now);
	const mark = undeliveredWords(undelivered);
	return (
		<Box flexDirection="column" height={rows} width={columns}>
			{rows > 0 && <FirstLine {...{run, summary, columns, animated}} />}
			{rows > 1 && (
				<Line {...(summary.limit || summary.reason || summary.budget?.isNear ? {color: 'yellow'} : {dimColor: true})}>
					{mark + secondLine(run, summary, now, rest, columns - mark.length)}
				</Line>
			)}
		</Box>
	);
}

type FirstProps = Pick<Props, 'run' | 'columns' | 'animated'> & {summary: Summary};

function FirstLine({run, summary, columns, animated}: FirstProps) {
	const {state} = summary;
	const {name, done, failed, skipped, elapsed, bar} = headerParts(run, summary, columns);
	// What runs shows that by its clock and its output; a state that a person waits for to pass shows it here.
	const isPassing = state === 'pausing' || state === 'stopping';
	return (
		<Box height={1} overflowX="hidden">
			<Line>
				<Text bold>{name}</Text> <Tint color={stateColors[state]}>{state}</Tint>
			</Line>
			<Box width={4} flexShrink={0}>
				{isPassing && (animated ? <Spinner type="simpleDots" /> : <Text>...</Text>)}
			</Box>
			{bar > 0 && (
				<Box width={bar + 1} flexShrink={0}>
					<ProgressBar summary={summary} width={bar} />
				</Box>
			)}
			<Box flexShrink={0}>
				<Line>
					{done}
					<Tint color="red">{failed}</Tint>
					<Text dimColor>{skipped + elapsed}</Text>
				</Line>
			</Box>
		</Box>
	);
}
