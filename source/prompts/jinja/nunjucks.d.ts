/** The two parts of nunjucks that are used, each loaded alone; their shapes are declared where they are used. */
declare module 'nunjucks/src/parser.js' {
	const parser: unknown;
	export default parser;
}
declare module 'nunjucks/src/nodes.js' {
	const nodes: unknown;
	export default nodes;
}
