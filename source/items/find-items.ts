import {glob, readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import type {ItemSource} from '../config/schema.js';
import {expand, type Placeholders} from '../core/placeholders.js';
import type {Mask} from '../process/mask.js';
import {runProcess} from '../process/run.js';

/** Item lists longer than this are taken for a mistake. */
const mostItems = 1_000_000;
const timeoutMs = 120_000;

type Surroundings = {
	folder: string;
	placeholders: Placeholders;
	env: Readonly<Record<string, string>>;
	mask?: Mask | undefined;
};

export type FoundItems = {items: string[]} | {problem: string};

/**
 * The named items of a job, in order: the lines of a file, the files of a glob (sorted), or the lines that a command
 * prints. Blank lines are no items. `folder` is the job file's; a command's words may hold prompt variables.
 */
export async function findItems(source: ItemSource, {folder, ...surroundings}: Surroundings): Promise<FoundItems> {
	const found = await readItems(source, folder, surroundings);
	if ('problem' in found) return found;
	const {items} = found;
	if (items.length === 0) return {problem: `batch.items: ${describe(source)} gives no items`};
	if (items.length > mostItems) {
		return {problem: `batch.items: ${describe(source)} gives ${items.length} items; at most ${mostItems} are taken`};
	}
	return found;
}

async function readItems(
	source: ItemSource,
	folder: string,
	{placeholders, ...shielded}: Omit<Surroundings, 'folder'>,
): Promise<FoundItems> {
	if (source.command)
		return runForItems(
			source.command.map(word => expand(word, placeholders)),
			folder,
			shielded,
		);
	if (source.glob !== undefined) {
		const items: string[] = [];
		for await (const entry of glob(source.glob, {cwd: folder, withFileTypes: false})) items.push(entry);
		return {items: items.sort()};
	}
	const file = resolve(folder, source.file ?? '');
	try {
		return {items: linesOf(await readFile(file, 'utf8'))};
	} catch (error) {
		return {problem: `batch.items.file: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`};
	}
}

async function runForItems(
	argv: readonly string[],
	cwd: string,
	{env, mask}: Pick<Surroundings, 'env' | 'mask'>,
): Promise<FoundItems> {
	let text = '';
	const result = await runProcess({
		argv,
		cwd,
		env,
		mask,
		timeoutMs,
		onOutput: output => {
			if (output.stream === 'stdout') text += output.text;
		},
	});
	const command = argv.join(' ');
	switch (result.type) {
		case 'not-started':
			return {problem: `batch.items.command: \`${command}\` was not started`};
		case 'unstartable':
			return {problem: `batch.items.command: ${result.message}`};
		case 'exited': {
			if (result.exitCode === 0) return {items: linesOf(text)};
			const how = result.timedOut
				? `was not done after ${timeoutMs / 1000} s`
				: `ended with ${result.exitCode === undefined ? result.endedBy : `exit code ${result.exitCode}`}`;
			const said = result.tails.stderr.trim();
			return {problem: `batch.items.command: \`${command}\` ${how}${said ? `: ${said}` : ''}`};
		}
	}
}

const linesOf = (text: string): string[] =>
	text
		.split('\n')
		.map(line => line.trim())
		.filter(line => line !== '');

const describe = (source: ItemSource) =>
	source.command ? `\`${source.command.join(' ')}\`` : (source.glob ?? source.file ?? '');
