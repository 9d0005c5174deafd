import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';

export type Column<R> = {
	title: string;
	of(row: R): string;
	/** Numbers stand under each other's last digit. */
	right?: boolean;
	/** The one that gives way where a line would be too long. */
	gives?: boolean;
};

const gap = '  ';
/** What a column that gives way keeps at least. */
const leastWidth = 8;

/** Rows under their titles, aligned, no line wider than this. */
export function tableLines<R>(columns: readonly Column<R>[], rows: readonly R[], most = 80): string[] {
	const cells = [columns.map(({title}) => title), ...rows.map(row => columns.map(column => column.of(row)))];
	const widths = columns.map((_, index) => Math.max(...cells.map(line => stringWidth(line[index] ?? ''))));
	const over = widths.reduce((sum, width) => sum + width, gap.length * (columns.length - 1)) - most;
	const giving = columns.findIndex(({gives}) => gives);
	if (over > 0 && giving >= 0) widths[giving] = Math.max(leastWidth, (widths[giving] ?? 0) - over);
	return cells.map(line =>
		line
			.map((cell, index) => {
				const width = widths[index] ?? 0;
				const shown = cliTruncate(cell, width);
				const space = ' '.repeat(width - stringWidth(shown));
				return columns[index]?.right ? space + shown : shown + space;
			})
			.join(gap)
			.trimEnd(),
	);
}
