import {stat, writeFile} from 'node:fs/promises';
import {dirname, join, parse, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import type {Context, Ending} from './context.js';
import {schemaFile} from './schema.js';
import {starterJob} from './starter-job.js';

const defaultFile = 'mozart.yaml';

/** `mozart init [FILE]`: writes a job to begin with. Never over a file that is there, unless `force`; makes no folders. */
export async function init(given: string | undefined, {force}: {force: boolean}, context: Context): Promise<Ending> {
	const shown = given ?? defaultFile;
	const file = resolve(context.cwd, shown);
	const stem = parse(file).name;
	const text = starterJob({
		name: given === undefined || stem === 'mozart' ? 'first-job' : stem,
		// A URL, because editors read the path only up to its first space.
		schema: pathToFileURL(schemaFile).href,
	});
	try {
		await writeFile(file, text, {flag: force ? 'w' : 'wx'});
	} catch (error) {
		context.err(await whyNot(error, file, shown));
		return 'usage';
	}
	const name = quoted(shown);
	context.out(`${shown} is written: a small job for Claude Code that can run as it is. Make it yours, then:\n`);
	context.out(`  mozart validate ${name}   look for mistakes, run nothing`);
	context.out(`  mozart run -n ${name}     show the batches, run nothing`);
	context.out(`  mozart run ${name}        run it`);
	return 'done';
}

async function whyNot(error: unknown, file: string, shown: string): Promise<string> {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	const there = await stat(file).catch(() => undefined);
	if (there?.isDirectory())
		return `${shown} is a folder: name the file, such as mozart init ${quoted(join(shown, defaultFile))}`;
	if (code === 'EEXIST')
		return `${shown} is there already and was left as it is. Give another name (mozart init other.yaml), or replace it: mozart init --force ${quoted(shown)}`;
	if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
		return `${shown} cannot be written: you may not write ${there ? 'it' : `into ${dirname(file)}`}. Name a file in a folder of your own.`;
	if (code === 'ENOENT' || code === 'ENOTDIR') {
		const folder = await stat(dirname(file)).catch(() => undefined);
		if (folder?.isDirectory())
			return `${shown} cannot be written: ${dirname(file)} takes no files. Name a file in a folder of your own.`;
		return folder
			? `${shown} cannot be written: ${dirname(file)} is a file and no folder. Name another place.`
			: `${shown} cannot be written: there is no folder ${dirname(file)}. Make it first.`;
	}
	if (code === undefined) throw error;
	return `${shown} cannot be written: ${(error as Error).message}`;
}

/** As a shell takes it. */
const quoted = (text: string) => (/^[\w./~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
