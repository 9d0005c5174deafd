import {accessSync, constants, readFileSync, type Stats, statSync} from 'node:fs';
import path from 'node:path';
import {errorWords} from '../config/error-words.js';

/** A program that could not be started at all. */
export type Unstartable = {
	type: 'unstartable';
	/** One sentence that names the program and what to do. */
	message: string;
	/** The system's own words. */
	raw: string;
	/** True when the same command may well start a little later: the system is short of something just now. */
	temporary: boolean;
};

export type Command = {argv: readonly string[]; cwd: string; env: Readonly<Record<string, string>>};

const temporaryCodes = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE', 'ETXTBSY']);

/** What the system cannot take at all, found before anything is started: no program, or a NUL character. */
export function refusal({argv, cwd, env}: Command): Unstartable | undefined {
	const refuse = (message: string): Unstartable => ({type: 'unstartable', message, raw: message, temporary: false});
	const [program] = argv;
	if (program === undefined || program === '')
		return refuse('The command is empty: write the program as its first word.');
	const word = argv.findIndex(text => text.includes('\0'));
	if (word >= 0) return refuse(`Word ${word + 1} of the command of ${program} holds a NUL character: take it out.`);
	if (cwd.includes('\0')) return refuse(`The folder that ${program} shall run in has a NUL character in its name.`);
	const variable = Object.entries(env).find(([name, value]) => name.includes('\0') || value.includes('\0'));
	if (variable) return refuse(`The environment variable ${JSON.stringify(variable[0])} holds a NUL character.`);
	return undefined;
}

/** Looks at the disk to find the reason behind the system's bare ENOENT or EACCES, and words it. */
export function explain(error: unknown, command: Command): Unstartable {
	const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
	const raw = errorWords(error).slice(0, 1_000);
	return {type: 'unstartable', message: sentence(code, raw, command), raw, temporary: temporaryCodes.has(code)};
}

function sentence(code: string, raw: string, {argv, cwd, env}: Command): string {
	const program = argv[0] ?? '';
	if (temporaryCodes.has(code))
		return `${program} could not be started just now, the system is short of something (${code}): try again when less is running.`;
	if (code === 'E2BIG') {
		const kilobytes = Math.ceil(Buffer.byteLength(argv.join(' ')) / 1024);
		return `The command of ${program} is too long for the system (${kilobytes} KB with its arguments): hand long text over on standard input or in a file.`;
	}
	const folder = look(cwd);
	if (folder === undefined)
		return `The folder ${cwd}, in which ${program} shall run, does not exist: make it, or name another.`;
	if (!folder.isDirectory()) return `${cwd}, in which ${program} shall run, is not a folder: name another.`;
	const found = locate(program, cwd, env.PATH);
	if (code === 'ENOENT' || code === 'ENOTDIR') return found ? interpreterMissing(found) : missing(program, cwd);
	if (code === 'EACCES' || code === 'EPERM') {
		if (!mayUse(cwd))
			return `The folder ${cwd}, in which ${program} shall run, may not be entered: check its permissions.`;
		if (found && look(found)?.isDirectory()) return `${found} is a folder, not a program: write the program itself.`;
		if (found && !mayUse(found))
			return `${found} is not executable: run chmod +x on it, or start it with its interpreter.`;
		return `The system does not allow to run ${program} (${code}): check the permissions of the file, its folders and its interpreter.`;
	}
	return `${program} could not be started: ${raw}`;
}

function missing(program: string, cwd: string): string {
	if (program.includes('/'))
		return `The program ${program} does not exist (looked for at ${path.resolve(cwd, program)}): correct the path.`;
	if (look(path.join(cwd, program))) return `The program ${program} is not in PATH, but in ${cwd}: write ./${program}.`;
	if (/\s/.test(program))
		return `There is no program named "${program}": write program and arguments as words of their own.`;
	return `The program ${program} was not found in PATH: install it, or write its full path.`;
}

function interpreterMissing(file: string): string {
	const [first = ''] = head(file).split('\n');
	const named = first.startsWith('#!') ? ` (${JSON.stringify(first.slice(0, 80))})` : '';
	return `${file} exists, but the interpreter that it names${named} does not: install that, or correct its first line.`;
}

function locate(program: string, cwd: string, searchPath = '/bin:/usr/bin'): string | undefined {
	if (program.includes('/')) return look(path.resolve(cwd, program)) && path.resolve(cwd, program);
	const candidates = searchPath.split(':').map(folder => path.resolve(cwd, folder, program));
	return candidates.find(file => look(file)?.isFile()) ?? candidates.find(look);
}

function look(file: string): Stats | undefined {
	try {
		return statSync(file);
	} catch {
		return undefined;
	}
}

function mayUse(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

function head(file: string): string {
	try {
		return readFileSync(file, 'latin1').slice(0, 200);
	} catch {
		return '';
	}
}
