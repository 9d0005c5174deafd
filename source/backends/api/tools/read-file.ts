import {isUtf8} from 'node:buffer';
import type {FileHandle} from 'node:fs/promises';
import * as z from 'zod';
import {openFile, openFolder, reasonOf} from './beneath.js';
import {type Lines, LineWindow} from './line-window.js';
import {parted, sizeWords, stopped, tool} from './tool.js';
import {type Problem, shownWay} from './way.js';

/** So much of a file is shown in one answer, some 8,000 tokens: small models hold little. Bytes. */
const mostShown = 32 * 1024;
const mostLines = 1_000;
/** So much of it is looked through for the lines that are asked for. Bytes. */
const mostScanned = 32 * 1024 * 1024;

const lineNumber = z.coerce.number().int().min(1).optional();

export const readFileTool = tool({
	name: 'read_file',
	description: `Reads a text file of the workspace. At most ${mostLines} lines or ${mostShown / 1024} KB come at once; a note at the end says where to go on.`,
	input: z.strictObject({
		path: z.string().min(1).describe('The file, relative to the workspace.'),
		start_line: lineNumber.describe('First line to read, counted from 1. Default: 1.'),
		end_line: lineNumber.describe('Last line to read, included. Default: the end.'),
	}),
	async run({path, start_line: start = 1, end_line: end = Number.POSITIVE_INFINITY}, {root, wayTo, signal}) {
		if (end < start) return {problem: `end_line ${end} lies before start_line ${start}.`};
		const way = wayTo(path);
		if ('problem' in way) return way;
		const parts = parted(way);
		if ('problem' in parts) return {problem: 'This is the workspace itself: list_files shows what is in it.'};
		const folder = await openFolder(root, parts.folder);
		if ('problem' in folder) return folder;
		await using _folder = folder;
		const file = await openFile(folder, parts.name);
		if ('problem' in file) return file;
		await using _file = file;
		const shown = shownWay(way);
		try {
			const lines = new LineWindow(start, Math.min(end, start + mostLines - 1), mostShown);
			const scan = await readInto(lines, file.handle, signal);
			if (scan === 'stopped') return stopped;
			const size = sizeWords(file.stats.size);
			if (scan === 'binary') return {problem: `${shown} is no text (${size}, binary): only text files can be read.`};
			return answer(lines.finish(), {shown, size, start, end, isWhole: scan === 'whole'});
		} catch (error) {
			return {problem: `${shown} cannot be read: ${reasonOf(error)}.`};
		}
	},
});

/** What holds NULs is no text, wherever it is looked at. */
async function readInto(
	lines: LineWindow,
	handle: FileHandle,
	signal: AbortSignal,
): Promise<'whole' | 'part' | 'binary' | 'stopped'> {
	const buffer = Buffer.allocUnsafe(64 * 1024);
	for (let scanned = 0; scanned < mostScanned; ) {
		if (signal.aborted) return 'stopped';
		const {bytesRead} = await handle.read(buffer, 0, buffer.length);
		if (bytesRead === 0) return 'whole';
		const chunk = buffer.subarray(0, bytesRead);
		if (chunk.includes(0)) return 'binary';
		lines.push(chunk);
		scanned += bytesRead;
	}
	return 'part';
}

type Asked = {shown: string; size: string; start: number; end: number; isWhole: boolean};

function answer({bytes, last, isCut, total}: Lines, {shown, size, start, end, isWhole}: Asked): string | Problem {
	if (total === 0) return `[${shown} is empty.]`;
	const of = isWhole ? `${total}` : `more than ${total}`;
	if (start > total) {
		if (isWhole) return {problem: `${shown} has ${total} lines, so there is no line ${start}.`};
		return {
			problem: `${shown} is ${size} large: its first ${total} lines can be read, and search_files finds no more.`,
		};
	}
	// A decoder that expects more keeps half a character back.
	const text = new TextDecoder().decode(bytes, {stream: isCut});
	const notes = [
		...(isCut ? [`Line ${start} of ${of} is too long: this is its beginning.`] : []),
		...(!isCut && (start > 1 || last < total || !isWhole) ? [`Lines ${start} to ${last} of ${of}.`] : []),
		...(last < Math.min(end, total) || (!isWhole && end > last) ? [`Go on with start_line ${last + 1}.`] : []),
		...(isUtf8(bytes) || isCut ? [] : ['It is not UTF-8: bytes that are none are shown as \ufffd.']),
	];
	if (notes.length === 0) return text;
	return `${text}${text.endsWith('\n') ? '' : '\n'}[${notes.join(' ')}]`;
}
