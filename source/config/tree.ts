import {isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap} from 'yaml';
import {closest} from './closest.js';
import type {Finding} from './finding.js';
import {placeAt, type Source} from './place.js';

/** A stretch of a text. */
export type Span = {source: Source; start: number; end: number};

/** A map's entry; the key keeps its own place. */
export type Entry = {key: Span; value: Tree};

/**
 * A job file's values, each with its place. Aliases and merge keys are followed already: the tree they name stands in
 * both places, so it must never be changed in place. `size` counts values with aliases unfolded, `height` their depth.
 */
export type Tree = Span & {size: number; height: number} & (
		| {kind: 'scalar'; value: string | number | boolean | null; style: Scalar.Type | undefined}
		| {kind: 'list'; items: Tree[]}
		| {kind: 'map'; entries: Map<string, Entry>}
		// Reported already: nothing more is said about it.
		| {kind: 'broken'}
	);

const mostUnfolded = 100_000;
const deepest = 100;

/** Turns a parsed YAML text into a tree; `base` is where that text begins in its source. What it cannot take is reported and left empty. */
export function buildTree(root: Node | null, source: Source, base: number, report: (finding: Finding) => void): Tree {
	const anchors = new Map<string, Tree | 'open'>();
	let unfolded = 0;
	let bombSeen = false;

	const say = (span: Span, message: string, more: Partial<Finding> = {}) =>
		report({...placeAt(span.source, span.start, span.end), severity: 'error', message, ...more});
	const spanOf = (node: Node | null | undefined, otherwise: number): Span => {
		const range = node?.range;
		return range ? {source, start: base + range[0], end: base + range[1]} : {source, start: otherwise, end: otherwise};
	};
	const broken = (span: Span): Tree => ({...span, kind: 'broken', size: 1, height: 0});

	function build(node: Node | null | undefined, otherwise: number, depth: number): Tree {
		const span = spanOf(node, otherwise);
		if (!node) return {...span, kind: 'scalar', value: null, style: undefined, size: 1, height: 0};
		if (isAlias(node)) return follow(node.source, span);
		const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
		if (anchor !== undefined) anchors.set(anchor, 'open');
		const tree = depth > deepest ? tooDeep(span) : buildValue(node, span, depth);
		if (anchor !== undefined) anchors.set(anchor, tree);
		return tree;
	}

	function tooDeep(span: Span): Tree {
		if (!bombSeen) say(span, `values are nested more than ${deepest} deep`);
		bombSeen = true;
		return broken(span);
	}

	function buildValue(node: Node, span: Span, depth: number): Tree {
		if (isScalar(node)) return scalar(node, span);
		if (isMap(node)) return map(node, span, depth);
		if (!isSeq(node)) return broken(span);
		const items = node.items.map(item => build(item as Node, span.start, depth + 1));
		return measured({...span, kind: 'list', items, size: 0, height: 0}, items, span);
	}

	function scalar(node: Scalar, span: Span): Tree {
		const {value, type: style} = node;
		const leaf = {...span, kind: 'scalar', style, size: 1, height: 0} as const;
		if (typeof value === 'number') {
			const written = source.text.slice(span.start, span.end);
			if (!Number.isFinite(value)) {
				say(span, `${written} is not a number that a job can use`);
				return broken(span);
			}
			if (/^[-+]?0\d+$/.test(written))
				say(span, `${written} is read as ${value}; older YAML reads it as octal (text needs quotes)`, {
					severity: 'warning',
					mend: String(value),
				});
			return {...leaf, value};
		}
		if (typeof value === 'string' || typeof value === 'boolean' || value === null) return {...leaf, value};
		say(span, 'is neither text, number, true, false, list nor map: a job file has no other values');
		return broken(span);
	}

	function map(node: YAMLMap, span: Span, depth: number): Tree {
		const entries = new Map<string, Entry>();
		const merges: Pair[] = [];
		for (const pair of node.items as Pair[]) {
			const keyNode = pair.key as Node | null;
			const key = spanOf(keyNode, span.start);
			if (!isScalar(keyNode)) {
				say(key, 'a key must be plain text');
				continue;
			}
			const name = String(keyNode.value ?? '');
			if (keyNode.anchor !== undefined) anchors.set(keyNode.anchor, scalar(keyNode, key));
			if (name === '<<' && keyNode.type === 'PLAIN') {
				merges.push(pair);
				continue;
			}
			const first = entries.get(name);
			if (name === '') say(key, 'a key is missing before the colon');
			else if (name === '__proto__') say(key, '__proto__ cannot be a key');
			else if (first)
				say(
					key,
					`${name} stands here twice, first on line ${placeAt(source, first.key.start, first.key.end).line}: keep one`,
				);
			const value = build(pair.value as Node | null, key.end, depth + 1);
			if (!first && name !== '' && name !== '__proto__') entries.set(name, {key, value});
		}
		for (const pair of merges) merge(entries, pair, depth);
		const values = [...entries.values()].map(entry => entry.value);
		return measured({...span, kind: 'map', entries, size: 0, height: 0}, values, span);
	}

	/** `<<: *base` gives the entries of another map, where this one has none of its own; of several maps the first wins. */
	function merge(entries: Map<string, Entry>, pair: Pair, depth: number): void {
		const key = spanOf(pair.key as Node, 0);
		const given = build(pair.value as Node | null, key.end, depth + 1);
		for (const from of given.kind === 'list' ? given.items : [given]) {
			if (from.kind !== 'map') {
				if (from.kind !== 'broken')
					say(key, '<< takes over the fields of a map: write a map, an *alias of one, or a list of these');
				return;
			}
			for (const [name, entry] of from.entries) if (!entries.has(name)) entries.set(name, entry);
		}
	}

	function follow(name: string, span: Span): Tree {
		const target = anchors.get(name);
		if (target === 'open') say(span, `*${name} stands inside the very value that &${name} names`);
		else if (target === undefined) {
			const meant = closest(name, anchors.keys());
			const written = source.text.slice(span.start, span.end);
			say(
				span,
				`*${name} is YAML for "the value named &${name} above", and there is none: ${meant ? `did you mean *${meant}?` : 'text that begins with * needs quotes'}`,
				meant ? {mend: `*${meant}`} : {mend: `"${written}"`},
			);
		} else {
			unfolded += target.size;
			if (unfolded <= mostUnfolded) return target;
			if (!bombSeen)
				say(span, `the aliases of this file unfold to more than ${mostUnfolded.toLocaleString('en')} values`);
			bombSeen = true;
		}
		return broken(span);
	}

	function measured(tree: Tree, children: readonly Tree[], span: Span): Tree {
		let size = 1;
		let height = 0;
		for (const child of children) {
			size += child.size;
			height = Math.max(height, child.height + 1);
		}
		return height > deepest ? tooDeep(span) : {...tree, size, height};
	}

	return build(root, base, 0);
}

/** The plain value of a tree. */
export function plainValue(tree: Tree): unknown {
	switch (tree.kind) {
		case 'scalar':
			return tree.value;
		case 'broken':
			return null;
		case 'list':
			return tree.items.map(plainValue);
		case 'map':
			return Object.fromEntries([...tree.entries].map(([key, entry]) => [key, plainValue(entry.value)]));
	}
}
