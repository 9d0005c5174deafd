import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {done, type JobOptions, writeJob} from '../program/jobs.js';
import {type Desk, launcher, withDesk} from '../program/program.js';
import {Terminal, type TerminalOptions} from '../support/terminal.js';

/** A batch that says that it works, and is done as soon as the test lets it. */
export const gated = `echo "working on $1"; until [ -e "go-$1" ]; do sleep 0.02; done; ${done}`;

export const letGo = (desk: Desk, ...batches: number[]): void => {
	for (const batch of batches) writeFileSync(desk.at(`go-${batch}`), '');
};

type Options = Partial<Omit<TerminalOptions, 'cwd'>> & {
	job?: JobOptions;
	words?: readonly string[];
	/** Another program, which runs `work.yaml` too. */
	command?: readonly string[];
	/** A shell that tells the exit code, and how the program has left the terminal. */
	inShell?: boolean;
};

/** Runs `work.yaml` in a terminal of its own. */
export async function inTerminal(
	{
		job = {},
		words = ['run', 'work.yaml'],
		command = [process.execPath, launcher, ...words],
		inShell = false,
		env = {},
		...options
	}: Options,
	story: (terminal: Terminal, desk: Desk) => Promise<void>,
): Promise<void> {
	await withDesk(async desk => {
		writeJob(desk, job);
		const [file = '', ...args] = inShell
			? ['/bin/sh', '-c', '"$@"; echo "code $?"; stty -a', 'sh', ...command]
			: command;
		const terminal = new Terminal(file, args, {...options, cwd: desk.jobs, env: {...desk.env, ...env}});
		try {
			await story(terminal, desk);
		} finally {
			await terminal.close();
		}
	});
}

/** The terminal is as it was: main screen, cursor, modes, and, where a shell tells it, line editing and echo. */
export async function isGivenBack(terminal: Terminal): Promise<void> {
	await terminal.ended;
	assert.equal(terminal.isAlternate, false);
	assert.deepEqual(terminal.changedModes, []);
	const settings = /speed \d+ baud.*/s.exec(terminal.scrollback)?.[0];
	if (settings === undefined) return;
	for (const setting of ['icanon', 'echo', 'isig', 'icrnl', 'opost']) {
		assert.match(settings, new RegExp(`(?<![-\\w])${setting}\\b`), settings);
	}
}
