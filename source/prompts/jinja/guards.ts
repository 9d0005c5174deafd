import type {Node} from './syntax-tree.js';

/** Names that certainly have a value when a condition holds, and when it does not: from `x is defined`, `and`, `or`, `not`. */
export function guardsOf(node: Node): {whenTrue: Set<string>; whenFalse: Set<string>} {
	switch (node.typename) {
		case 'Is': {
			const names = new Set(node.left.typename === 'Symbol' ? [node.left.value] : []);
			if (node.right.name === 'undefined') return {whenTrue: new Set(), whenFalse: names};
			return {whenTrue: node.right.name === 'defined' ? names : new Set(), whenFalse: new Set()};
		}
		case 'Not': {
			const {whenTrue, whenFalse} = guardsOf(node.target);
			return {whenTrue: whenFalse, whenFalse: whenTrue};
		}
		case 'And':
		case 'Or': {
			const left = guardsOf(node.left);
			const right = guardsOf(node.right);
			return node.typename === 'And'
				? {whenTrue: either(left.whenTrue, right.whenTrue), whenFalse: both(left.whenFalse, right.whenFalse)}
				: {whenTrue: both(left.whenTrue, right.whenTrue), whenFalse: either(left.whenFalse, right.whenFalse)};
		}
		default:
			return {whenTrue: new Set(), whenFalse: new Set()};
	}
}

const either = (x: Set<string>, y: Set<string>) => new Set([...x, ...y]);
const both = (x: Set<string>, y: Set<string>) => new Set([...x].filter(name => y.has(name)));
