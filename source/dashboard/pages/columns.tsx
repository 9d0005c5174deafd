/** @jsxImportSource hono/jsx */
import type {Child} from 'hono/jsx';

/** One column: its height, how it is dressed, and the words that stand for it. */
export type Column = {
	value: number;
	look: string;
	/** What it is about, as the first cell of its row in the table. */
	name: string;
	words: string;
};

type Props = {
	id: string;
	title: string;
	/** What the first and the second column of the table are. */
	heads: readonly [string, string];
	columns: readonly Column[];
	/** How a height is said. */
	wordsOf: (value: number) => string;
	/** What it shows in one sentence, for who does not see it. */
	summary: string;
	note?: string | undefined;
	children?: Child;
};

/** Where there are few columns they leave room on the right, rather than be as wide as a wall. */
const fewestSlots = 30;

/**
 * A chart of columns, and the same as a table. The marks are drawn to any width; words stand beside them as text, so that
 * they have one size everywhere.
 */
export function Columns({id, title, heads, columns, wordsOf, summary, note, children}: Props) {
	const most = Math.max(0, ...columns.map(({value}) => value));
	const width = Math.max(columns.length, fewestSlots);
	const [first, last] = [columns[0]?.name, columns.at(-1)?.name];
	return (
		<section class="card" aria-labelledby={`${id}-title`}>
			<h2 id={`${id}-title`}>{title}</h2>
			{columns.length === 0 ? (
				<p class="empty">Nothing to show yet.</p>
			) : (
				<div class="chart">
					<p class="axis">
						<span>{wordsOf(most)}</span>
						<span>{note}</span>
					</p>
					<svg viewBox={`0 0 ${width} 100`} preserveAspectRatio="none" role="img" aria-label={summary}>
						<line class="grid" x1={0} x2={width} y1={50} y2={50} />
						{columns.map(({value, look, name, words}, index) => {
							// A figure that is not nothing can be seen.
							const height = most === 0 ? 0 : Math.max(value > 0 ? 1 : 0, (value / most) * 100);
							return (
								<rect
									class={`mark ${look}`}
									x={index + 0.1}
									y={rounded(100 - height)}
									width={0.8}
									height={rounded(height)}
								>
									<title>{`${name}: ${words}`}</title>
								</rect>
							);
						})}
						<line class="base" x1={0} x2={width} y1={100} y2={100} />
					</svg>
					<p class="axis">
						{columns.length < width ? (
							<span>{columns.length > 1 ? `${first} to ${last}` : first}</span>
						) : (
							<>
								<span>{first}</span>
								<span>{last}</span>
							</>
						)}
					</p>
					{children}
					<details id={`${id}-table`} data-keep-open>
						<summary>As a table</summary>
						<section class="scroll" tabindex={0} aria-label={`${title}, as a table`}>
							<table>
								<thead>
									<tr>
										<th scope="col">{heads[0]}</th>
										<th scope="col" class="end">
											{heads[1]}
										</th>
									</tr>
								</thead>
								<tbody>
									{columns.map(({name, words}) => (
										<tr>
											<th scope="row">{name}</th>
											<td class="end">{words}</td>
										</tr>
									))}
								</tbody>
							</table>
						</section>
					</details>
				</div>
			)}
		</section>
	);
}

/** Digits that no eye can tell apart only make a page longer. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;
