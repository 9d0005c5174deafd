import {readdir} from 'node:fs/promises';
import {homedir} from 'node:os';
import {isAbsolute, join} from 'node:path';
import {apiTypes, backendTypes} from './backend-schema.js';
import {closest} from './closest.js';
import type {Finding} from './finding.js';
import {placeAt, sourceOf} from './place.js';
import {readText} from './read-text.js';
import {readYaml} from './read-yaml.js';
import type {Entry, Span, Tree} from './tree.js';
import {list} from './value-words.js';

type Report = (finding: Finding) => void;
type MapTree = Extract<Tree, {kind: 'map'}>;

/** Where a user's own profiles lie. A relative XDG_CONFIG_HOME does not count, as its standard says. */
export function profilesFolder(env: Readonly<Record<string, string | undefined>>): string {
	const {XDG_CONFIG_HOME: base} = env;
	return join(base && isAbsolute(base) ? base : join(env.HOME || homedir(), '.config'), 'mozart', 'profiles');
}

/** A file with a profile; its name is how `backend.type` chooses it. */
export type ProfileFile = {name: string; file: string};

/** The user's own profiles, by name; none where there is no folder. */
export async function findProfiles(folder: string): Promise<ProfileFile[]> {
	const files = await readdir(folder).catch(() => []);
	return files.toSorted().flatMap(entry => {
		const name = /^(\w[\w.-]*)\.ya?ml$/.exec(entry)?.[1];
		return name === undefined ? [] : [{name, file: join(folder, entry)}];
	});
}

const byteLimit = 1_000_000;

/** Reads a profile's file into a tree, with the file's name as the profile's unless it has one; reports what it cannot read. */
export async function readProfile({name, file}: ProfileFile, report: Report): Promise<Tree | undefined> {
	const read = await readText(file, byteLimit);
	const source = sourceOf(file, 'text' in read ? read.text : '', false);
	const say = (message: string) => report({...placeAt(source, 0, 1), severity: 'error', message});
	if ('problem' in read) {
		say(`the profile ${read.problem}`);
		return undefined;
	}
	const tree = readYaml(source, 0, report);
	if (!tree) return undefined;
	if (tree.kind !== 'map') {
		say('a profile is a map of fields, and argv at least: argv: [your-cli, its-argument]');
		return undefined;
	}
	return tree.entries.has('name') ? tree : withEntry(tree, 'name', scalar({source, start: 0, end: 1}, name));
}

/**
 * Puts the user's profiles where a job names them: `backend.type: NAME` becomes `type: profile` with the profile's own
 * tree, so that whatever is found in it later has its place in that file. A fallback that is a name alone is the CLI of
 * that name; folder, time and environment that fallbacks do not set themselves are those of the backend.
 */
export async function withProfiles(root: Tree, folder: string | undefined, report: Report): Promise<Tree> {
	const backend = root.kind === 'map' ? root.entries.get('backend')?.value : undefined;
	if (root.kind !== 'map' || backend?.kind !== 'map') return root;
	const files = folder === undefined ? [] : await findProfiles(folder);
	const look = (tree: MapTree) => withProfile(tree, files, folder, report);
	let next = await look(backend);
	const fallbacks = next.entries.get('fallbacks');
	if (fallbacks?.value.kind === 'list') {
		const inherited = ['working_directory', 'timeout_seconds', 'env', 'env_pass'].flatMap(key => {
			const entry = backend.entries.get(key);
			return entry ? [[key, entry] as const] : [];
		});
		const items = await Promise.all(
			fallbacks.value.items.map(async item => {
				const tree = item.kind === 'scalar' && typeof item.value === 'string' ? named(item) : item;
				if (tree.kind !== 'map') return tree;
				const found = await look(tree);
				const type = found.entries.get('type')?.value;
				const isApi = type?.kind === 'scalar' && apiTypes.includes(String(type.value));
				const fitting = isApi ? inherited.filter(([key]) => key !== 'working_directory') : inherited;
				return {...found, entries: new Map([...fitting, ...found.entries])};
			}),
		);
		next = withEntry(next, 'fallbacks', {...fallbacks.value, items}, fallbacks.key);
	}
	return withEntry(root, 'backend', next, root.entries.get('backend')?.key);
}

async function withProfile(
	tree: MapTree,
	files: readonly ProfileFile[],
	folder: string | undefined,
	report: Report,
): Promise<MapTree> {
	const inPlace = tree.entries.get('profile');
	if (inPlace?.value.kind === 'scalar' && typeof inPlace.value.value === 'string') {
		const {key, value} = inPlace;
		const message = 'a profile that has a file is chosen by its name as the type';
		const place = placeAt(key.source, key.start, Math.max(key.end, value.end));
		report({...place, severity: 'error', message, mend: `type: ${value.value}`});
		return withEntry(withEntry(tree, 'profile', broken(value), key), 'type', broken(value));
	}
	const entry = tree.entries.get('type');
	const type = entry?.value;
	if (!entry || type?.kind !== 'scalar' || typeof type.value !== 'string') return tree;
	const name = type.value;
	if (backendTypes.includes(name)) return tree;
	const found = files.find(file => file.name === name);
	if (!found) {
		report(unknownType(type, name, files, folder));
		return withEntry(tree, 'type', broken(type), entry.key);
	}
	const profile = await readProfile(found, report);
	const key = profile && {source: profile.source, start: profile.start, end: profile.start + 1};
	return withEntry(
		withEntry(tree, 'type', scalar(type, 'profile'), entry.key),
		'profile',
		profile ?? broken(type),
		key ?? entry.key,
	);
}

function unknownType(type: Span, name: string, files: readonly ProfileFile[], folder: string | undefined): Finding {
	const known = [...backendTypes, ...files.map(file => file.name)];
	const meant = closest(name, known);
	const all = `it is ${list(known, 'or')}`;
	const own =
		folder === undefined || !/^\w[\w.-]*$/.test(name)
			? ''
			: `; a profile of your own would be ${join(folder, `${name}.yaml`)}`;
	const place = placeAt(type.source, type.start, type.end);
	const message = `${JSON.stringify(name).slice(0, 60)} is no type of backend: ${meant === undefined ? `${all}${own}` : `did you mean ${meant}? (${all})`}`;
	return {...place, severity: 'error', message, ...(meant === undefined ? {} : {mend: meant})};
}

const scalar = (span: Span, value: string): Tree => ({
	...spanOf(span),
	kind: 'scalar',
	value,
	style: undefined,
	size: 1,
	height: 0,
});
const broken = (span: Span): Tree => ({...spanOf(span), kind: 'broken', size: 1, height: 0});
const spanOf = ({source, start, end}: Span): Span => ({source, start, end});

/** A name alone, as the map that it stands for. */
const named = (tree: Tree): MapTree => ({
	...spanOf(tree),
	kind: 'map',
	entries: new Map([['type', {key: spanOf(tree), value: tree}]]),
	size: 2,
	height: 1,
});

function withEntry(tree: MapTree, name: string, value: Tree, key: Span = value): MapTree {
	const entry: Entry = {key: spanOf(key), value};
	return {...tree, entries: new Map([...tree.entries, [name, entry]])};
}
