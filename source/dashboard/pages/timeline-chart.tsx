/** @jsxImportSource hono/jsx */
import {counted, durationWords, timeOfDay, timeOfDayFrom} from '../../headless/words.js';
import {Moment} from './clock.js';
import {rounded} from './columns.js';
import {Heads} from './heads.js';
import {type AttemptEnd, axisOf, type Piece, type Timeline} from './timeline.js';

const width = 1000;
const rowHeight = 18;
/** Rows that are drawn; a bound, for jobs with very many batches at once. */
const mostRows = 40;

const endWords: Record<AttemptEnd, string> = {
	passed: 'passed',
	failed: 'failed',
	cut: 'cut off',
	running: 'runs',
};

/** What ran when, a row a slot; waits stand thin between a batch’s attempts, limits lie behind all rows. */
export function TimelineChart({id, timeline, now}: {id: string; timeline: Timeline; now: number}) {
	const {rows, limits, from, to, attempts, leftOut} = timeline;
	const axis = axisOf(timeline);
	const x = (time: number) => rounded(axis.at(time) * width);
	const shown = rows.slice(0, mostRows);
	const height = shown.length * rowHeight;
	const summary = [
		`From ${timeOfDayFrom(from, now)} to ${timeOfDayFrom(to, now)}: ${counted(attempts, 'attempt')}`,
		`at most ${counted(rows.length, 'batch', 'batches')} at once`,
		...(limits.length > 0 ? [counted(limits.length, 'wait for a limit', 'waits for limits')] : []),
	].join(', ');
	return (
		<section class="card" aria-labelledby="timeline-title">
			<h2 id="timeline-title">What ran when</h2>
			<div class="chart">
				{leftOut > 0 && <p class="soft">The latest batches; {leftOut} earlier ones are left out.</p>}
				<svg
					class="lanes"
					viewBox={`0 0 ${width} ${height}`}
					preserveAspectRatio="none"
					height={height}
					role="img"
					aria-label={summary}
				>
					{limits.map(span => (
						<rect class="band" x={x(span.from)} y={0} width={atLeast(x(span.to) - x(span.from))} height={height}>
							<title>{`limit: ${durationWords(span.to - span.from)}`}</title>
						</rect>
					))}
					{axis.idle.map(({at, ms}) => (
						<line class="grid" x1={rounded(at * width)} x2={rounded(at * width)} y1={0} y2={height}>
							<title>{`nothing ran for ${durationWords(ms)}`}</title>
						</line>
					))}
					{shown.flatMap((row, index) =>
						row.map(piece => {
							const thin = piece.type === 'wait';
							return (
								<rect
									class={`mark ${piece.type === 'wait' ? 'pause' : piece.end}`}
									x={x(piece.from)}
									y={index * rowHeight + (thin ? 7 : 2)}
									width={atLeast(x(piece.to) - x(piece.from))}
									height={thin ? 4 : rowHeight - 4}
								>
									<title>{pieceWords(piece)}</title>
								</rect>
							);
						}),
					)}
				</svg>
				<p class="axis">
					<span>{timeOfDayFrom(from, now)}</span>
					<span>{timeOfDayFrom(to, now)}</span>
				</p>
				<p class="legend">
					<Legend look="passed" words="passed" />
					<Legend look="failed" words="failed" />
					<Legend look="running" words="runs" />
					<Legend look="cut" words="cut off" />
					<Legend look="pause" words="waits" />
					{axis.idle.length > 0 && <span>a line: nothing ran for longer, which is drawn short</span>}
				</p>
				<details id="timeline-table" data-keep-open>
					<summary>As a table</summary>
					<PieceTable id={id} pieces={rows.flat()} now={now} />
				</details>
			</div>
		</section>
	);
}

/** What is over in a moment can be seen too. */
const atLeast = (wide: number) => Math.max(1, rounded(wide));

function pieceWords(piece: Piece): string {
	const took = durationWords(piece.to - piece.from);
	const why = piece.kind === undefined ? '' : ` (${piece.kind.replaceAll('_', ' ')})`;
	if (piece.type === 'wait') return `batch ${piece.batch} waits ${took}${why}`;
	return `batch ${piece.batch}, attempt ${piece.attempt}, ${piece.mode}: ${endWords[piece.end]}${why}, ${took}, ${timeOfDay(piece.from)}`;
}

const Legend = ({look, words}: {look: string; words: string}) => (
	<span>
		<svg viewBox="0 0 10 10" aria-hidden="true">
			<rect class={`mark ${look}`} width={10} height={10} rx={2} />
		</svg>
		{words}
	</span>
);

const PieceTable = ({id, pieces, now}: {id: string; pieces: readonly Piece[]; now: number}) => (
	<div class="scroll">
		<table class="rows">
			<caption class="unseen">Attempts and waits, oldest first</caption>
			<Heads heads={['Began', 'Batch', 'What', {words: 'Took', isEnd: true}, 'How it came out']} />
			<tbody>
				{pieces
					.toSorted((a, b) => a.from - b.from || a.batch - b.batch)
					.map(piece => (
						<tr>
							<td>
								<Moment at={piece.from} now={now} />
							</td>
							<th scope="row">
								<a href={`/jobs/${id}/batches/${piece.batch}`}>{piece.batch}</a>
							</th>
							<td class="keep">{piece.type === 'wait' ? 'wait' : `#${piece.attempt} ${piece.mode}`}</td>
							<td class="end keep">{durationWords(piece.to - piece.from)}</td>
							<td>
								{piece.type === 'attempt' && endWords[piece.end]}
								{piece.kind !== undefined && <span class="soft"> {piece.kind.replaceAll('_', ' ')}</span>}
							</td>
						</tr>
					))}
			</tbody>
		</table>
	</div>
);
