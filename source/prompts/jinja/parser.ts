import {constants, ExpressionParser, keywords, noArguments} from './expression-parser.js';
import {lex, type Token} from './lexer.js';
import {unknownTag} from './parser-words.js';
import {Problem} from './problem.js';
import {make, type Node, type Pair} from './syntax-tree.js';

const longest = 1_000_000;

/**
 * The tags, by nunjucks where it knows them as Jinja2 does (`if`, `macro`, `extends`, `import`, `from`) and here for the
 * others. What only nunjucks has is refused.
 */
class JinjaParser extends ExpressionParser {
	private readonly open: Token[] = [];

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
				const wanted = this.parseExpression();
				if (wanted.typename !== 'Literal' || wanted.value !== false)
					this.fail(
						'nothing is escaped in a prompt: leave {% autoescape %} out, and write {{ value | escape }} where it is wanted',
						tag.lineno,
						tag.colno,
					);
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
