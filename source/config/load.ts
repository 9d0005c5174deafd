import {realpath} from 'node:fs/promises';
import {resolve} from 'node:path';
import {JobDocument, type Path} from './document.js';
import {type Finding, sortFindings} from './finding.js';
import {issueFindings} from './issue-words.js';
import {fieldAt, jobJsonSchema} from './json-schema.js';
import {sourceOf} from './place.js';
import {withProfiles} from './profile-files.js';
import {type ReadText, readText} from './read-text.js';
import {readYaml} from './read-yaml.js';
import {type Job, jobSchema} from './schema.js';
import {applySet} from './set-value.js';
import type {Tree} from './tree.js';

/** A job file as far as it can be read. */
export type Loaded = {
	/** The file's real path; for a file that is not there, the absolute path. */
	file: string;
	/** The file as the user named it. */
	givenAs: string;
	/** The file's text; empty where it could not be read. */
	source: string;
	/** Everything that reading it brought up, sorted by place. */
	findings: Finding[];
	/** The job, with all defaults; there is one unless a finding is an error. */
	job?: Job;
	/** Values and places; empty where the file is no YAML. */
	document: JobDocument;
};

const byteLimit = 1_000_000;
const mostIssues = 200;
const mostKept = 1000;

/**
 * Reads a job file and says everything that is wrong in it, all at once. `sets` are `a.b=v` texts that win over the file;
 * `profiles` is the folder of the user's own profiles.
 */
export async function loadJob(given: string, options: Options = {}): Promise<Loaded> {
	const file = await realpath(given).catch(() => resolve(given));
	return understand({given, file, read: await readText(given, byteLimit)}, options);
}

/** A small sound job whose backend is a profile of the user's own: what is found in it is found in the profile. */
export async function loadProfile(name: string, profiles: string): Promise<Loaded> {
	const job = {name, backend: {type: name}, batch: {size: 1, total_items: 1}, prompt: {template: 'x'}};
	return understand({given: name, file: name, read: {text: JSON.stringify(job)}}, {profiles});
}

type Options = {sets?: readonly string[]; profiles?: string};

async function understand(
	{given, file, read}: {given: string; file: string; read: ReadText},
	options: Options,
): Promise<Loaded> {
	const source = sourceOf(given, 'text' in read ? read.text : '', true);
	const findings: Finding[] = [];
	const report = (finding: Finding) => {
		if (findings.length < mostKept) findings.push(finding);
	};
	const atStart = {file: given, line: 1, column: 1, length: 1, severity: 'error'} as const;
	const done = (document: JobDocument, job?: Job): Loaded => ({
		file,
		givenAs: given,
		source: source.text,
		findings: sortFindings(findings),
		document,
		...(job ? {job} : {}),
	});
	const nothing = new JobDocument({source, start: 0, end: 0, size: 1, height: 0, kind: 'broken'});

	if ('problem' in read) {
		findings.push({...atStart, message: `the job file ${read.problem}`});
		return done(nothing);
	}
	let root = readYaml(source, 0, report);
	if (!root) return done(nothing);
	if (root.kind === 'scalar' && root.value === null) {
		findings.push({...atStart, message: 'the job file is empty: it needs name, batch and prompt'});
		return done(nothing);
	}
	if (root.kind === 'map') for (const set of options.sets ?? []) root = applySet(root, set, report);
	root = await withProfiles(root, options.profiles, report);
	const document = new JobDocument(root);
	const result = jobSchema.safeParse(withoutEmpty(document.value, root, [], document.value));
	if (!result.success)
		findings.push(...issueFindings(result.error.issues.slice(0, mostIssues), document, jobJsonSchema()));
	const sound = result.success && !findings.some(finding => finding.severity === 'error');
	return done(document, sound ? result.data : undefined);
}

/** Leaves out optional texts that are written without a value (`stakes:`): nothing is said there, so nothing is wrong. */
function withoutEmpty(value: unknown, tree: Tree, path: Path, root: unknown): unknown {
	if (tree.kind === 'list' && Array.isArray(value))
		return tree.items.map((item, index) => withoutEmpty(value[index], item, [...path, index], root));
	if (tree.kind !== 'map' || typeof value !== 'object' || value === null || path[1] === 'variables') return value;
	return Object.fromEntries(
		Object.entries(value).flatMap(([key, child]) => {
			const childTree = tree.entries.get(key)?.value;
			if (!childTree) return [[key, child]];
			const childPath = [...path, key];
			if (child === null && childTree.kind === 'scalar') {
				const schema = jobJsonSchema();
				const field = fieldAt(schema, childPath, root);
				const required = fieldAt(schema, path, root)?.required?.includes(key);
				if (field?.type === 'string' && !required && field.default === undefined) return [];
			}
			return [[key, withoutEmpty(child, childTree, childPath, root)]];
		}),
	);
}
