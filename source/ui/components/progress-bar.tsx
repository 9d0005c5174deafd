import type {Summary} from '../../core/summary.js';
import {barCells} from '../bar-cells.js';
import {Line} from './line.js';
import {Tint} from './tint.js';

/** Completed, failed and skipped batches as parts of a bar; every part that there is shows at least one cell. */
export function ProgressBar({summary, width}: {summary: Summary; width: number}) {
	const {completed, failed, skipped, total} = summary;
	const parts = [completed, failed, skipped, total - completed - failed - skipped];
	const [done = 0, bad = 0, passedOver = 0, rest = 0] = barCells(parts, width);
	return (
		<Line>
			<Tint color="green">{'█'.repeat(done)}</Tint>
			<Tint color="red">{'▓'.repeat(bad)}</Tint>
			<Tint dimColor>{'▒'.repeat(passedOver) + '░'.repeat(rest)}</Tint>
		</Line>
	);
}
