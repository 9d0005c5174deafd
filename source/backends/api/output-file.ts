import {realpath} from 'node:fs/promises';
import {dirname, isAbsolute, relative, resolve, sep} from 'node:path';
import {expand, type Placeholders} from '../../core/placeholders.js';

/** Where the reply of a batch goes, absolute; a sentence where it may not go there. A relative path begins in the workspace. */
export function outputFile(written: string, placeholders: Placeholders): {file: string} | {problem: string} {
	const {workspace = ''} = placeholders;
	const file = resolve(workspace, expand(written, placeholders));
	const inside = relative(workspace, file);
	const shown = `backend.output.file is ${file}`;
	if (inside === '' || /[/\\]$/.test(written)) return {problem: `${shown}, which is a folder: name a file in it.`};
	if (isAbsolute(inside) || inside.split(sep)[0] === '..')
		return {problem: `${shown}, which is not in the workspace ${workspace}: an API may write there only.`};
	if (inside.split(sep)[0] === '.mozart') return {problem: `${shown}, among Mozart’s own files: name another place.`};
	return {file};
}

/** Whether a link leads the file out of the workspace. What is not there yet leads nowhere. */
export async function leadsOut(file: string, workspace: string): Promise<boolean> {
	const root = await realpath(workspace).catch(() => workspace);
	for (let folder = dirname(file); ; folder = dirname(folder)) {
		const real = await realpath(folder).catch(() => undefined);
		if (real !== undefined) return real !== root && !real.startsWith(root + sep);
		if (folder === dirname(folder)) return true;
	}
}
