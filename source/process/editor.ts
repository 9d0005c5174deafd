import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {accessSync, constants} from 'node:fs';
import {basename, join} from 'node:path';
import {endTree} from './tree.js';

type Env = Readonly<Record<string, string | undefined>>;

/** An editor that has the terminal. */
export type OpenEditor = {
	/** Resolves when it is closed: undefined when all is well, else a sentence. */
	closed: Promise<string | undefined>;
	/** Ends it, with all it has started: the terminal is needed, or gone. Resolves when none of that has the terminal any more. */
	end(): Promise<void>;
};

/** How long it has to put its terminal in order, ms. */
const graceMs = 1000;

/** What people have where nothing was chosen. */
const usual = ['vi', 'nano'];

/** The person's editor as words for the shell, which may hold arguments (`code --wait`); undefined where there is none. */
export function editorOf(env: Env): string | undefined {
	return [env.VISUAL, env.EDITOR].find(words => words?.trim()) ?? usual.find(name => isProgram(name, env));
}

const isProgram = (name: string, {PATH = ''}: Env) =>
	PATH.split(':').some(folder => {
		try {
			accessSync(join(folder, name), constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});

/** Opens a file in the editor, as git does: the shell splits its words, and the file comes last. The terminal must be free. */
export function openEditor(words: string, file: string, env: Env): OpenEditor {
	// A Ctrl-C is the editor's own: the shell before it must outlive that. What it has trapped, the editor has not.
	const script = `trap : INT\n${words} "$@"`;
	const child = spawn('/bin/sh', ['-c', script, words, file], {env: {...env}, stdio: 'inherit'});
	const exited = once(child, 'exit').then(
		([code, signal]) => wordsFor(words, code, signal),
		(error: Error) => `${words} could not be started: ${error.message}`,
	);
	let ending: Promise<unknown> | undefined;
	return {
		closed: exited.then(async problem => {
			// The shell between us and it ends before it does.
			await ending;
			return problem;
		}),
		async end() {
			if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
				ending ??= endTree({pid: child.pid}, {graceMs});
			await ending;
		},
	};
}

function wordsFor(words: string, code: number | null, signal: string | null): string | undefined {
	if (code === 0) return undefined;
	if (code === 127) return `The editor “${words}” was not found: set VISUAL or EDITOR to one that is there.`;
	const name = basename(words.trim().split(/\s+/)[0] ?? words);
	return `${name} has ended ${code === null ? `by ${signal}` : `with code ${code}`}: nothing is taken.`;
}
