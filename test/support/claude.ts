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

/** What the fake Claude Code does in one call. Without anything it says "Done." and is done. */
export type Play = {
	/** A recorded run from `test/fixtures/claude`, played to its end. */
	transcript?: string;
	exitCode?: number;
	/** Files to write or to add to, relative to the folder it runs in. */
	write?: Record<string, string>;
	append?: Record<string, string>;
	say?: string;
	costUsd?: number;
	/** It has lost the session it is asked to go on with. */
	forget?: boolean;
	/** It begins and is never done. */
	hang?: boolean;
};

export type Call = {argv: string[]; prompt: string; cwd: string; marker?: string};

/** A folder whose `claude` is a fake one, and what it was asked. */
export class FakeClaude {
	readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'mozart-claude-')));
	/** For the CLI's parent: the fake one comes first in PATH. */
	readonly env: Record<string, string>;

	constructor(plays: readonly Play[] = []) {
		for (const name of ['bin', 'calls', 'sessions']) mkdirSync(path.join(this.folder, name));
		const script = path.join(import.meta.dirname, 'fake-claude.mjs');
		const program = `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`;
		writeFileSync(path.join(this.folder, 'bin/claude'), program, {mode: 0o755});
		const searched = [path.join(this.folder, 'bin'), path.dirname(process.execPath), process.env.PATH ?? ''];
		this.env = {PATH: searched.join(path.delimiter), FAKE_CLAUDE: this.folder, HOME: this.folder, TZ: 'UTC'};
		this.plays(plays);
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

/** The value of an option of a call. */
export const optionOf = ({argv}: Call, name: string): string | undefined =>
	argv.includes(name) ? argv[argv.indexOf(name) + 1] : undefined;
