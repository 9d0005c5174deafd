import * as z from 'zod';
import {lookForFile, openFile, openFolder, reasonOf} from './beneath.js';
import {putFile} from './put-file.js';
import {targetOf} from './target.js';
import {textWithin} from './text-within.js';
import {sizeWords, stopped, tool} from './tool.js';
import {type Problem, shownWay} from './way.js';

const mostBytes = 8 * 1024 * 1024;
const mostNamed = 10;

export const editFileTool = tool({
	name: 'edit_file',
	description:
		'Replaces a piece of text in a text file of the workspace. The piece must stand there letter by letter, and only once unless replace_all is true.',
	input: z.strictObject({
		path: z.string().min(1).describe('The file, relative to the workspace.'),
		old_text: z
			.string()
			.min(1)
			.describe('The text to replace, exactly as it is in the file, with its blanks and line ends.'),
		new_text: z.string().describe('The text to put in its place.'),
		replace_all: z.boolean().optional().describe('Replace it wherever it stands. Default: false.'),
	}),
	writes: true,
	async run({path, old_text: old, new_text: text, replace_all: all = false}, {root, wayTo, signal}) {
		const target = targetOf(path, wayTo);
		if ('problem' in target) return target;
		const {way, parts} = target;
		const folder = await openFolder(root, parts.folder);
		if ('problem' in folder) return folder;
		await using _folder = folder;
		const shown = shownWay(way);
		try {
			const there = await lookForFile(folder, parts.name);
			if (there && 'problem' in there) return there;
			const file = await openFile(folder, parts.name);
			if ('problem' in file) return file;
			await using _file = file;
			const before = await textWithin(file.handle, file.stats.size, mostBytes);
			if (signal.aborted) return stopped;
			if ('not' in before) {
				return before.not === 'large' ? tooLarge(shown) : {problem: `${shown} is no UTF-8 text, and stays as it is.`};
			}
			const places = before.text.split(old);
			if (places.length === 1) return {problem: `${shown} does not hold old_text${nearMiss(before.text, old)}.`};
			const where = placesWords(places, old);
			if (places.length > 2 && !all) return {problem: `old_text stands in ${shown} ${where}: ${oneOfThem}.`};
			// Counted before it is made: a long text in many places can be more than a string holds.
			const grown = (places.length - 1) * (Buffer.byteLength(text) - Buffer.byteLength(old));
			if (Buffer.byteLength(before.text) + grown > mostBytes) return tooLarge(shown);
			const after = places.join(text);
			const problem = await putFile(folder, parts.name, after, {seen: file.stats, unchanged: true, signal});
			return problem ?? `${shown} is changed ${where}.`;
		} catch (error) {
			return {problem: `${shown} cannot be changed: ${reasonOf(error)}.`};
		}
	},
});

const oneOfThem = 'take more of the text around the one that is meant into old_text, or set replace_all';

const tooLarge = (shown: string): Problem => ({
	problem: `${shown} is, or would be, too large for this tool, which takes ${sizeWords(mostBytes)}.`,
});

/** `in line 3`, `2 times (lines 3, 9)`, for the pieces between the places. */
function placesWords(pieces: readonly string[], old: string): string {
	let line = 1;
	const lines = pieces.slice(0, Math.min(pieces.length - 1, mostNamed)).map((piece, index) => {
		line += newlinesIn(piece) + (index === 0 ? 0 : newlinesIn(old));
		return line;
	});
	const count = pieces.length - 1;
	if (count === 1) return `in line ${lines[0]}`;
	return `${count} times (lines ${lines.join(', ')}${count > mostNamed ? ', …' : ''})`;
}

const newlinesIn = (text: string) => text.split('\n').length - 1;

function nearMiss(text: string, old: string): string {
	if (text.includes('\r\n') && text.replaceAll('\r\n', '\n').includes(old)) {
		return ': its lines end with \\r\\n, so write \\r\\n where old_text and new_text go on in another line';
	}
	const plain = (written: string) => written.replaceAll(/\s+/g, ' ');
	if (plain(text).includes(plain(old))) return ' with just these blanks and line ends: read it and copy them';
	return ' letter by letter: read it first';
}
