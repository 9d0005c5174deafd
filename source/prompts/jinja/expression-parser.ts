import type {Token} from './lexer.js';
import {parseWhole} from './number-parsing.js';
import {Base} from './nunjucks-parser.js';
import {described, friendly, tokenNames} from './parser-words.js';
import {Problem} from './problem.js';
import {type CallArguments, make, type Node, type Pair} from './syntax-tree.js';
import {toFloat, toInt} from './values.js';

/** Words that cannot be the name of a variable. */
export const keywords = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else', 'elif']);
const comparisons = new Set(['==', '!=', '<', '>', '<=', '>=']);

/**
 * nunjucks' parser with Jinja2's expressions where the two part ways: Python's precedence, chained comparisons, slices,
 * tuples, tests, numbers that keep their kind.
 */
export class ExpressionParser extends Base {
	private last: Token | null = null;

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
			this.unexpected(tokenNames[type] ?? type);
		}
		return token;
	}

	protected unexpected(wanted: string): never {
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

	/** Right behind `{{` several values with commas between are a tuple. */
	parseExpression(): Node {
		return this.last?.type === 'variable-start' ? this.parseTuple(() => this.parseOne()) : this.parseOne();
	}

	private parseOne(): Node {
		const node = this.parseOr();
		if (!this.skipSymbol('if')) return node;
		const condition = this.parseOr();
		const otherwise = this.skipSymbol('else') ? this.parseExpression() : null;
		return make('InlineIf', node, condition, node, otherwise);
	}

	/** One expression, or several with commas between as a tuple. */
	protected parseTuple(parse: () => Node): Node {
		const first = parse();
		if (this.peekToken()?.type !== 'comma') return first;
		const parts = [first];
		while (this.skip('comma')) {
			const next = this.peekToken();
			if (next && tupleEnds.has(next.type)) break;
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

	protected parseFilterCall(node: Node): Node {
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

/** Names with a fixed value. */
export const constants = new Map<string, boolean | null>([
	['true', true],
	['True', true],
	['false', false],
	['False', false],
	['none', null],
	['None', null],
]);

const tupleEnds = new Set(['block-end', 'variable-end', 'right-paren']);
const argumentStarts = new Set(['symbol', 'string', 'int', 'float', 'left-bracket', 'left-curly']);

/** No arguments yet. */
export const noArguments = (): CallArguments => ({
	typename: 'NodeList',
	children: [],
	named: [],
	rest: null,
	more: null,
});
