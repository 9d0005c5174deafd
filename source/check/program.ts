import {constants} from 'node:fs';
import {access, stat} from 'node:fs/promises';
import path from 'node:path';
import type {Finding} from '../config/finding.js';
import {placeholdersIn} from '../core/placeholders.js';
import {fromFolder, type Subject, warning} from './subject.js';

/** Whether the program of a `command` backend can be found; only a warning, since a run may have another PATH. */
export async function checkProgram(subject: Subject, searched = process.env.PATH ?? ''): Promise<Finding[]> {
	const {backend} = subject.job;
	const program = backend.type === 'command' ? backend.command[0] : undefined;
	if (!subject.sound.has('backend') || program === undefined || placeholdersIn(program).length > 0) return [];
	const byPath = program.includes('/') || program.includes(path.sep);
	const folder = fromFolder(subject, backend.working_directory ?? '.');
	const places = byPath
		? [path.resolve(folder, program)]
		: searched.split(path.delimiter).map(part => path.join(part || '.', program));
	// Windows also tries endings such as .exe and .cmd: nothing can be said there.
	if (process.platform === 'win32') return [];
	for (const place of places) if (await runnable(place)) return [];
	const where = byPath
		? `is no program that can be run (looked at ${places[0]})`
		: 'is not found in any folder of PATH';
	return [warning(subject.document.placeOf(['backend', 'command', 0]), `${program} ${where}`)];
}

async function runnable(file: string): Promise<boolean> {
	try {
		await access(file, constants.X_OK);
		return (await stat(file)).isFile();
	} catch {
		return false;
	}
}
