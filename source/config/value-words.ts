import type {JsonSchema} from './json-schema.js';

/** `validations.0.path`, as `--set` takes it. */
export const dotted = (path: readonly PropertyKey[]): string =>
	path.length === 0 ? 'the job file' : path.map(String).join('.');

/** `a, b or c`. */
export function list(words: readonly string[], last: 'and' | 'or'): string {
	return words.length < 2 ? (words[0] ?? 'none') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** A value as a sentence names it, bounded. */
export const wordFor = (value: string | number | boolean | null): string => {
	if (value === '') return 'an empty text';
	const word = JSON.stringify(value);
	return word.length > 60 ? `${word.slice(0, 57)}…"` : word;
};

/** The kind of value that a field takes. */
export function kindOf(field: JsonSchema | undefined, expected?: string): string {
	if (field?.anyOf && field.type === undefined && expected === undefined) return eitherOf(field);
	switch (expected ?? field?.type) {
		case 'string':
			return 'text';
		case 'int':
		case 'integer':
			return 'a whole number';
		case 'number':
			return field?.type === 'integer' ? 'a whole number' : 'a number';
		case 'boolean':
			return 'true or false';
		case 'array':
			return field?.items?.type === 'string' ? 'a list of texts' : 'a list';
		case 'object':
		case 'record':
			return 'a map of fields';
		default:
			return 'another value';
	}
}

/** The kinds of value that a field takes any one of. */
export const eitherOf = (field: JsonSchema | undefined) =>
	list(
		(field?.anyOf ?? []).map(option => kindOf(option)),
		'or',
	) || 'another value';

const unitSeconds: Readonly<Record<string, number>> = {s: 1, sec: 1, m: 60, min: 60, h: 3600, d: 86_400};

/** The number or truth value that a text stands for, as YAML is to hold it; undefined where it stands for none. */
export function convert(text: string, expected: string, key: string): string | undefined {
	const trimmed = text.trim();
	if (expected === 'boolean') {
		if (/^(yes|y|on|true)$/i.test(trimmed)) return 'true';
		if (/^(no|n|off|false)$/i.test(trimmed)) return 'false';
		return undefined;
	}
	if (expected !== 'number' && expected !== 'int') return undefined;
	const plain = trimmed.replaceAll(/(?<=\d)[_,](?=\d{3})/g, '');
	const number = /^([-+]?\d+(?:\.\d+)?)\s*([a-z]+|%)?$/i.exec(plain);
	if (!number) return undefined;
	const [, digits, unit] = number;
	if (unit === undefined) return String(Number(digits));
	if (unit === '%' && key.endsWith('_percent')) return String(Number(digits));
	const factor = key.endsWith('_seconds') ? unitSeconds[unit.toLowerCase()] : undefined;
	return factor === undefined ? undefined : String(Number(digits) * factor);
}
