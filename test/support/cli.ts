import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

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

/** A folder in which `codex` and `gemini` are fake ones, which share one list of plays, and what they were asked. */
export class FakeClis {
	readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'mozart-clis-')));
	/** For the CLI's parent: the fake ones come first in PATH. */
	readonly env: Record<string, string>;

	constructor(plays: readonly Play[] = []) {
		for (const name of ['bin', 'calls']) mkdirSync(path.join(this.folder, name));
		const script = path.join(import.meta.dirname, 'fake-cli.mjs');
		for (const tool of ['codex', 'gemini']) this.install(tool, `exec '${process.execPath}' '${script}' ${tool} "$@"`);
		const searched = [path.join(this.folder, 'bin'), path.dirname(process.execPath), process.env.PATH ?? ''];
		this.env = {PATH: searched.join(path.delimiter), FAKE_CLI: this.folder, HOME: this.folder, TZ: 'UTC'};
		this.plays(plays);
	}

	/** Puts a program of one line of shell beside them. */
	install(name: string, line: string): void {
		writeFileSync(path.join(this.folder, 'bin', name), `#!/bin/sh\n${line}\n`, {mode: 0o755});
	}

	/** Writes a profile where a user of this home would have it. */
	profile(name: string, text: string): string {
		const folder = path.join(this.folder, '.config/mozart/profiles');
		mkdirSync(folder, {recursive: true});
		const file = path.join(folder, `${name}.yaml`);
		writeFileSync(file, text);
		return file;
	}

	plays(plays: readonly Play[]): void {
		writeFileSync(path.join(this.folder, 'plays.json'), JSON.stringify(plays));
	}

	/** All calls so far, in order. */
	calls(): Call[] {
		const numbers = readdirSync(path.join(this.folder, 'calls')).map(Number);
		return (
			numbers
				.toSorted((a, b) => a - b)
				.map(number => path.join(this.folder, 'calls', String(number), 'call.json'))
				// One that has just begun may not have told yet.
				.filter(file => existsSync(file))
				.map(file => JSON.parse(readFileSync(file, 'utf8')))
		);
	}

	remove(): void {
		rmSync(this.folder, {recursive: true, force: true});
	}
}
