import {foldColumns} from './theme.js';

export type Size = {columns: number; rows: number};

/** How the window is shared out, in cells. */
export type Layout = Size & {
	/** Rows of each part; `body` lies between header and footer. */
	header: number;
	body: number;
	footer: number;
	/** Columns of the list and of the output; 0 where one of them is not shown. */
	list: number;
	output: number;
	/** Rows of the list that show batches; there is no room for its title in a low window. */
	listRows: number;
};

/**
 * Folds what does not fit: first one of the two panes, then the second line of the header, then the footer with the
 * keys. What the footer has to say (`spoken` rows) is shown in any window.
 */
export function layoutOf({columns, rows}: Size, pane: 'list' | 'output', spoken = 0): Layout {
	const footer = Math.min(rows, spoken > 0 ? spoken : rows >= 4 ? 1 : 0);
	const header = Math.min(rows - footer, rows >= 10 ? 2 : 1);
	const body = rows - footer - header;
	const shared = {columns, rows, header, body, footer, listRows: body >= 6 ? body - 1 : body};
	if (columns < foldColumns) {
		return pane === 'list' ? {...shared, list: columns, output: 0} : {...shared, list: 0, output: columns};
	}
	const list = Math.min(44, Math.max(Math.floor(columns * 0.3), Math.min(33, Math.floor(columns / 2))));
	return {...shared, list, output: columns - list - 1};
}

/** First row to show so that `selected` (from 1) stays in a window of `rows` over `total` rows. */
export function windowStart(selected: number, rows: number, total: number): number {
	const start = selected - Math.floor(rows / 2);
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
