/** @jsxImportSource hono/jsx */
import type {Summary} from '../../core/summary.js';

type Counts = Pick<Summary, 'completed' | 'failed' | 'skipped' | 'total'> & {running?: number};

/** What is done, failed, skipped and under way, of all; said in words too. */
export function ProgressBar({counts, slim = false}: {counts: Counts; slim?: boolean}) {
	const {total} = counts;
	let at = 0;
	const parts = (['completed', 'failed', 'skipped', 'running'] as const).flatMap(part => {
		const x = at;
		const width = counts[part] ?? 0;
		at += width;
		return width > 0 ? [<rect class={part} x={x} y={0} width={width} height={1} />] : [];
	});
	return (
		<svg
			class={slim ? 'bar slim' : 'bar'}
			viewBox={`0 0 ${Math.max(1, total)} 1`}
			preserveAspectRatio="none"
			role="img"
			aria-label={`${doneWords(counts)} batches`}
		>
			{parts}
		</svg>
	);
}

/** `12 of 30 completed, 1 failed, 2 skipped`. */
export function doneWords({completed, failed, skipped, total}: Counts): string {
	const parts = [`${completed} of ${total} completed`];
	if (failed > 0) parts.push(`${failed} failed`);
	if (skipped > 0) parts.push(`${skipped} skipped`);
	return parts.join(', ');
}
