import type {Finding} from './finding.js';
import {placeAt, type Source, sourceOf} from './place.js';
import {readYaml} from './read-yaml.js';
import type {Entry, Span, Tree} from './tree.js';

/**
 * Puts the value of one `--set a.b=v` into the tree; `v` is read as YAML, and a number in the path counts list entries
 * from 0. Gives a new tree, since the old one may stand in several places; a bad setting is reported and left out.
 */
export function applySet(root: Tree, setting: string, report: (finding: Finding) => void): Tree {
	const source = sourceOf(`--set ${setting.split('\n', 1)[0]}`, setting, false);
	const say = (start: number, end: number, message: string) =>
		report({...placeAt(source, start, end), severity: 'error', message});
	const equals = setting.indexOf('=');
	if (equals === -1) {
		say(setting.length - 1, setting.length, 'an = is missing: write a field, an = and its value, as in batch.size=5');
		return root;
	}
	const steps = stepsOf(setting.slice(0, equals), source);
	const gap = steps.find(step => step.name === '');
	if (gap || steps.length > 50) {
		say(gap?.start ?? 0, gap?.end ?? equals, gap ? 'a field’s name is missing here' : 'the path is too long');
		return root;
	}
	const value = readYaml(source, equals + 1, report);
	if (!value) return root;
	return put(root, steps, 0, value, (step, message) => say(step.start, step.end, message)) ?? root;
}

type Step = Span & {name: string};

function stepsOf(path: string, source: Source): Step[] {
	let start = 0;
	return path.split('.').map(name => {
		const step = {name, source, start, end: start + name.length};
		start += name.length + 1;
		return step;
	});
}

function put(
	tree: Tree,
	steps: readonly Step[],
	at: number,
	value: Tree,
	refuse: (step: Step, message: string) => void,
): Tree | undefined {
	const step = steps[at];
	if (!step) return value;
	const here =
		steps
			.slice(0, at)
			.map(({name}) => name)
			.join('.') || 'the job';
	const nothing: Tree = {...step, kind: 'scalar', value: null, style: undefined, size: 1, height: 0};
	if (tree.kind === 'list') {
		const index = /^\d+$/.test(step.name) ? Number(step.name) : -1;
		const old = tree.items[index];
		if (!old) {
			refuse(step, `${here} is a list with ${countOf(tree.items.length)}: write one of their numbers, counted from 0`);
			return undefined;
		}
		const changed = put(old, steps, at + 1, value, refuse);
		return changed && {...tree, items: tree.items.with(index, changed)};
	}
	const absent = tree.kind === 'scalar' && tree.value === null;
	if (tree.kind !== 'map' && !absent) {
		if (tree.kind === 'scalar')
			refuse(step, `${here} is ${JSON.stringify(tree.value).slice(0, 60)}, which has no fields in it`);
		return undefined;
	}
	if (step.name === '__proto__') {
		refuse(step, '__proto__ cannot be a key');
		return undefined;
	}
	const entries = new Map<string, Entry>(tree.kind === 'map' ? tree.entries : []);
	const changed = put(entries.get(step.name)?.value ?? nothing, steps, at + 1, value, refuse);
	if (!changed) return undefined;
	entries.set(step.name, {key: step, value: changed});
	return tree.kind === 'map' ? {...tree, entries} : {...nothing, kind: 'map', entries};
}

const countOf = (length: number) => (length === 1 ? 'one entry' : `${length} entries`);
