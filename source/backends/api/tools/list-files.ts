import * as z from 'zod';
import {openFolder} from './beneath.js';
import {compileGlob} from './glob.js';
import {stopped, tool} from './tool.js';
import {walk} from './walk.js';
import {shownWay} from './way.js';

const mostEntries = 20_000;
const mostListed = 1_000;
const mostCharacters = 24_000;

export const listFilesTool = tool({
	name: 'list_files',
	description: `Lists the files of the workspace, with those in its folders, by name: one path a line, at most ${mostListed}.`,
	input: z.strictObject({
		folder: z.string().optional().describe('The folder to list, relative to the workspace. Default: the workspace.'),
		glob: z
			.string()
			.min(1)
			.optional()
			.describe('Only files whose path fits, such as *.md (in any folder), docs/*.md, src/**/*.{ts,tsx}.'),
	}),
	async run({folder: written = '.', glob}, {root, wayTo, signal}) {
		const way = wayTo(written);
		if ('problem' in way) return way;
		const fits = glob === undefined ? () => true : compileGlob(glob);
		if ('problem' in fits) return fits;
		const folder = await openFolder(root, way);
		if ('problem' in folder) return folder;
		await using _folder = folder;
		const budget = {left: mostEntries, isSpent: false};
		const lines: string[] = [];
		let room = mostCharacters;
		for await (const found of walk(folder, budget, signal)) {
			if (!fits(found.way.join('/'))) continue;
			const line = shownWay(found.way) + ('note' in found ? ` (${found.note})` : '');
			room -= line.length + 1;
			if (lines.length === mostListed || room < 0) {
				lines.push(`[These are the first ${lines.length}, and there are more: name a folder or a glob.]`);
				return lines.join('\n');
			}
			lines.push(line);
		}
		if (signal.aborted) return stopped;
		if (budget.isSpent) lines.push(`[Only ${mostEntries} entries were looked at: name a folder to see the rest.]`);
		if (lines.length > 0) return lines.join('\n');
		return glob === undefined ? `[${shownWay(way)} is empty.]` : `[No file of ${shownWay(way)} fits ${glob}.]`;
	},
});
