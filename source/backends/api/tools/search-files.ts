import * as z from 'zod';
import {type Folder, openFile, openFolder, reasonOf} from './beneath.js';
import {compileGlob} from './glob.js';
import {type Content, textWithin} from './text-within.js';
import {sizeWords, stopped, type Tool, tool} from './tool.js';
import {walk} from './walk.js';
import {type Problem, shownWay} from './way.js';

/** Where something stands in a text, UTF-16 units. */
export type Hit = {index: number; length: number};

/** Finds the first hit of each line, at most so many. */
export type Finder = (text: string, most: number) => Hit[] | Problem | Promise<Hit[] | Problem>;

/** Makes a finder of a regular expression, or says why it cannot be used. It stays within seconds whatever it is given. */
export type RegexFinder = (pattern: string, ignoresCase: boolean) => Finder | Problem;

const mostEntries = 20_000;
const mostHits = 100;
const mostCharacters = 24_000;
const largestFile = 4 * 1024 * 1024;
/** What one search may take: bytes that are read, ms. */
const mostRead = 256 * 1024 * 1024;
const limitMs = 15_000;
/** So much of a line is shown, and so much of that before what was found. */
const lineShown = 240;
const beforeHit = 80;

/** Without a `regexFinder` it finds plain text only. */
export function searchFilesTool(regexFinder?: RegexFinder): Tool {
	const fields = {
		query: z.string().min(1).max(300).describe('What to look for.'),
		ignore_case: z.boolean().optional().describe('Whether A and a are the same. Default: false.'),
		folder: z.string().optional().describe('Where to look, relative to the workspace. Default: the workspace.'),
		glob: z.string().min(1).optional().describe('Only files whose path fits, such as *.md or src/**/*.ts.'),
	};
	const regex = {is_regex: z.boolean().optional().describe('Whether query is a regular expression. Default: false.')};
	return tool({
		name: 'search_files',
		description: `Finds the lines of the workspace’s text files that hold a text. Answers with path, line number and line, at most ${mostHits} times.`,
		input: z.strictObject(regexFinder ? {...fields, ...regex} : fields),
		async run(input, {root, wayTo, signal}) {
			const {query, ignore_case: ignoresCase = false, folder: written = '.', glob} = input;
			const way = wayTo(written);
			if ('problem' in way) return way;
			const fits = glob === undefined ? () => true : compileGlob(glob);
			if ('problem' in fits) return fits;
			const finder = 'is_regex' in input && input.is_regex === true ? regexFinder : textFinder;
			const find = (finder ?? textFinder)(query, ignoresCase);
			if ('problem' in find) return find;
			const folder = await openFolder(root, way);
			if ('problem' in folder) return folder;
			await using _folder = folder;
			const result = await search(folder, {fits, find}, signal);
			if ('problem' in result) return result;
			const {lines, unread, isCut} = result;
			const notes = [
				...(lines.length === 0 ? [`Nothing was found for ${JSON.stringify(query)}.`] : []),
				...(isCut ? ['Not all was looked at: name a folder or a glob to see more.'] : []),
				...(unread > 0 ? [`Left out: ${unread} that are no text or larger than ${sizeWords(largestFile)}.`] : []),
			];
			return [...lines, ...(notes.length > 0 ? [`[${notes.join(' ')}]`] : [])].join('\n');
		},
	});
}

type Search = {fits(path: string): boolean; find: Finder};
type Result = {lines: string[]; unread: number; isCut: boolean};

async function search(folder: Folder, {fits, find}: Search, signal: AbortSignal): Promise<Result | Problem> {
	const late = AbortSignal.timeout(limitMs);
	const budget = {left: mostEntries, isSpent: false};
	const lines: string[] = [];
	let [room, left, unread] = [mostCharacters, mostRead, 0];
	for await (const found of walk(folder, budget, AbortSignal.any([signal, late]))) {
		if ('note' in found || !fits(found.way.join('/'))) continue;
		const content = await contentOf(found.folder, found.name);
		if (signal.aborted) return stopped;
		if ('not' in content) {
			unread += 1;
			continue;
		}
		const hits = await find(content.text, mostHits + 1 - lines.length);
		if ('problem' in hits) return hits;
		for (const line of hitLines(shownWay(found.way), content.text, hits)) {
			room -= line.length + 1;
			if (room < 0 || lines.length === mostHits) return {lines, unread, isCut: true};
			lines.push(line);
		}
		left -= content.text.length;
		if (left < 0) return {lines, unread, isCut: true};
	}
	if (signal.aborted) return stopped;
	return {lines, unread, isCut: budget.isSpent || late.aborted};
}

/** What cannot be read is left out of a search, as what is no text. */
async function contentOf(folder: Folder, name: string): Promise<Content> {
	const file = await openFile(folder, name);
	if ('problem' in file) return {not: 'binary'};
	await using _file = file;
	try {
		return await textWithin(file.handle, file.stats.size, largestFile);
	} catch (error) {
		reasonOf(error);
		return {not: 'binary'};
	}
}

function textFinder(query: string, ignoresCase: boolean): Finder {
	const literal = query.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
	const regex = new RegExp(literal, ignoresCase ? 'giu' : 'gu');
	return (text, most) => {
		const hits: Hit[] = [];
		regex.lastIndex = 0;
		for (let match = regex.exec(text); match && hits.length < most; match = regex.exec(text)) {
			hits.push({index: match.index, length: match[0].length});
			const end = text.indexOf('\n', match.index);
			if (end < 0) break;
			regex.lastIndex = Math.max(end + 1, match.index + match[0].length);
		}
		return hits;
	};
}

/** `path:line: text`, the line cut around what was found. */
function* hitLines(shown: string, text: string, hits: readonly Hit[]): Generator<string> {
	let [line, at] = [1, 0];
	for (const {index} of hits) {
		for (let next = text.indexOf('\n', at); next >= 0 && next < index; next = text.indexOf('\n', at)) {
			line += 1;
			at = next + 1;
		}
		const end = text.indexOf('\n', at);
		const stop = end < 0 ? text.length : end;
		const from = stop - at <= lineShown ? at : Math.max(at, Math.min(index - beforeHit, stop - lineShown));
		const to = Math.min(stop, from + lineShown);
		const piece = text.slice(from, to).replace(/\r$/, '').toWellFormed();
		yield `${shown}:${line}: ${from > at ? '…' : ''}${piece}${to < stop ? '…' : ''}`;
	}
}
