import nunjucks from 'nunjucks/src/parser.js';
import {closest} from '../../config/closest.js';
import {lex, type Token} from './lexer.js';
import {parseWhole} from './number-parsing.js';
import {Problem} from './problem.js';
import {type CallArguments, make, type Node, type Pair} from './syntax-tree.js';
import {toFloat, toInt} from './values.js';

/** What is used of nunjucks' parser: reading tokens, bodies up to an end tag, `if`, `macro`, `import`, `from`, `extends`, `or`, `and`, `not`. */
declare class NunjucksParser {
	constructor(tokens: {nextToken(): Token | null; tags: Record<string, string>});
	nextToken(): Token | null;
	peekToken(): Token | null;
	pushToken(token: Token | null): void;
	skip(type: string): boolean;
	skipValue(type: string, value: string): boolean;
	skipSymbol(value: string): boolean;
	expect(type: string): Token;
	advanceAfterBlockEnd(name?: string): Token;
	parseWithContext(): boolean | null;
	parseStatement(): Node | null;
	parseUntilBlocks(...names: string[]): Node;
	parseFilterName(): Node & {typename: 'Symbol'};
	parseOr(): Node;
	parseAsRoot(): Node;
	fail(message: string, lineno?: number, colno?: number): never;
}

const Base = (nunjucks as {Parser: typeof NunjucksParser}).Parser;

const tags = [
	'if',
	'for',
	'set',
	'macro',
	'call',
	'filter',
	'with',
	'do',
	'raw',
	'block',
	'extends',
	'include',
	'import',
	'from',
	'autoescape',
];
const endings = [
	'endif',
	'elif',
	'else',
	'endfor',
	'endset',
	'endmacro',
	'endcall',
	'endfilter',
	'endwith',
	'endblock',
	'endraw',
	'endautoescape',
];
const longest = 1_000_000;
const keywords = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else', 'elif']);
const comparisons = new Set(['==', '!=', '<', '>', '<=', '>=']);

/**
 * nunjucks' parser with Jinja2's grammar where the two part ways: Python's precedence, chained comparisons, slices,
 * tuples, tests, `{% for … if … %}`, `{% set a, b = … %}`, `{% with %}`, `{% do %}`. What only nunjucks has is refused.
 */
class JinjaParser extends Base {
	private last: Token | null = null;
	private readonly open: Token[] = [];

	/** The token read last, for errors that name no place. */
	get lastToken(): Token | null {
		return this.last;
	}

	override nextToken(): Token | null {
		const token = super.nextToken();
		this.last = token ?? this.last;
		return token;
	}

	override fail(message: string, lineno?: number, colno?: number): never {
		const at = this.peekToken() ?? this.last;
		throw new Problem(friendly(message, at), {
			lineno: lineno ?? at?.lineno ?? 0,
			colno: colno ?? at?.colno ?? 0,
		});
	}

	override expect(type: string): Token {
		const token = this.nextToken();
		if (token?.type !== type) {
			this.pushToken(token);
			this.unexpected(names[type] ?? type);
		}
		return token;
	}

	private unexpected(wanted: string): never {
		const token = this.peekToken();
		return this.fail(`${wanted} is expected here, not ${described(token)}`);
	}

	override advanceAfterBlockEnd(name?: string): Token {
		const tag = name ?? this.nextToken()?.value ?? '';
		const token = this.nextToken();
		if (token?.type !== 'block-end') {
			this.pushToken(token);
			this.fail(`{% ${tag} … %} should end here, but ${described(token)} follows`);
		}
		return token;
	}

	override parseUntilBlocks(...ends: string[]): Node {
		const body = super.parseUntilBlocks(...ends);
		const tag = this.open.at(-1);
		if (this.peekToken() === null && tag) {
			this.fail(`{% ${tag.value} %} is never closed: {% end${tag.value} %} is missing`, tag.lineno, tag.colno);
		}
		return body;
	}

	override parseStatement(): Node | null {
		const token = this.peekToken();
		if (token?.type !== 'symbol') this.unexpected('the name of a tag');
		if ((this as unknown as {breakOnBlocks: string[] | null}).breakOnBlocks?.includes(token.value)) return null;
		this.open.push(token);
		const node = this.parseTag(token);
		this.open.pop();
		return node;
	}

	private parseTag(tag: Token): Node | null {
		switch (tag.value) {
			case 'for':
				return this.parseFor();
			case 'set':
				return this.parseSet();
			case 'with':
				return this.parseWith();
			case 'do': {
				this.nextToken();
				const target = this.parseExpression();
				this.advanceAfterBlockEnd('do');
				return make('Do', tag, target);
			}
			case 'autoescape': {
				this.nextToken();
				this.parseExpression();
				this.advanceAfterBlockEnd('autoescape');
				const body = this.parseUntilBlocks('endautoescape');
				this.advanceAfterBlockEnd();
				return body;
			}
			case 'call':
				return this.parseCall();
			case 'block':
				return this.parseBlock();
			case 'filter':
				return this.parseFilterStatement();
			case 'include':
				return this.parseInclude();
			case 'if':
			case 'macro':
			case 'extends':
			case 'import':
			case 'from':
				return super.parseStatement();
			default:
				return this.fail(unknownTag(tag.value, this.open.at(-2)?.value), tag.lineno, tag.colno);
		}
	}

	parseFor(): Node {
		const tag = this.expect('symbol');
		const name = this.parseTargets('in');
		if (!this.skipSymbol('in')) this.unexpected('“in”');
		const arr = this.parseTuple(() => this.parseOr());
		const test = this.skipSymbol('if') ? this.parseExpression() : null;
		if (this.skipSymbol('recursive'))
			this.fail('recursive loops are not supported: write a macro that calls itself', tag.lineno, tag.colno);
		this.advanceAfterBlockEnd('for');
		const body = this.parseUntilBlocks('endfor', 'else');
		let otherwise: Node | null = null;
		if (this.skipSymbol('else')) {
			this.advanceAfterBlockEnd('else');
			otherwise = this.parseUntilBlocks('endfor');
		}
		this.advanceAfterBlockEnd();
		return Object.assign(make('For', tag, arr, name, body, otherwise), {test});
	}

	/** One name, or several with commas between, also in brackets. */
	private parseTargets(end?: string): Node {
		const at = this.peekToken();
		const target = (): Node => {
			if (this.skip('left-paren')) {
				const inner = this.parseTargets();
				this.expect('right-paren');
				return inner;
			}
			const token = this.expect('symbol');
			if (keywords.has(token.value) || constants.has(token.value))
				this.fail(`${token.value} cannot be a variable’s name`, token.lineno, token.colno);
			return make('Symbol', token, token.value);
		};
		const first = target();
		if (this.peekToken()?.type !== 'comma') return first;
		const parts = [first];
		while (this.skip('comma')) {
			const next = this.peekToken();
			if (next?.value === end || next?.type === 'right-paren' || next?.value === '=') break;
			parts.push(target());
		}
		return make('Tuple', at ?? first, parts);
	}

	parseSet(): Node {
		const tag = this.expect('symbol');
		let target = this.parseTargets('=');
		if (target.typename === 'Symbol' && this.skipValue('operator', '.')) {
			const attribute = this.expect('symbol');
			target = make('LookupVal', target, target, make('Literal', attribute, attribute.value));
		}
		const targets = [target];
		if (this.skipValue('operator', '=')) {
			const value = this.parseTuple(() => this.parseExpression());
			this.advanceAfterBlockEnd('set');
			return make('Set', tag, targets, value);
		}
		const at = this.peekToken() ?? tag;
		let filtered: Node = make('Capture', at, null);
		const capture = filtered;
		while (this.skip('pipe')) filtered = this.parseFilterCall(filtered);
		if (this.peekToken()?.type !== 'block-end') this.unexpected('“=”');
		this.advanceAfterBlockEnd('set');
		Object.assign(capture, {body: this.parseUntilBlocks('endset')});
		this.advanceAfterBlockEnd();
		return Object.assign(make('Set', tag, targets, null), {body: filtered});
	}

	private parseWith(): Node {
		const tag = this.expect('symbol');
		const targets: Node[] = [];
		const values: Node[] = [];
		while (this.peekToken()?.type !== 'block-end') {
			if (targets.length > 0) this.expect('comma');
			targets.push(this.parseTargets('='));
			if (!this.skipValue('operator', '=')) this.unexpected('“=”');
			values.push(this.parseExpression());
		}
		this.advanceAfterBlockEnd('with');
		const body = this.parseUntilBlocks('endwith');
		this.advanceAfterBlockEnd();
		return make('With', tag, targets, values, body);
	}

	parseBlock(): Node {
		const tag = this.expect('symbol');
		const name = this.expect('symbol');
		const scoped = this.skipSymbol('scoped');
		this.skipSymbol('required');
		this.advanceAfterBlockEnd('block');
		const body = this.parseUntilBlocks('endblock');
		this.nextToken();
		this.skipSymbol(name.value);
		this.advanceAfterBlockEnd('endblock');
		return Object.assign(make('Block', tag, make('Symbol', name, name.value), body), {scoped});
	}

	parseCall(): Node {
		const tag = this.expect('symbol');
		const params = this.peekToken()?.type === 'left-paren' ? this.parseSignature() : noArguments();
		const call = this.parseUnary();
		if (call.typename !== 'FunCall')
			this.fail('{% call %} needs a call of a macro: {% call name(…) %}', tag.lineno, tag.colno);
		this.advanceAfterBlockEnd('call');
		const body = this.parseUntilBlocks('endcall');
		this.advanceAfterBlockEnd();
		const name = make('Symbol', tag, 'caller');
		call.args.named.push(make('Pair', tag, name, make('Caller', tag, name, params, body)) as Pair);
		return make('Output', tag, [call]);
	}

	parseFilterStatement(): Node {
		const tag = this.expect('symbol');
		const capture = make('Capture', tag, null);
		let node = this.parseFilterCall(capture);
		while (this.skip('pipe')) node = this.parseFilterCall(node);
		this.advanceAfterBlockEnd('filter');
		Object.assign(capture, {body: this.parseUntilBlocks('endfilter')});
		this.advanceAfterBlockEnd();
		return make('Output', tag, [node]);
	}

	parseInclude(): Node {
		const tag = this.expect('symbol');
		const template = this.parseExpression();
		const ignoreMissing = this.skipSymbol('ignore');
		if (ignoreMissing && !this.skipSymbol('missing')) this.unexpected('“missing”');
		const withContext = this.parseWithContext() ?? true;
		this.advanceAfterBlockEnd('include');
		return Object.assign(make('Include', tag, template), {ignoreMissing, withContext});
	}

	/** Arguments of a call, or the parameters of a macro. */
	parseSignature(): CallArguments {
		this.expect('left-paren');
		const args = noArguments();
		while (!this.skip('right-paren')) {
			if (this.skipValue('operator', '*')) args.rest = this.parseExpression();
			else if (this.skipValue('operator', '**')) args.more = this.parseExpression();
			else {
				const value = this.parseExpression();
				if (this.skipValue('operator', '=')) {
					if (value.typename !== 'Symbol') this.fail('a name is expected before “=”', value.lineno, value.colno);
					args.named.push(make('Pair', value, value, this.parseExpression()) as Pair);
				} else {
					if (args.named.length > 0)
						this.fail('an argument without a name comes after one with a name', value.lineno, value.colno);
					args.children.push(value);
				}
			}
			if (this.peekToken()?.type !== 'right-paren') this.expect('comma');
		}
		return args;
	}

	parseExpression(): Node {
		const node = this.parseOr();
		if (!this.skipSymbol('if')) return node;
		const condition = this.parseOr();
		const otherwise = this.skipSymbol('else') ? this.parseExpression() : null;
		return make('InlineIf', node, condition, node, otherwise);
	}

	/** One expression, or several with commas between as a tuple. */
	private parseTuple(parse: () => Node): Node {
		const first = parse();
		if (this.peekToken()?.type !== 'comma') return first;
		const parts = [first];
		while (this.skip('comma')) {
			const next = this.peekToken();
			if (next?.type === 'block-end' || next?.type === 'right-paren') break;
			parts.push(parse());
		}
		return make('Tuple', first, parts);
	}

	/** nunjucks calls this below `not`: comparisons, which may be chained, and `in`. */
	parseIn(): Node {
		const expr = this.parseSum();
		const ops: {lineno: number; colno: number; expr: Node; type: string}[] = [];
		for (let token = this.peekToken(); token; token = this.peekToken()) {
			let type: string;
			if (token.type === 'operator' && comparisons.has(token.value)) {
				this.nextToken();
				type = token.value;
			} else if (this.skipSymbol('in')) type = 'in';
			else if (token.type === 'symbol' && token.value === 'not') {
				this.nextToken();
				if (!this.skipSymbol('in')) this.unexpected('“in”');
				type = 'not in';
			} else break;
			ops.push({lineno: token.lineno, colno: token.colno, expr: this.parseSum(), type});
		}
		return ops.length === 0 ? expr : make('Compare', expr, expr, ops);
	}

	private parseSum(): Node {
		return this.parseLeft({'+': 'Add', '-': 'Sub'}, () => this.parseLeft({'~': 'Concat'}, () => this.parseProduct()));
	}

	private parseProduct(): Node {
		return this.parseLeft({'*': 'Mul', '/': 'Div', '//': 'FloorDiv', '%': 'Mod'}, () =>
			this.parseLeft({'**': 'Pow'}, () => this.parseUnary()),
		);
	}

	private parseLeft(operators: Record<string, Node['typename']>, parse: () => Node): Node {
		let node = parse();
		for (let token = this.peekToken(); token; token = this.peekToken()) {
			const name = token.type === 'operator' || token.type === 'tilde' ? operators[token.value] : undefined;
			if (name === undefined) break;
			this.nextToken();
			node = make(name, token, node, parse());
		}
		return node;
	}

	parseUnary(noFilters = false): Node {
		const token = this.peekToken();
		let node: Node;
		if (token && this.skipValue('operator', '-')) node = make('Neg', token, this.parseUnary(true));
		else if (token && this.skipValue('operator', '+')) node = make('Pos', token, this.parseUnary(true));
		else node = this.parsePrimary();
		node = this.parsePostfix(node);
		while (!noFilters) {
			const next = this.peekToken();
			if (this.skip('pipe')) node = this.parseFilterCall(node);
			else if (next?.type === 'symbol' && next.value === 'is') node = this.parseTest(node);
			else if (next?.type === 'left-paren') node = make('FunCall', next, node, this.parseSignature());
			else break;
		}
		return node;
	}

	private parseFilterCall(node: Node): Node {
		const name = this.parseFilterName();
		const args = this.peekToken()?.type === 'left-paren' ? this.parseSignature() : noArguments();
		args.children.unshift(node);
		return make('Filter', name, name, args);
	}

	private parseTest(node: Node): Node {
		this.nextToken();
		const not = this.skipSymbol('not');
		const name = this.expect('symbol');
		const next = this.peekToken();
		let args = noArguments();
		if (next?.type === 'left-paren') args = this.parseSignature();
		else if (next && argumentStarts.has(next.type) && !(next.type === 'symbol' && keywords.has(next.value))) {
			args.children.push(this.parsePostfix(this.parsePrimary()));
		} else if (next?.type === 'symbol' && next.value === 'is')
			this.fail('two tests with “is” need brackets or “and” between them');
		const test = make('Is', name, node, {name: name.value, args});
		return not ? make('Not', name, test) : test;
	}

	parsePostfix(start: Node): Node {
		let node = start;
		for (let token = this.peekToken(); token; token = this.peekToken()) {
			if (token.type === 'left-paren') node = make('FunCall', token, node, this.parseSignature());
			else if (token.type === 'left-bracket') node = this.parseSubscript(node);
			else if (this.skipValue('operator', '.')) {
				const name = this.nextToken();
				if (name?.type !== 'symbol' && name?.type !== 'int') {
					this.pushToken(name);
					this.unexpected('a name after the point');
				}
				const key = make('Literal', name, name.type === 'int' ? Number(name.value) : name.value);
				node = Object.assign(make('LookupVal', name, node, key), {dotted: name.type === 'symbol'});
			} else break;
		}
		return node;
	}

	private parseSubscript(target: Node): Node {
		const bracket = this.expect('left-bracket');
		const ends = () => this.peekToken()?.type === 'right-bracket' || this.peekToken()?.type === 'colon';
		const first = ends() ? null : this.parseExpression();
		if (!this.skip('colon')) {
			if (first === null) return this.fail('the brackets need a name, a number or a slice');
			this.expect('right-bracket');
			return make('LookupVal', bracket, target, first);
		}
		const stop = ends() ? null : this.parseExpression();
		const step = this.skip('colon') && !ends() ? this.parseExpression() : null;
		this.expect('right-bracket');
		return make('Slice', bracket, target, first, stop, step);
	}

	parsePrimary(noPostfix?: boolean): Node {
		const token = this.nextToken();
		const node = this.parseAtom(token);
		if (node) return node;
		this.pushToken(token);
		return this.unexpected(noPostfix ? 'a name' : 'a value');
	}

	private parseAtom(token: Token | null): Node | undefined {
		switch (token?.type) {
			case 'string': {
				let value = token.value;
				for (let next = this.peekToken(); next?.type === 'string'; next = this.peekToken()) {
					value += next.value;
					this.nextToken();
				}
				return make('Literal', token, value);
			}
			case 'int':
				if (token.value.length > 1000) this.fail('this number is too long', token.lineno, token.colno);
				return make('Literal', token, toInt(parseWhole(token.value, 0) ?? 0n));
			case 'float':
				return make('Literal', token, toFloat(Number(token.value)));
			case 'symbol': {
				const constant = constants.get(token.value);
				if (constant !== undefined) return make('Literal', token, constant);
				return keywords.has(token.value) ? undefined : make('Symbol', token, token.value);
			}
			case 'left-paren': {
				if (this.skip('right-paren')) return make('Tuple', token, []);
				const inner = this.parseTuple(() => this.parseExpression());
				this.expect('right-paren');
				return inner;
			}
			case 'left-bracket':
				return make(
					'Array',
					token,
					this.parseEntries('right-bracket', () => this.parseExpression()),
				);
			case 'left-curly':
				return make(
					'Dict',
					token,
					this.parseEntries('right-curly', () => {
						const key = this.parseExpression();
						this.expect('colon');
						return make('Pair', key, key, this.parseExpression());
					}),
				);
			default:
				return undefined;
		}
	}

	private parseEntries(end: string, parse: () => Node): Node[] {
		const entries: Node[] = [];
		while (!this.skip(end)) {
			entries.push(parse());
			if (this.peekToken()?.type !== end) this.expect('comma');
		}
		return entries;
	}
}

const constants = new Map<string, boolean | null>([
	['true', true],
	['True', true],
	['false', false],
	['False', false],
	['none', null],
	['None', null],
]);

const argumentStarts = new Set(['symbol', 'string', 'int', 'float', 'left-bracket', 'left-curly']);

const noArguments = (): CallArguments => ({typename: 'NodeList', children: [], named: [], rest: null, more: null});

const names: Record<string, string> = {
	symbol: 'a name',
	comma: 'a comma',
	colon: '“:”',
	'left-paren': '“(”',
	'right-paren': '“)”',
	'right-bracket': '“]”',
	'right-curly': '“}”',
	'block-end': '%}',
};

function described(token: Token | null): string {
	if (!token) return 'the end of the template';
	if (token.type === 'block-end' || token.type === 'variable-end') return `the end of the tag (${token.value})`;
	return token.type === 'string' ? 'a text' : `“${token.value}”`;
}

/** nunjucks' own words for the few errors that still come from it. */
function friendly(message: string, token: Token | null): string {
	if (message === 'expected variable end') return `}} is expected here, not ${described(token)}`;
	return message.replace(/^parse\w+: (?:e|E)xpected (.*)$/, '$1 is expected here');
}

function unknownTag(name: string, open: string | undefined): string {
	if (endings.includes(name)) {
		const inside = open === undefined ? '' : `; {% ${open} %} is open here`;
		return `{% ${name} %} has nothing to end${inside}`;
	}
	const near = closest(name, [...tags, ...endings]);
	return `there is no tag {% ${name} %}${near ? `; did you mean {% ${near} %}?` : ''}`;
}

/** The syntax tree of a template; what cannot be read is a `Problem`. */
export function parse(source: string): Node {
	if (source.length > longest) throw new Problem(`the template is too big: over ${longest} characters`);
	const tokens = lex(source);
	const parser = new JinjaParser({
		nextToken: () => tokens.next().value ?? null,
		tags: {
			BLOCK_START: '{%',
			BLOCK_END: '%}',
			VARIABLE_START: '{{',
			VARIABLE_END: '}}',
			COMMENT_START: '{#',
			COMMENT_END: '#}',
		},
	});
	try {
		return parser.parseAsRoot();
	} catch (error) {
		// nunjucks walks on without a token at some ends; then the place is the last token read.
		if (!(error instanceof TypeError)) throw error;
		const {lineno, colno} = parser.lastToken ?? {lineno: 0, colno: 0};
		throw new Problem('the template cannot be understood here', {lineno, colno});
	}
}
