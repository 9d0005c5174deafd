import {relative} from 'node:path';
import {stripControls} from '../../process/sanitize.js';
import type {Block} from './event.js';

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
export function callWords({name, input}: Block, cwd: string | undefined): string {
	const fields = [...(telling[name] ?? []), ...usual];
	const field = fields.find(key => typeof input[key] === 'string' && input[key] !== '');
	const tool = oneLine(name) || 'a tool';
	if (field === undefined)
		return Array.isArray(input.todos) ? `${tool} (${count(input.todos.length, 'entry', 'entries')})` : tool;
	const value = String(input[field]);
	const shown = field.endsWith('path') ? shortPath(value, cwd) : value;
	return shortened(`${tool}${field === 'command' ? ':' : ''} ${oneLine(shown)}`);
}

/** What a tool gave back, folded to one line. */
export function resultWords({content, is_error: isError}: Block): string {
	const text = stripControls(textOf(content)).trim();
	const lines = text === '' ? [] : text.split('\n');
	if (isError) return shortened(`error: ${oneLine(lines[0] ?? '') || 'without a word'}`);
	if (lines.length === 0) return 'nothing';
	return lines.length === 1 ? shortened(oneLine(text)) : count(lines.length, 'line', 'lines');
}

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
