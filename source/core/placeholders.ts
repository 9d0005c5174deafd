/** Values for `{name}` placeholders, by name. */
export type Placeholders = Readonly<Record<string, string>>;

const pattern = /\{\{|\}\}|\{([A-Za-z_]\w*)\}/g;

/** Names of the placeholders that a text uses, each with its offset in the text. `{{` and `}}` are literal braces; `{3}` and `{2,5}` are none. */
export function placeholdersIn(text: string): {name: string; offset: number}[] {
	return [...text.matchAll(pattern)].flatMap(match => (match[1] ? [{name: match[1], offset: match.index}] : []));
}

/** Fills in the placeholders; a name without a value stays as it is written (`validate` refuses it beforehand). */
export function expand(text: string, values: Placeholders): string {
	return text.replace(pattern, (whole, name?: string) => {
		if (whole === '{{') return '{';
		if (whole === '}}') return '}';
		return name !== undefined && Object.hasOwn(values, name) ? (values[name] ?? whole) : whole;
	});
}

/** The placeholders that Mozart itself fills in, everywhere a placeholder may stand. */
export const builtInPlaceholders = [
	'workspace',
	'job_folder',
	'batch_num',
	'total_batches',
	'start_item',
	'end_item',
	'items',
] as const;
