import {foldColumns} from './theme.js';

/** How the window is shared out, in cells. */
export type Layout = {
	columns: number;
	rows: number;
	/** Rows between header and footer. */
	body: number;
	headerRows: number;
	footer: boolean;
	/** Columns of the list and of the output; 0 where one of them is not shown. */
	list: number;
	output: number;
};

/** Folds what does not fit: first one of the two panes, then the second line of the header, then the footer. */
export function layoutOf({columns, rows}: {columns: number; rows: number}, pane: 'list' | 'output'): Layout {
	const headerRows = rows >= 10 ? 2 : 1;
	const footer = rows >= 4;
	const body = Math.max(0, rows - headerRows - (footer ? 1 : 0));
	if (columns < foldColumns) {
		return {
			columns,
			rows,
			body,
			headerRows,
			footer,
			list: pane === 'list' ? columns : 0,
			output: pane === 'output' ? columns : 0,
		};
	}
	const list = Math.min(44, Math.max(26, Math.floor(columns * 0.3)));
	return {columns, rows, body, headerRows, footer, list, output: columns - list - 1};
}

/** First row to show so that `selected` (from 1) stays in a window of `rows` over `total` rows. */
export function windowStart(selected: number, rows: number, total: number): number {
	const start = selected - Math.ceil(rows / 2);
	return Math.max(1, Math.min(start, total - rows + 1));
}

/** Rows for each pane: the first (focused) gets what the others, of at least four rows each, leave. */
export function paneHeights(rows: number, panes: number): number[] {
	if (panes <= 1) return [rows];
	const others = Math.min(panes - 1, Math.floor((rows - 6) / 4));
	if (others < 1) return [rows];
	const each = Math.max(4, Math.floor(rows / (others + 2)));
	return [rows - each * others, ...Array.from({length: others}, () => each)];
}
