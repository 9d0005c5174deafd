import {mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';

/** Writes a file so that nobody ever sees half of it: the old one stays until the new one is whole. */
export function atomicWrite(file, content) {
	mkdirSync(path.dirname(file), {recursive: true});
	const draft = `${file}.${process.pid}.tmp`;
	try {
		writeFileSync(draft, content);
		renameSync(draft, file);
	} catch (error) {
		rmSync(draft, {force: true});
		throw error;
	}
}
