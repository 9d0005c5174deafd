import {type Node, parsePython, RegexFault} from './regex-syntax.js';
import {groupsOf, widthOf} from './regex-width.js';

/**
 * A sentence when a pattern can need exponential time, or a high power of the text's length: when a loop in it, or a row
 * of loops, can match one and the same text in several ways, and something behind it can fail. It looks at a sample of
 * characters and at shortened repetition counts, so it is a warning for `validate` and no proof; `matchWithin` is what
 * keeps the program alive.
 */
export function looksCatastrophic(pattern: string): string | undefined {
	const found = ambiguousPart(pattern);
	if (found === undefined) return undefined;
	const {culprit, isRow} = found;
	const mend = isRow ? oneOfRow : exact;
	return `"${culprit}" can match the same text in a great many ways, so a text that almost matches may take forever. ${mend}`;
}

const exact =
	'Write it so that each repetition begins or ends with something that the rest cannot match, for example a+ for (a+)+, or [^,]* for .* in (.*,)*.';
const oneOfRow = 'Make one repetition of those that stand side by side, for example \\s* for \\s*\\s*\\s*.';

/** One place of a pattern that takes a character; `accepts` are the indexes of the sample's characters that it takes. */
type Place = {accepts: ReadonlySet<number>; offset: number};
type Part = {nullable: boolean; first: readonly number[]; last: readonly number[]};
type Loop = {start: number; end: number};

const mostPlaces = 150;
const mostSteps = 1_500;
const mostCopies = 6;
/** From so many rounds on a bounded loop has as many ways as an endless one, as far as anybody wants to wait. */
const asGoodAsEndless = 10;
/** So many loops over the same characters, one right behind the other, are too many. */
const longRow = 3;
const everyday = 'aZ0_ \t\n.,-"é中\u0301\u{1f600}';

function ambiguousPart(pattern: string): {culprit: string; isRow: boolean} | undefined {
	const machine = new Machine();
	try {
		const {root, ignoreCase} = parsePython(pattern);
		machine.build(root, ignoreCase);
	} catch (error) {
		if (error instanceof RegexFault || error instanceof SyntaxError) return undefined;
		throw error;
	}
	if (machine.places.length > mostPlaces || machine.steps.length > mostSteps) return undefined;
	const offsets = machine.ambiguous();
	if (!offsets) {
		const row = machine.row();
		return row && {culprit: pattern.slice(row.start, row.end).slice(0, 80), isRow: true};
	}
	const around = machine.loops
		.filter(loop => offsets.every(offset => offset >= loop.start && offset < loop.end))
		.sort((a, b) => a.end - a.start - (b.end - b.start));
	const loop = around.find(({start, end}) => /[*+}]\??$/.test(pattern.slice(start, end)) && pattern[start] === '(');
	const chosen = loop ?? around[0];
	return chosen && {culprit: pattern.slice(chosen.start, chosen.end).slice(0, 80), isRow: false};
}

/** The pattern as places and steps between them (Glushkov's construction); a step taken in two ways is listed twice. */
class Machine {
	readonly places: Place[] = [];
	readonly steps: [from: number, to: number][] = [];
	readonly loops: Loop[] = [];
	private sample: readonly string[] = [];
	private flags = 'v';
	private ends: ReadonlySet<number> = new Set();
	private checksPlaces = false;
	private groups: readonly Node[] = [];
	/** Loops over the same characters, one right behind the other, and the place of the last one. */
	private readonly rows: (Loop & {place: number})[] = [];

	build(root: Node, ignoreCase: boolean): void {
		this.flags = ignoreCase ? 'iv' : 'v';
		const named = codesOf(root).flatMap(code => [code, Math.max(code - 1, 0), Math.min(code + 1, 0x10_ffff)]);
		this.sample = [...new Set([...everyday, ...named.slice(0, 300).map(code => String.fromCodePoint(code))])];
		this.groups = groupsOf(root);
		this.ends = new Set(this.add(root).last);
	}

	/** The offsets of the places in an ambiguous loop, the first one found. */
	ambiguous(): number[] | undefined {
		const next = this.places.map(() => [] as number[]);
		for (const [from, to] of this.steps) next[from]!.push(to);
		const width = this.places.length;
		const follow = (pair: number) => this.pairsAfter(pair, next);
		const roots = this.places.map((_, place) => place * width + place);
		for (const component of components(roots, follow)) {
			const inside = new Set(component);
			const places = [...new Set(component.flatMap(pair => [Math.floor(pair / width), pair % width]))];
			const same = component.filter(pair => Math.floor(pair / width) === pair % width);
			if (same.length === 0) continue;
			const splits = same.length < component.length || same.some(pair => this.doubles(pair, inside, next));
			if (splits && this.canFailAfter(places)) return places.map(place => this.places[place]!.offset);
		}
		return undefined;
	}

	/** A row of loops that share their text in many ways, the longest of the first place. */
	row(): Loop | undefined {
		const [first, ...others] = this.rows.filter(({place}) => this.canFailAfter([place]));
		return others.findLast(({start}) => start === first?.start) ?? first;
	}

	private canFailAfter(places: readonly number[]): boolean {
		return this.checksPlaces || !places.some(place => this.ends.has(place));
	}

	private pairsAfter(pair: number, next: readonly (readonly number[])[]): number[] {
		const width = this.places.length;
		const pairs: number[] = [];
		for (const left of new Set(next[Math.floor(pair / width)])) {
			for (const right of new Set(next[pair % width])) {
				if (overlap(this.places[left]!.accepts, this.places[right]!.accepts)) pairs.push(left * width + right);
			}
		}
		return pairs;
	}

	/** Whether a step that stays in the loop is there twice. */
	private doubles(pair: number, inside: ReadonlySet<number>, next: readonly (readonly number[])[]): boolean {
		const width = this.places.length;
		const targets = next[pair % width]!.filter(to => inside.has(to * width + to));
		return new Set(targets).size < targets.length;
	}

	private add(node: Node): Part {
		if (this.places.length > mostPlaces || this.steps.length > mostSteps) return empty;
		switch (node.kind) {
			case 'chars': {
				const regex = new RegExp(`^${node.source}$`, this.flags);
				const accepts = new Set(this.sample.flatMap((char, index) => (regex.test(char) ? [index] : [])));
				const place = this.places.push({accepts, offset: node.offset}) - 1;
				return {nullable: false, first: [place], last: [place]};
			}
			case 'anchor':
			case 'back':
				this.checksPlaces = true;
				return empty;
			case 'sequence':
				return this.sequence(node.items);
			case 'choice': {
				const options = node.options.map(option => this.add(option));
				return {
					nullable: options.some(option => option.nullable),
					first: options.flatMap(option => option.first),
					last: options.flatMap(option => option.last),
				};
			}
			case 'group': {
				const body = this.add(node.body);
				if (!/[=!]$/.test(node.open)) return body;
				this.checksPlaces = true;
				return empty;
			}
			case 'repeat':
				return this.repeat(node);
			default:
				return node satisfies never;
		}
	}

	private sequence(items: readonly Node[]): Part {
		let whole = empty;
		let row: (Loop & {place: number; length: number}) | undefined;
		for (const item of items) {
			const part = this.add(item);
			whole = this.chain(whole, part);
			if (item.kind === 'anchor') continue;
			const loop = loopOfOne(item);
			const place = part.last[0];
			if (!loop || place === undefined) row = undefined;
			else if (row && this.sameCharacters(place, row.place))
				row = {...row, end: loop.end, place, length: row.length + 1};
			else row = {start: loop.start, end: loop.end, place, length: 1};
			if (row && row.length >= longRow) this.rows.push(row);
		}
		return whole;
	}

	private sameCharacters(one: number, other: number): boolean {
		const [a, b] = [this.places[one]!.accepts, this.places[other]!.accepts];
		return a.size === b.size && [...a].every(index => b.has(index));
	}

	private repeat(node: Extract<Node, {kind: 'repeat'}>): Part {
		const {least: narrow, most: wide} = widthOf(node.body, this.groups);
		const varies = narrow !== wide;
		const endless = node.max >= asGoodAsEndless && (node.min !== node.max || varies);
		if (endless && varies && plain(node.body).kind === 'back') return this.repeatedReference(node.start, node.end);
		const most = endless ? Math.min(Math.max(node.min, 1), mostCopies) : Math.min(node.max, mostCopies);
		const least = node.min === node.max ? most : Math.min(node.min, most, endless ? mostCopies : mostCopies / 2);
		if (node.max > 1) this.loops.push({start: node.start, end: node.end});
		let whole = empty;
		let before = empty;
		for (let copy = 1; copy <= most; copy += 1) {
			const body = this.add(node.body);
			if (endless && copy === most) this.join(body.last, body.first);
			// Of rounds that must be there any may be the empty ones.
			if (endless && copy === most && body.nullable && node.min >= asGoodAsEndless) this.join(body.last, body.first);
			if (copy <= least) {
				whole = this.chain(whole, body);
				before = whole;
				continue;
			}
			// A further round is there only behind the one before it, and is not empty.
			this.join(before.last, body.first);
			whole = {
				nullable: whole.nullable,
				first: before.nullable ? [...whole.first, ...body.first] : whole.first,
				last: [...whole.last, ...body.last],
			};
			before = {...body, nullable: false};
		}
		return whole;
	}

	/** What a group has taken can be long or short, and then the references to it are few or many. */
	private repeatedReference(start: number, end: number): Part {
		this.checksPlaces = true;
		this.loops.push({start, end});
		const place = this.places.push({accepts: new Set(this.sample.keys()), offset: start}) - 1;
		this.join([place, place], [place]);
		return {nullable: true, first: [place], last: [place]};
	}

	private chain(before: Part, after: Part): Part {
		this.join(before.last, after.first);
		return {
			nullable: before.nullable && after.nullable,
			first: before.nullable ? [...before.first, ...after.first] : before.first,
			last: after.nullable ? [...before.last, ...after.last] : after.last,
		};
	}

	private join(from: readonly number[], to: readonly number[]): void {
		for (const left of from) for (const right of to) this.steps.push([left, right]);
	}
}

/** A part without the groups around it that only hold it together. */
function plain(node: Node): Node {
	if (node.kind === 'group' && !/[=!]$/.test(node.open)) return plain(node.body);
	return node.kind === 'sequence' && node.items.length === 1 ? plain(node.items[0]!) : node;
}

function loopOfOne(node: Node): Loop | undefined {
	const loop = plain(node);
	if (loop.kind !== 'repeat' || loop.max < asGoodAsEndless || loop.min === loop.max) return undefined;
	return plain(loop.body).kind === 'chars' ? loop : undefined;
}

const empty: Part = {nullable: true, first: [], last: []};

function overlap(one: ReadonlySet<number>, other: ReadonlySet<number>): boolean {
	return [...one].some(index => other.has(index));
}

function codesOf(node: Node): readonly number[] {
	switch (node.kind) {
		case 'chars':
			return node.codes;
		case 'anchor':
		case 'back':
			return [];
		case 'sequence':
			return node.items.flatMap(codesOf);
		case 'choice':
			return node.options.flatMap(codesOf);
		case 'group':
		case 'repeat':
			return codesOf(node.body);
		default:
			return node satisfies never;
	}
}

/** The strongly connected components of a graph that have a cycle (Tarjan's algorithm, without recursion). */
function* components(roots: readonly number[], follow: (node: number) => number[]): Generator<number[]> {
	const index = new Map<number, number>();
	const low = new Map<number, number>();
	const stack: number[] = [];
	const onStack = new Set<number>();
	for (const root of roots) {
		if (index.has(root)) continue;
		const calls: {node: number; rest: number[]; loops: boolean}[] = [];
		const enter = (node: number) => {
			index.set(node, index.size);
			low.set(node, index.get(node)!);
			stack.push(node);
			onStack.add(node);
			const rest = follow(node);
			calls.push({node, loops: rest.includes(node), rest});
		};
		enter(root);
		while (calls.length > 0) {
			const {node, rest, loops} = calls.at(-1)!;
			const next = rest.pop();
			if (next === undefined) {
				calls.pop();
				const parent = calls.at(-1);
				if (parent) low.set(parent.node, Math.min(low.get(parent.node)!, low.get(node)!));
				if (low.get(node) !== index.get(node)) continue;
				const component = stack.splice(stack.lastIndexOf(node));
				for (const member of component) onStack.delete(member);
				if (component.length > 1 || loops) yield component;
			} else if (!index.has(next)) {
				enter(next);
			} else if (onStack.has(next)) {
				low.set(node, Math.min(low.get(node)!, index.get(next)!));
			}
		}
	}
}
