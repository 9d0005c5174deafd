import {Text} from 'ink';
import type {Summary} from '../../core/summary.js';

/** Done, failed and skipped batches as parts of a bar; every part that there is shows at least one cell. */
export function ProgressBar({summary, width}: {summary: Summary; width: number}) {
	const cells = (part: number) => (part === 0 ? 0 : Math.max(1, Math.floor((part / summary.total) * width)));
	const completed = cells(summary.completed);
	const failed = cells(summary.failed);
	const skipped = cells(summary.skipped);
	const rest = Math.max(0, width - completed - failed - skipped);
	return (
		<Text>
			<Text color="green">{'█'.repeat(Math.max(0, Math.min(completed, width - failed - skipped)))}</Text>
			<Text color="red">{'█'.repeat(failed)}</Text>
			<Text dimColor>{'▒'.repeat(skipped) + '░'.repeat(rest)}</Text>
		</Text>
	);
}
