import type {Node} from './syntax-tree.js';

/** All nodes below and with this one, in the order of the text. */
export function* nodesOf(start: unknown): Generator<Node> {
	if (typeof start !== 'object' || start === null) return;
	if (Array.isArray(start)) {
		for (const entry of start) yield* nodesOf(entry);
		return;
	}
	if ('typename' in start && 'lineno' in start) {
		const node = start as Node;
		yield node;
		if (node.typename === 'Literal') return;
	}
	for (const part of Object.values(start)) yield* nodesOf(part);
}

const mentioned = new WeakMap<Node, Set<string>>();

/** Whether a name is read anywhere in there. A body is walked once. */
export function mentions(start: Node, name: string): boolean {
	let names = mentioned.get(start);
	if (!names) {
		names = new Set(nodesOf(start).flatMap(node => (node.typename === 'Symbol' ? [node.value] : [])));
		mentioned.set(start, names);
	}
	return names.has(name);
}
