import type {Node} from './regex-syntax.js';

/** The fewest and the most characters that a part of a pattern matches; `groups` are the bodies of its numbered groups. */
export function widthOf(node: Node, groups: readonly Node[]): {least: number; most: number} {
	switch (node.kind) {
		case 'chars':
			return {least: 1, most: 1};
		case 'anchor':
			return {least: 0, most: 0};
		case 'back': {
			const group = groups[node.group - 1];
			return group ? widthOf(group, groups) : {least: 0, most: 0};
		}
		case 'group':
			return /[=!]$/.test(node.open) ? {least: 0, most: 0} : widthOf(node.body, groups);
		case 'sequence': {
			const parts = node.items.map(item => widthOf(item, groups));
			return {least: sum(parts.map(part => part.least)), most: sum(parts.map(part => part.most))};
		}
		case 'choice': {
			const parts = node.options.map(option => widthOf(option, groups));
			return {
				least: Math.min(...parts.map(part => part.least)),
				most: Math.max(...parts.map(part => part.most)),
			};
		}
		case 'repeat': {
			const {least, most} = widthOf(node.body, groups);
			return {least: node.min * least, most: most === 0 ? 0 : node.max * most};
		}
		default:
			return node satisfies never;
	}
}

/** The bodies of the numbered groups, in the order of their numbers. */
export function groupsOf(node: Node): Node[] {
	switch (node.kind) {
		case 'chars':
		case 'anchor':
		case 'back':
			return [];
		case 'sequence':
			return node.items.flatMap(groupsOf);
		case 'choice':
			return node.options.flatMap(groupsOf);
		case 'group':
			return [...(node.open === '(' ? [node.body] : []), ...groupsOf(node.body)];
		case 'repeat':
			return groupsOf(node.body);
		default:
			return node satisfies never;
	}
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
