import {constants} from 'node:fs';
import {access, stat} from 'node:fs/promises';
import path from 'node:path';
import {rootWarning} from '../backends/claude/root-warning.js';
import {programOf} from '../backends/profile/command.js';
import {profileOf} from '../backends/profiles.js';
import {type Backend, folderOf} from '../config/backend-schema.js';
import type {Path} from '../config/document.js';
import type {Finding} from '../config/finding.js';
import {placeholdersIn} from '../core/placeholders.js';
import {childEnvironment} from '../process/environment.js';
import {backendsOf} from './backends.js';
import {fromFolder, type Subject, warning} from './subject.js';

/** What the run will meet when it starts the CLI, as warnings only: a run may have another PATH and another user. */
export async function checkProgram(subject: Subject, surroundings: Surroundings = process): Promise<Finding[]> {
	const found = await Promise.all(
		backendsOf(subject).map(({path, settings}) => findingsOf(subject, path, settings, surroundings)),
	);
	return found.flat();
}

async function findingsOf(
	subject: Subject,
	at: Path,
	backend: Backend,
	surroundings: Surroundings,
): Promise<Finding[]> {
	const profile = profileOf(backend);
	const program = backend.type === 'command' ? backend.command[0] : profile && programOf(profile);
	if (!program || placeholdersIn(program).length > 0) return [];
	const place = subject.document.placeOf(backend.type === 'command' ? [...at, 'command', 0] : at);
	const folder = fromFolder(subject, folderOf(backend));
	const env = childEnvironment(surroundings.env, backend);
	const missing = await missingProgram(program, folder, env);
	const asRoot = rootWarning(backend, surroundings.getuid?.(), env);
	const install = profile?.install === undefined ? '' : `; ${profile.install}`;
	return [...(missing ? [`${missing}${install}`] : []), ...(asRoot ? [asRoot] : [])].map(text => warning(place, text));
}

/** What is looked at: who runs this, and with which environment. */
export type Surroundings = {env: Environment; getuid?: (() => number) | undefined};
type Environment = Readonly<Record<string, string | undefined>>;

/** Why a program cannot be started from a folder, or undefined where it can be. */
export async function missingProgram(program: string, folder: string, env: Environment): Promise<string | undefined> {
	// Windows also tries endings such as .exe and .cmd: nothing can be said there.
	if (process.platform === 'win32') return undefined;
	const byPath = program.includes('/') || program.includes(path.sep);
	const places = byPath
		? [path.resolve(folder, program)]
		: (env.PATH ?? '').split(path.delimiter).map(part => path.join(part || '.', program));
	for (const place of places) if (await runnable(place)) return undefined;
	return byPath
		? `${program} is no program that can be run (looked at ${places[0]})`
		: `${program} is not found in any folder of PATH`;
}

async function runnable(file: string): Promise<boolean> {
	try {
		await access(file, constants.X_OK);
		return (await stat(file)).isFile();
	} catch {
		return false;
	}
}
