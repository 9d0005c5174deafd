import {access, constants, lstat, realpath, stat} from 'node:fs/promises';
import {dirname, isAbsolute, relative, resolve, sep} from 'node:path';
import {expand, type Placeholders} from '../../core/placeholders.js';
import {isState} from './tools/way.js';

/** Where the reply of a batch goes, absolute; a sentence where it may not go there. A relative path begins in the workspace. */
export function outputFile(written: string, placeholders: Placeholders): {file: string} | {problem: string} {
	const {workspace = ''} = placeholders;
	const file = resolve(workspace, expand(written, placeholders));
	const inside = relative(workspace, file);
	const shown = `backend.output.file is ${file}`;
	if (inside === '' || /[/\\]$/.test(written)) return {problem: `${shown}, which is a folder: name a file in it.`};
	if (isAbsolute(inside) || inside.split(sep)[0] === '..')
		return {problem: `${shown}, which is not in the workspace ${workspace}: an API may write there only.`};
	if (inside.split(sep).some(isState)) return {problem: `${shown}, among Mozart’s own files: name another place.`};
	return {file};
}

/**
 * Why a reply cannot go into this file as the disk is now, as a sentence; undefined where it can. Looked at before anything
 * is paid for, and once more before it is written.
 */
export async function unfitOutput(file: string, workspace: string): Promise<string | undefined> {
	const shown = `${file} (backend.output.file)`;
	const root = await realpath(workspace).catch(() => workspace);
	const {folder, real} = await nearest(dirname(file));
	const inside = relative(root, real);
	if (isAbsolute(inside) || inside.split(sep)[0] === '..') return `A link leads ${shown} out of the workspace.`;
	if (inside.split(sep).some(isState)) return `A link leads ${shown} among Mozart’s own files: name another place.`;
	const found = await lstat(file).catch(() => undefined);
	if (found?.isDirectory()) return `There is a folder at ${shown}: name another file.`;
	if (!(await isFolder(folder))) return `${folder} is no folder, so ${shown} cannot lie in it: name another place.`;
	const isWritable = await access(folder, constants.W_OK).then(
		() => true,
		() => false,
	);
	return isWritable ? undefined : `The folder ${folder}, where ${shown} would be, cannot be written to.`;
}

const isFolder = (folder: string): Promise<boolean> =>
	stat(folder).then(
		found => found.isDirectory(),
		() => false,
	);

/** The folder, or the nearest above it that is there. */
async function nearest(folder: string): Promise<{folder: string; real: string}> {
	const real = await realpath(folder).catch(() => undefined);
	if (real !== undefined || folder === dirname(folder)) return {folder, real: real ?? folder};
	return nearest(dirname(folder));
}
