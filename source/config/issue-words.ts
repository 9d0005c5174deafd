import type * as z from 'zod';
import {closest} from './closest.js';
import type {JobDocument, Path} from './document.js';
import type {Finding} from './finding.js';
import {fieldAt, type JsonSchema, keysByName, shapesAt} from './json-schema.js';
import type {Place} from './place.js';
import {notBuilt} from './schema.js';
import {convert, dotted, eitherOf, kindOf, list, wordFor} from './value-words.js';

type Issue = z.core.$ZodIssue;

const mostUnknownKeys = 100;

/** A start for fields that have to be there, by name; others are shown by the kind of value they take. */
const starts: Readonly<Record<string, string>> = {
	name: 'my-job',
	batch: '{size: 10, total_items: 100}',
	prompt: '{template: "Work on items {{ start_item }} to {{ end_item }}."}',
	size: '10',
	total_items: '100',
	items: '{file: items.txt}',
	template: '"Work on items {{ start_item }} to {{ end_item }}."',
	path: 'report-{batch_num}.md',
	pattern: '"text to find"',
	command: '[your-program, its-argument]',
	argv: '[your-cli, its-argument]',
	profile: '{argv: [your-cli, its-argument]}',
	max_cost_usd: '5',
	url: 'https://example.org/hook',
	url_env: 'WEBHOOK_URL',
	password_env: 'SMTP_PASSWORD',
	secret_env: 'WEBHOOK_SECRET',
	host: 'smtp.example.org',
	from: 'mozart@example.org',
	to: 'you@example.org',
};

/** Turns what zod found into findings for a person: each in its place, with what was found and what to write instead. */
export function issueFindings(issues: readonly Issue[], document: JobDocument, schema: JsonSchema): Finding[] {
	const keys = keysByName(schema);
	/** Fields that a mistyped key most likely means: that they are missing need not be said too. */
	const meantFields = new Set<string>();

	const error = (place: Place, message: string, mend?: string): Finding => ({
		...place,
		severity: 'error',
		message,
		...(mend === undefined ? {} : {mend}),
	});

	function describe(issue: Issue): Finding[] {
		const path = issue.path as Path;
		if (issue.code === 'unrecognized_keys')
			return issue.keys.slice(0, mostUnknownKeys).map(key => unknownKey(path, key));
		if (issue.code === 'invalid_union' && issue.errors.length > 0) {
			const inner = deepestOf(issue.errors);
			if (inner && inner.path.length > 0) return describe({...inner, path: [...path, ...inner.path]});
		}
		const tree = document.find(path);
		// Said already while the YAML was read.
		if (tree?.kind === 'broken') return [];
		if (issue.code === 'custom') return oneOf(issue, path);
		if (!tree) return meantFields.has(dotted(path)) ? [] : [missing(path)];
		const name = dotted(path);
		// Not quoted: what stands where a name is wanted may be the secret itself.
		if (issue.code === 'invalid_format' && path.some(step => String(step).endsWith('_env')))
			return [error(document.placeOf(path), `${name} ${issue.message}`)];
		if (tree.kind === 'scalar' && tree.value === null)
			return [error(document.placeOf(path, 'key'), `${name} is empty: write a value or remove the line`)];
		const value = tree.kind === 'scalar' ? tree.value : undefined;
		const found = tree.kind === 'scalar' ? wordFor(tree.value) : `a ${tree.kind}`;
		const [wanted, mend] = wantedBy(issue, path, value, fieldAt(schema, path, document.value));
		return [error(document.placeOf(path), `${name} is ${found}${wanted}`, mend)];
	}

	function unknownKey(path: Path, key: string, known?: readonly string[]): Finding {
		const place = document.placeOf([...path, key], 'key');
		const reason = path.length === 0 ? notBuilt.get(key) : undefined;
		if (reason !== undefined)
			return error(place, `${key} is not built yet in this version of Mozart (${reason}): remove it`);
		const allowed = known ?? Object.keys(fieldAt(schema, path, document.value)?.properties ?? {});
		const named = namedSecret(key, allowed);
		if (named !== undefined) {
			meantFields.add(dotted([...path, named]));
			const message = `${key} is not a field ${ofWhat(path)}: a secret is never written into a job file. Put it into an environment variable and write that variable’s name`;
			return error(place, message, `${named}: ${starts[named] ?? 'THE_VARIABLE'}`);
		}
		const absent = allowed.filter(name => !document.find([...path, name]));
		const meant = closest(key, absent) ?? closest(key, allowed);
		if (meant !== undefined) meantFields.add(dotted([...path, meant]));
		if (meant !== undefined)
			return error(place, `${key} is not a field ${ofWhat(path)}: did you mean ${meant}?`, meant);
		const types = path[0] === 'backend' ? typesAt(path, key) : [];
		if (types.length > 0)
			return error(
				place,
				`${key} is not a field ${ofWhat(path)}: it belongs to type ${list(types, 'or')}`,
				types.length === 1 ? `type: ${types[0]}` : undefined,
			);
		const elsewhere = keys.get(key)?.filter(parent => !parent.includes('*'))[0];
		if (elsewhere !== undefined) {
			const home = elsewhere === '' ? 'at the left edge, below no other field' : `below ${elsewhere}`;
			return error(place, `${key} is not a field ${ofWhat(path)}: it belongs ${home}`);
		}
		return error(place, `${key} is not a field ${ofWhat(path)}: known are ${list(allowed, 'and')}`);
	}

	function ofWhat(path: Path): string {
		if (path.length === 0) return 'of a job file';
		const type = document.find([...path, 'type']);
		if (type?.kind === 'scalar' && typeof type.value === 'string') return `of ${dotted(path)} (${type.value})`;
		const assumed = fieldAt(schema, path, document.value)?.properties?.type?.default;
		return `of ${dotted(path)}${assumed === undefined ? '' : ` (without a type it is ${assumed})`}`;
	}

	function missing(path: Path): Finding {
		const parent = path.slice(0, -1);
		const key = String(path.at(-1));
		const place = document.placeOf(parent, parent.length === 0 ? 'value' : 'key');
		const where = parent.length === 0 ? '' : `${dotted(parent)}: `;
		if (typeof path.at(-1) === 'number') return error(place, `${dotted(path)} is missing`);
		const types = typesAt(parent);
		if (key === 'type' && types.length > 0) {
			const tree = document.find(parent);
			const written = tree?.kind === 'map' ? closest('type', tree.entries.keys()) : undefined;
			if (written !== undefined) return unknownKey(parent, written, ['type']);
			return error(place, `${where}type is missing: it is ${list(types, 'or')}`, `type: ${types[0]}`);
		}
		const field = fieldAt(schema, path, document.value);
		const purpose = field?.description?.split(/[.;:]/)[0];
		const said = purpose ? ` (${purpose.charAt(0).toLowerCase()}${purpose.slice(1)})` : '';
		return error(place, `${where}${key} is missing${said}`, `${key}: ${starts[key] ?? kindOf(field)}`);
	}

	function oneOf(issue: Extract<Issue, {code: 'custom'}>, path: Path): Finding[] {
		const atLeast = issue.params?.atLeastOne as readonly string[] | undefined;
		const choices = atLeast ?? ((issue.params?.exactlyOne ?? []) as readonly string[]);
		if (choices.some(key => meantFields.has(dotted([...path, key])))) return [];
		const given = choices
			.filter(key => document.find([...path, key]))
			.map(key => ({key, place: document.placeOf([...path, key], 'key')}))
			.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
		const name = dotted(path);
		const last = given.at(-1);
		// Empty fields count as not there: both may be written and still none be given.
		if (last && given.length > 1)
			return [
				error(
					last.place,
					`${name} has both ${list(
						given.map(({key}) => key),
						'and',
					)}: keep one`,
				),
			];
		const [first] = choices;
		const mend = first === undefined ? undefined : `${first}: ${starts[first] ?? 'a text'}`;
		const many = atLeast ? 'or both' : 'exactly one of them';
		return [error(document.placeOf(path, 'key'), `${name} needs ${list(choices, 'or')}, ${many}`, mend)];
	}

	/** The rest of the sentence "x is 3", and what to write. */
	function wantedBy(
		issue: Issue,
		path: Path,
		value: string | number | boolean | null | undefined,
		field: JsonSchema | undefined,
	): [wanted: string, mend?: string] {
		const write = (text: string) => (typeof path.at(-1) === 'string' ? `${String(path.at(-1))}: ${text}` : text);
		switch (issue.code) {
			case 'invalid_type': {
				if (value === undefined || typeof value === 'object') return [`: ${kindOf(field, issue.expected)} is wanted`];
				if (issue.expected === 'string') {
					const meant = JSON.stringify(String(value));
					return [`, which YAML does not take as text: put it in quotes`, write(meant)];
				}
				const meant = typeof value === 'string' ? convert(value, issue.expected, String(path.at(-1))) : undefined;
				if (meant === undefined) return [`: ${kindOf(field, issue.expected)} is wanted`];
				const quoted =
					['QUOTE_DOUBLE', 'QUOTE_SINGLE'].includes(styleAt(path)) && /^[\d.+-]+$|^(true|false)$/.test(String(value));
				return [
					`, ${quoted ? 'in quotes and therefore text' : 'which YAML takes as text'}: ${kindOf(field, issue.expected)} is wanted`,
					write(meant),
				];
			}
			case 'invalid_union': {
				const types = typesAt(path.slice(0, -1));
				if (issue.discriminator === undefined || types.length === 0) return [`: ${eitherOf(field)} is wanted`];
				return choice(value, types, write);
			}
			case 'invalid_value':
				return choice(value, issue.values.map(String), write);
			case 'invalid_format':
				return [`: ${issue.message}`];
			case 'invalid_key':
				return [`, and its key is no path: ${issue.issues[0]?.message ?? 'write another'}`];
			case 'too_small':
				if (issue.origin === 'string') return [': write a text or remove the line'];
				if (issue.origin === 'array') return [' with nothing in it: at least one entry is wanted'];
				return [`: it must be ${issue.inclusive ? `${issue.minimum} or more` : `more than ${issue.minimum}`}`];
			case 'too_big':
				return [`: it must be ${issue.inclusive ? `${issue.maximum} or less` : `less than ${issue.maximum}`}`];
			default:
				return [`: ${kindOf(field)} is wanted`];
		}
	}

	function choice(value: unknown, values: readonly string[], write: (text: string) => string): [string, string?] {
		const meant = typeof value === 'string' ? closest(value, values) : undefined;
		const all = `it is ${list(values, 'or')}`;
		return meant === undefined ? [`: ${all}`] : [`: did you mean ${meant}? (${all})`, write(meant)];
	}

	/** The types that the shapes at a path have; with a key, of those shapes that have this field. */
	function typesAt(path: Path, key?: string): string[] {
		return shapesAt(schema, path, document.value).flatMap(({properties}) => {
			const type = properties?.type?.const;
			return typeof type === 'string' && (key === undefined || properties?.[key]) ? [type] : [];
		});
	}

	function styleAt(path: Path): string {
		const tree = document.find(path);
		return tree?.kind === 'scalar' ? (tree.style ?? '') : '';
	}

	const keysFirst = (issue: Issue) => Number(issue.code !== 'unrecognized_keys');
	return issues.toSorted((a, b) => keysFirst(a) - keysFirst(b)).flatMap(describe);
}

/** The fault that lies deepest: of several shapes a value could have, the one that fits furthest. */
function deepestOf(branches: readonly (readonly Issue[])[]): Issue | undefined {
	return branches.flatMap(branch => branch.slice(0, 1)).toSorted((a, b) => b.path.length - a.path.length)[0];
}

/** The field by which a secret is named, for a key that would hold the secret itself (`password`, `webhook_url`). */
const namedSecret = (key: string, allowed: readonly string[]): string | undefined =>
	/_[env]+$/.test(key)
		? undefined
		: allowed.find(name => name.endsWith('_env') && key.includes(name.slice(0, -'_env'.length)));
