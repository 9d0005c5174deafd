import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {FakeHome} from './fake-home.js';

/** What a fake CLI does in one call. Without anything it answers well. */
export type Play = {
	/** A recorded run from `test/fixtures/codex` or `gemini`. */
	transcript?: string;
	exitCode?: number;
	/** Files to write, relative to the folder it runs in. */
	write?: Record<string, string>;
	/** It goes on after what it has printed. */
	hang?: boolean;
};

export type Call = {tool: string; argv: string[]; prompt: string; cwd: string; trust?: string};

/** A home with a fake `codex` and `gemini`, which share one list of plays, and what they were asked. */
export class FakeClis extends FakeHome<Play, Call> {
	constructor(plays: readonly Play[] = []) {
		super(plays);
		const script = path.join(import.meta.dirname, 'fake-cli.mjs');
		for (const tool of ['codex', 'gemini']) this.install(tool, `exec '${process.execPath}' '${script}' ${tool} "$@"`);
	}

	/** Writes a profile where a user of this home would have it. */
	profile(name: string, text: string): string {
		const folder = path.join(this.folder, '.config/mozart/profiles');
		mkdirSync(folder, {recursive: true});
		const file = path.join(folder, `${name}.yaml`);
		writeFileSync(file, text);
		return file;
	}
}
