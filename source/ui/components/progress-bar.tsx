import type {Summary} from '../../core/summary.js';
import {Line} from './line.js';
import {Tint} from './tint.js';

/** Completed, failed and skipped batches as parts of a bar; every part that there is shows at least one cell. */
export function ProgressBar({summary, width}: {summary: Summary; width: number}) {
	const cells = (part: number) => (part === 0 ? 0 : Math.max(1, Math.floor((part / summary.total) * width)));
	const failed = cells(summary.failed);
	const skipped = cells(summary.skipped);
	const completed = Math.max(0, Math.min(cells(summary.completed), width - failed - skipped));
	const rest = Math.max(0, width - completed - failed - skipped);
	return (
		<Line>
			<Tint color="green">{'█'.repeat(completed)}</Tint>
			<Tint color="red">{'▓'.repeat(failed)}</Tint>
			<Tint dimColor>{'▒'.repeat(skipped) + '░'.repeat(rest)}</Tint>
		</Line>
	);
}
