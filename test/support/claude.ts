import {mkdirSync} from 'node:fs';
import path from 'node:path';
import {FakeHome} from './fake-home.js';

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

/** A home with a fake `claude`, and what it was asked. */
export class FakeClaude extends FakeHome<Play, Call> {
	constructor(plays: readonly Play[] = []) {
		super(plays);
		mkdirSync(path.join(this.folder, 'sessions'));
		const script = path.join(import.meta.dirname, 'fake-claude.mjs');
		this.install('claude', `exec '${process.execPath}' '${script}' "$@"`);
	}
}

/** The value of an option of a call. */
export const optionOf = ({argv}: Call, name: string): string | undefined =>
	argv.includes(name) ? argv[argv.indexOf(name) + 1] : undefined;
