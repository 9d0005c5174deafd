import * as z from 'zod';
import {lookForFile, openFolder, reasonOf} from './beneath.js';
import {putFile} from './put-file.js';
import {targetOf} from './target.js';
import {sizeWords, tool} from './tool.js';
import {shownWay} from './way.js';

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
		const target = targetOf(path, wayTo);
		if ('problem' in target) return target;
		const {way, parts} = target;
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
