import type {Problem} from './way.js';

/** One step through a path. `folders` is `**` and the slash behind it; `inside` is within one of those folders. */
type Token =
	| {kind: 'one'; fits: (char: string) => boolean}
	| {kind: 'star'}
	| {kind: 'folders'}
	| {kind: 'inside'}
	| {kind: 'all'};

const longest = 1_000;
const mostAlternatives = 64;

/**
 * A test for paths within the workspace: `*`, `?`, `[a-z]`, `{a,b}`, and `**` for any folders; names that begin with a dot
 * are no exception. A pattern without a slash is for the names themselves, in whatever folder. Its work grows with the
 * pattern's length times the path's, whatever is asked: the pattern comes from a model.
 */
export function compileGlob(pattern: string): ((path: string) => boolean) | Problem {
	if (pattern.length > longest) return {problem: `The glob is longer than ${longest} characters.`};
	const plain = pattern.replace(/^(\.?\/)+/, '');
	const alternatives = expanded(plain);
	if (!alternatives) return {problem: `The glob stands for more than ${mostAlternatives} others: use fewer {a,b}.`};
	const machines = alternatives.map(one => tokensOf(one.includes('/') ? one : `**/${one}`));
	return path => machines.some(tokens => matches(tokens, [...path]));
}

/** A pattern without its `{a,b}`; undefined where it stands for too many. */
function expanded(pattern: string): string[] | undefined {
	const done: string[] = [];
	const open = [pattern];
	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		const braces = firstBraces(next);
		if (!braces) done.push(next);
		else for (const choice of braces.choices) open.push(braces.before + choice + braces.after);
		if (done.length + open.length > mostAlternatives) return undefined;
	}
	return done.reverse();
}

function firstBraces(pattern: string): {before: string; choices: string[]; after: string} | undefined {
	const start = pattern.search(/(?<!\\)\{/);
	if (start < 0) return undefined;
	const choices: string[] = [];
	let from = start + 1;
	for (let at = from, depth = 0; at < pattern.length; at += 1) {
		const char = pattern[at];
		if (char === '\\') at += 1;
		else if (char === '{') depth += 1;
		else if (depth === 0 && (char === ',' || char === '}')) {
			choices.push(pattern.slice(from, at));
			from = at + 1;
			if (char === '}') return {before: pattern.slice(0, start), choices, after: pattern.slice(from)};
		} else if (char === '}') depth -= 1;
	}
	return {before: pattern.slice(0, start), choices: [`\\${pattern.slice(start)}`], after: ''};
}

function tokensOf(pattern: string): Token[] {
	const tokens: Token[] = [];
	for (let rest = pattern; rest !== ''; ) {
		const atStart = rest.length === pattern.length || pattern.at(pattern.length - rest.length - 1) === '/';
		const [deep] = atStart ? (/^\*\*(\/+|$)/.exec(rest) ?? []) : [];
		const [stars] = /^\*+/.exec(rest) ?? [];
		const set = /^\[([!^]?)(\]?[^\]/]*)\]/.exec(rest);
		if (deep !== undefined) {
			tokens.push(...(deep === '**' ? ([{kind: 'all'}] as const) : ([{kind: 'folders'}, {kind: 'inside'}] as const)));
			rest = rest.slice(deep.length);
		} else if (stars !== undefined) {
			tokens.push({kind: 'star'});
			rest = rest.slice(stars.length);
		} else if (set) {
			tokens.push({kind: 'one', fits: setOf(set[2] ?? '', set[1] !== '')});
			rest = rest.slice(set[0].length);
		} else {
			const escaped = rest.length > 1 && rest[0] === '\\';
			const char = String.fromCodePoint(rest.codePointAt(escaped ? 1 : 0) ?? 0);
			const isAny = char === '?' && !escaped;
			tokens.push({kind: 'one', fits: isAny ? other => other !== '/' : other => other === char});
			rest = rest.slice(char.length + (escaped ? 1 : 0));
		}
	}
	return tokens;
}

function setOf(written: string, isNot: boolean): (char: string) => boolean {
	const ranges = [...written.matchAll(/(.)-(.)|(.)/gsu)].map(([, from, to, one]) => [from ?? one, to ?? one] as const);
	return char => char !== '/' && ranges.some(([from = '', to = '']) => from <= char && char <= to) !== isNot;
}

/** Goes through all ways at once, so that none is gone twice. */
function matches(tokens: readonly Token[], path: readonly string[]): boolean {
	let states = closure(tokens, new Set([0]));
	for (const char of path) {
		const next = new Set<number>();
		for (const state of states) {
			const token = tokens[state];
			if (!token) continue;
			if (token.kind === 'one' && token.fits(char)) next.add(state + 1);
			else if (token.kind === 'all' || (token.kind === 'star' && char !== '/')) next.add(state);
			else if (token.kind === 'folders' && char !== '/') next.add(state + 1);
			else if (token.kind === 'inside') next.add(char === '/' ? state - 1 : state);
		}
		if (next.size === 0) return false;
		states = closure(tokens, next);
	}
	return states.has(tokens.length);
}

/** The states that are reached without a further character. */
function closure(tokens: readonly Token[], states: Set<number>): Set<number> {
	// A set that grows while it is gone through hands out what was added.
	for (const state of states) {
		const kind = tokens[state]?.kind;
		if (kind === 'star' || kind === 'all') states.add(state + 1);
		else if (kind === 'folders') states.add(state + 2);
	}
	return states;
}
