import {expand, type Placeholders} from '../core/placeholders.js';
import {type Node, parsePython, RegexFault} from './regex-syntax.js';

/** A pattern ready to run. `worstSteps` bounds the work on a text of so many characters; it may be Infinity. */
export type CompiledRegex = {regex: RegExp; worstSteps: (length: number) => number};

/** Why a pattern cannot be used, as a sentence without its full stop; `offset` counts UTF-16 units of the pattern. */
export type RegexError = {error: string; offset?: number};

/**
 * Compiles a pattern in Python's `re` syntax to a JavaScript one of the same meaning. Known differences: look-behind
 * may be of any width, and a back reference to a group that took no part matches the empty text.
 */
export function compileRegex(pattern: string): CompiledRegex | RegexError {
	let source = '';
	let flags = 'v';
	try {
		const {root, ignoreCase} = parsePython(pattern);
		source = toJavaScript(root);
		if (ignoreCase) flags = 'iv';
		const {ways, size} = work(root);
		const worstSteps = (length: number) => Math.max(length, 1) * ways(length) * size;
		return {regex: new RegExp(source, flags), worstSteps};
	} catch (error) {
		if (error instanceof RegexFault) return {error: error.message, offset: error.offset};
		if (!(error instanceof SyntaxError)) throw error;
		if (compiles(source.replace(/\(\?-?i:/g, '(?:'), flags)) {
			return {error: 'flags for a part, such as (?i:…), need Node 24; put (?i) in front of the whole pattern'};
		}
		return {error: `the pattern cannot be used: ${error.message}`};
	}
}

/** Fills in a pattern's placeholders; their values are matched letter by letter, whatever characters they hold. */
export function fillPattern(pattern: string, placeholders: Placeholders): string {
	const literal = Object.entries(placeholders).map(([name, value]) => [
		name,
		value.replace(/[\\^$.*+?()[\]{}|#\s-]/g, '\\$&'),
	]);
	return expand(pattern, Object.fromEntries(literal));
}

function compiles(source: string, flags: string): boolean {
	try {
		new RegExp(source, flags);
		return true;
	} catch {
		return false;
	}
}

function toJavaScript(node: Node): string {
	switch (node.kind) {
		case 'chars':
		case 'anchor':
			return node.source;
		case 'back':
			return `(?:\\${node.group})`;
		case 'sequence':
			return node.items.map(toJavaScript).join('');
		case 'choice':
			return node.options.map(toJavaScript).join('|');
		case 'group':
			return `${node.open}${toJavaScript(node.body)})`;
		case 'repeat': {
			const body = toJavaScript(node.body);
			const looks = node.body.kind === 'group' && /^\(\?<?[=!]$/.test(node.body.open);
			return `${looks ? `(?:${body})` : body}${bounds(node.min, node.max)}${node.lazy ? '?' : ''}`;
		}
		default:
			return node satisfies never;
	}
}

function bounds(min: number, max: number): string {
	if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
	return min === 0 && max === 1 ? '?' : min === max ? `{${min}}` : `{${min},${max}}`;
}

/** In how many ways a node can match from one place of a text of `length`, at worst, and how many characters it names. */
function work(node: Node): {ways: (length: number) => number; size: number} {
	switch (node.kind) {
		case 'chars':
			return {ways: () => 1, size: 1};
		case 'anchor':
			return {ways: () => 1, size: 4};
		case 'back':
			return {ways: length => Math.max(length, 1), size: 1};
		case 'group':
			return work(node.body);
		case 'sequence': {
			const parts = node.items.map(work);
			return {
				ways: length => parts.reduce((product, part) => product * part.ways(length), 1),
				size: parts.reduce((sum, part) => sum + part.size, 1),
			};
		}
		case 'choice': {
			const parts = node.options.map(work);
			return {
				ways: length => parts.reduce((sum, part) => sum + part.ways(length), 0),
				size: parts.reduce((sum, part) => sum + part.size, 1),
			};
		}
		case 'repeat': {
			const {ways, size} = work(node.body);
			const copies = node.max === Number.POSITIVE_INFINITY ? Math.max(node.min, 1) : Math.max(node.max, 1);
			return {ways: length => repeatedWays(node, ways(length), length), size: size * copies};
		}
		default:
			return node satisfies never;
	}
}

function repeatedWays({min, max}: {min: number; max: number}, ways: number, length: number): number {
	if (max === Number.POSITIVE_INFINITY) return ways === 1 ? length + 1 : Number.POSITIVE_INFINITY;
	return ways === 1 ? max - min + 1 : (ways + 1) ** max;
}
