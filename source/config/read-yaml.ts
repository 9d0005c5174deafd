import {type Document, parseDocument, type YAMLError} from 'yaml';
import type {Finding} from './finding.js';
import {placeAt, type Source} from './place.js';
import {buildTree, type Tree} from './tree.js';

const mostSyntaxFindings = 20;

/**
 * Reads YAML into a tree. With faults of syntax there is no tree: what is left of such a text would only give findings
 * about things the user never wrote. `base` is where the text begins in its source.
 */
export function readYaml(source: Source, base: number, report: (finding: Finding) => void): Tree | undefined {
	const text = source.text.slice(base);
	let syntaxFaults = 0;
	const say = (at: readonly [number, number], message: string, mend?: string) => {
		syntaxFaults++;
		report({
			...placeAt(source, base + at[0], base + at[1]),
			severity: 'error',
			message,
			...(mend === undefined ? {} : {mend}),
		});
	};
	let document: Document.Parsed;
	try {
		// Keys are compared while the tree is built: the parser's own comparison takes minutes on a hostile file.
		document = parseDocument(text, {
			prettyErrors: false,
			uniqueKeys: false,
			stringKeys: true,
			merge: false,
			logLevel: 'error',
		});
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		say([0, 1], 'values are nested too deep to be read');
		return undefined;
	}
	const lines = new Set<number>();
	const faults = [...document.errors, ...document.warnings];
	const deep = faults.find(fault => fault.code === 'RESOURCE_EXHAUSTION');
	for (const fault of deep ? [deep] : faults) {
		const {line} = placeAt(source, base + fault.pos[0], base + fault.pos[1]);
		// One slip makes the parser stumble several times; the first stumble in a line tells it best.
		if (lines.has(line)) continue;
		if (lines.size === mostSyntaxFindings) {
			say(fault.pos, 'more faults of YAML syntax follow from here on: mend those above first');
			break;
		}
		lines.add(line);
		say(fault.pos, ...wordsFor(fault, text));
	}
	if (document.directives.yaml.explicit && document.directives.yaml.version !== '1.2')
		say([0, 1], `job files are YAML 1.2: remove the line %YAML ${document.directives.yaml.version}`);
	if (syntaxFaults > 0) return undefined;
	return buildTree(document.contents, source, base, report);
}

function wordsFor(fault: YAMLError, text: string): [message: string, mend?: string | undefined] {
	const [from, to] = fault.pos;
	const line = text.slice(text.lastIndexOf('\n', from - 1) + 1).split('\n', 1)[0]!;
	switch (fault.code) {
		case 'RESOURCE_EXHAUSTION':
			return ['values are nested too deep to be read'];
		case 'MULTIPLE_DOCS':
			return [
				'a second document begins here: a job file holds one job, so remove the --- and what follows, or make it a file of its own',
			];
		case 'TAB_AS_INDENT':
			return ['a tab indents this line, and YAML takes spaces only: write spaces'];
		case 'NON_STRING_KEY':
			if (/\{\{|\{%/.test(line))
				return ['a value that begins with a brace must stand in quotes, or on the lines below a |', quoted(line)];
			return ['a key must be plain text'];
		case 'BAD_SCALAR_START':
			return [`a value cannot begin with ${text[from] ?? 'this'} unless it stands in quotes`, quoted(line)];
		case 'BLOCK_AS_IMPLICIT_KEY':
			return [
				'a second key stands in this line, or the next is indented too far: a value with ": " in it must stand in quotes',
				quoted(line),
			];
		case 'MULTILINE_IMPLICIT_KEY':
			return ['this line has no ": ", or the line after it is indented wrongly: a key, a colon and a space are wanted'];
		case 'BAD_INDENT':
			return [
				`the indentation does not fit: lines of one map or list begin in the same column, and brackets must be closed (YAML says: ${lower(fault.message)})`,
			];
		case 'BAD_DQ_ESCAPE':
			return [
				`${text.slice(from, to + 1).slice(0, 2)} means nothing in double quotes: use single quotes, or write two backslashes`,
			];
		case 'TAG_RESOLVE_FAILED':
			return ['a ! begins a YAML tag, and job files have none: remove it, or put the value in quotes'];
		case 'MISSING_CHAR':
			if (/closing/.test(fault.message)) return ['a quote is opened and never closed'];
			if (/map values/.test(fault.message)) return ['a colon and a space are missing after this key'];
			break;
		case 'UNEXPECTED_TOKEN':
			if (/block-seq-ind on same line/.test(fault.message)) return ['a list begins on the line below its key'];
			if (/at node end/.test(fault.message))
				return [
					'a value ends before this, and more text follows: a text that holds quotes or begins with [ or { must stand in quotes as a whole',
					quoted(line),
				];
			break;
		default:
	}
	return [`this is not YAML: ${lower(fault.message)}`];
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** The same line with its value in single quotes; undefined where the line is no plain `key: value`. */
function quoted(line: string): string | undefined {
	const match = /^\s*((?:- +)?[\w.-]+: +)(.*?)\s*$/.exec(line);
	return match?.[2] ? `${match[1]}'${match[2].replaceAll("'", "''")}'` : undefined;
}
