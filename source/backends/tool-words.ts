import {relative} from 'node:path';
import {stripControls} from '../process/sanitize.js';
import type {Block} from './claude/event.js';

const longest = 120;

/** What a tool call is about, by tool: the fields of its input that say it best. */
const telling: Readonly<Record<string, readonly string[]>> = {
	Bash: ['command'],
	Glob: ['pattern'],
	Grep: ['pattern'],
	Task: ['description'],
	Agent: ['description'],
	WebFetch: ['url'],
	WebSearch: ['query'],
	Skill: ['skill', 'command'],
};
const usual = ['file_path', 'notebook_path', 'path', 'command', 'pattern', 'query', 'url', 'description', 'name'];

/** A tool call in one line: `Write reports/a.md`, `Bash: git log …`. Paths are relative to `cwd` where that is shorter. */
export function callWords({name, input}: Pick<Block, 'name' | 'input'>, cwd?: string): string {
	const fields = [...(telling[name] ?? []), ...usual];
	const field = fields.find(key => typeof input[key] === 'string' && input[key] !== '');
	const tool = oneLine(name) || 'a tool';
	if (field === undefined)
		return Array.isArray(input.todos) ? `${tool} (${count(input.todos.length, 'entry', 'entries')})` : tool;
	const value = String(input[field]);
	const shown = field.endsWith('path') ? shortPath(value, cwd) : withoutFolder(value, cwd);
	return shortened(`${tool}${field === 'command' ? ':' : ''} ${oneLine(shown)}`);
}

/** Tools that give back a file with numbered lines, of which the first says nothing. */
const countedOnly: ReadonlySet<string> = new Set(['Read', 'NotebookRead']);

/** What a tool gave back, folded to one line: its first one, and how many more there are. */
export function resultWords(
	{content, is_error: isError}: Pick<Block, 'content' | 'is_error'>,
	tool: string,
	cwd?: string,
): string {
	const text = withoutFolder(stripControls(withoutNotes(textOf(content))), cwd).trim();
	const lines = text.split('\n').filter(line => line.trim() !== '');
	const [first = '', second] = lines;
	if (isError) {
		// The first line of a command that failed tells its exit code only.
		const isCode = second !== undefined && /^Exit code \d+$/.test(first);
		const words = isCode ? `${first}: ${oneLine(second)}` : oneLine(first);
		return folded(words || 'failed without a word', lines.length - (isCode ? 2 : 1));
	}
	if (first === '' || /^\(.*completed with no output\)$/.test(text)) return 'nothing';
	if (countedOnly.has(tool) && lines.length > 1) return count(lines.length, 'line', 'lines');
	return folded(oneLine(first), lines.length - 1);
}

function folded(words: string, more: number): string {
	return more > 0 ? `${shortened(words)} … ${count(more, 'more line', 'more lines')}` : shortened(words);
}

/** What the CLI adds for the model alone. */
const withoutNotes = (text: string) =>
	text
		.replace(/<system-reminder>[\s\S]*?<\/system-reminder>/g, '')
		.replace(/<\/?tool_use_error>/g, '')
		.replace(/ \(file state is current in your context[^)]*\)/, '');

/** Paths below the working folder are told from there. */
const withoutFolder = (text: string, cwd: string | undefined) =>
	cwd === undefined || cwd === '/' ? text : text.replaceAll(`${cwd}/`, '');

/** The first line of a text, safe to show and short. */
export const firstLine = (text: string): string => shortened(stripControls(text).trim().split('\n')[0] ?? '');

function textOf(content: unknown): string {
	if (typeof content === 'string') return content;
	if (!Array.isArray(content)) return '';
	return content
		.map((part: unknown) => {
			const {type, text} = (typeof part === 'object' && part !== null ? part : {}) as {type?: unknown; text?: unknown};
			return typeof text === 'string' ? text : `[${String(type)}]`;
		})
		.join('\n');
}

function shortPath(path: string, cwd: string | undefined): string {
	const short = cwd === undefined ? path : relative(cwd, path);
	return short !== '' && short.length < path.length ? short : path;
}

const oneLine = (text: string) => stripControls(text).replace(/\s+/g, ' ').trim();
const shortened = (text: string) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
