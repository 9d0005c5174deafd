import * as z from 'zod';
import {lookForFile, openFolder, reasonOf} from './beneath.js';
import {putFile} from './put-file.js';
import {parted, sizeWords, tool} from './tool.js';
import {type Problem, shownWay, type Way} from './way.js';

const mostBytes = 1024 * 1024;

export const writeFileTool = tool({
	name: 'write_file',
	description: `Writes a text file in the workspace, at most ${mostBytes / 1024 / 1024} MB, in place of one that is there. Folders that are missing are made.`,
	input: z.strictObject({
		path: z.string().min(1).describe('The file, relative to the workspace.'),
		content: z.string().describe('The whole text of the file.'),
	}),
	writes: true,
	async run({path, content}, {root, wayTo, signal}) {
		const bytes = Buffer.byteLength(content);
		const most = sizeWords(mostBytes);
		if (bytes > mostBytes) return {problem: `This is ${sizeWords(bytes)}, and a file may have ${most}: write several.`};
		const way = wayTo(path);
		if ('problem' in way) return way;
		const parts = parted(way);
		if ('problem' in parts) return parts;
		const unfit = unfitToWrite(way, path);
		if (unfit) return unfit;
		const folder = await openFolder(root, parts.folder, {make: true});
		if ('problem' in folder) return folder;
		await using _folder = folder;
		const shown = shownWay(way);
		try {
			const seen = await lookForFile(folder, parts.name);
			if (seen && 'problem' in seen) return seen;
			const problem = await putFile(folder, parts.name, content, {seen, signal});
			return problem ?? `${shown} is written (${sizeWords(bytes)}${seen ? ', in place of the one before' : ''}).`;
		} catch (error) {
			return {problem: `${shown} cannot be written: ${reasonOf(error)}.`};
		}
	},
});

/** Names that would make trouble: of those in `.git` some are programs that git starts. */
export function unfitToWrite(way: Way, written: string): Problem | undefined {
	if (written.endsWith('/')) return {problem: `${shownWay(way)}/ would be a folder: name a file in it.`};
	if (way.some(name => /\p{Cc}/u.test(name))) {
		return {problem: 'The name holds control characters: use letters, digits and signs.'};
	}
	if (way.some(name => name.toLowerCase() === '.git'))
		return {problem: 'In .git files are only read: git writes there.'};
	return undefined;
}
