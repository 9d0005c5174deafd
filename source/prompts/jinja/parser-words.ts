import {closest} from '../../config/closest.js';
import type {Token} from './lexer.js';

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

/** Kinds of tokens as messages name them. */
export const tokenNames: Record<string, string> = {
	symbol: 'a name',
	comma: 'a comma',
	colon: '“:”',
	'left-paren': '“(”',
	'right-paren': '“)”',
	'right-bracket': '“]”',
	'right-curly': '“}”',
	'block-end': '%}',
};

/** A token as messages name it. */
export function described(token: Token | null): string {
	if (!token) return 'the end of the template';
	if (token.type === 'block-end' || token.type === 'variable-end') return `the end of the tag (${token.value})`;
	return token.type === 'string' ? 'a text' : `“${token.value}”`;
}

/** Better words for nunjucks' own for the few errors that still come from it. */
export function friendly(message: string, token: Token | null): string {
	if (message === 'expected variable end') return `}} is expected here, not ${described(token)}`;
	return message.replace(/^parse\w+: (?:e|E)xpected (.*)$/, '$1 is expected here');
}

/** For a tag that does not exist, or that ends nothing. */
export function unknownTag(name: string, open: string | undefined): string {
	if (endings.includes(name)) {
		const inside = open === undefined ? '' : `; {% ${open} %} is open here`;
		return `{% ${name} %} has nothing to end${inside}`;
	}
	const near = closest(name, [...tags, ...endings]);
	return `there is no tag {% ${name} %}${near ? `; did you mean {% ${near} %}?` : ''}`;
}
