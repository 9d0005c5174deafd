import {readdir, readFile} from 'node:fs/promises';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {isAlive} from '../process/identity.js';
import type {Owner} from './lock.js';
export type {Owner};
export const lockOwner = async (folder: string): Promise<Owner | undefined> => {
	try {
		const top = (await readdir(folder)).flatMap(name => /^lock\.(\d+)$/.exec(name)?.[1] ?? []).map(Number).sort((a, b) => b - a)[0];
		const content = JSON.parse(await readFile(join(folder, `lock.${top}`), 'utf8'));
		return !content.released && (content.host !== hostname() || isAlive(content)) ? content : undefined;
	} catch { return undefined; }
};
