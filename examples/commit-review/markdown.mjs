/** A Markdown table; cells are made safe. Columns that hold only numbers are aligned right. */
export function table(heads, rows) {
	const numeric = heads.map((_, column) => rows.every(row => typeof row[column] === 'number'));
	const line = cells => `| ${cells.map(cell).join(' | ')} |`;
	return [line(heads), line(numeric.map(right => (right ? '--:' : '---'))), ...rows.map(line)].join('\n');
}

/** Text from a repository is data: it must not end the cell, start markup, or move a terminal's cursor. */
export function cell(value) {
	return String(value)
		.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
		.replace(/[\\|`*_<>[\]]/g, '\\$&')
		.trim();
}

/** "1 file", "2 files". */
export const plural = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** A whole report, ending with a newline. */
export function report({topic, batch, verdict, evidence, method}) {
	return [
		`# ${topic}: commits ${batch.first} to ${batch.last} (batch ${batch.number} of ${batch.total})`,
		'## Verdict',
		verdict.filter(Boolean).join(' '),
		'## Evidence',
		...evidence,
		'## How it was judged',
		method.map(line => `- ${line}`).join('\n'),
		'',
	]
		.join('\n\n')
		.replace(/\n+$/, '\n');
}
