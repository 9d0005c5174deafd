import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Finding} from '../../source/config/finding.js';
import {type Loaded, loadJob} from '../../source/config/load.js';

/** A job that has nothing wrong with it; `extra` comes below. */
export const sound = (extra = '') => `name: j
backend: {type: command, command: [node]}
batch: {size: 1, total_items: 2}
prompt: {template: x}
${extra}`;

/** Runs `use` in a fresh folder that is gone afterwards. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), 'mozart-config-'));
	try {
		return await use(folder);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

/** Loads a text as `job.yaml`. */
export const load = (text: string | Uint8Array, sets: string[] = []): Promise<Loaded> =>
	inFolder(async folder => {
		const file = join(folder, 'job.yaml');
		await writeFile(file, text);
		return loadJob(file, {sets});
	});

/** A finding as `line:column+length severity message`, with ` => mend`. */
export const brief = ({line, column, length, severity, message, mend}: Finding): string =>
	`${line}:${column}+${length} ${severity}: ${message}${mend === undefined ? '' : ` => ${mend}`}`;

/** What loading a text brings up. */
export const findingsOf = async (text: string | Uint8Array, sets: string[] = []): Promise<string[]> =>
	(await load(text, sets)).findings.map(brief);
