import nunjucks from 'nunjucks/src/parser.js';
import type {Token} from './lexer.js';
import type {Node} from './syntax-tree.js';

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

/** nunjucks' parser, to build on; nothing of it is changed for others. */
export const Base = (nunjucks as {Parser: typeof NunjucksParser}).Parser;
