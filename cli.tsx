import {once} from 'node:events';
import {isatty} from 'node:tty';
import {CommanderError} from 'commander';
import packageJson from './package.json' with {type: 'json'};
import type {Context, Ending} from './source/commands/context.js';
import {createProgram} from './source/commands/program.js';
import {systemClock} from './source/engine/clock.js';
import {stripControls} from './source/process/sanitize.js';

/** What each ending means to a shell. */
const exitCodes: Record<Ending, number> = {done: 0, failed: 1, usage: 2, unfinished: 3, locked: 4};
const bug = 70;

const exitHelp = `
Exit codes:
  0   done: every batch that was asked for is completed or skipped; or it goes on without this command
  1   finished, and batches have failed; doctor: something that is needed is broken; notify test: not all was sent
  2   wrong use, a job file with errors, or a command that was refused
  3   paused, interrupted or stopped by trouble, with work left
  4   another program runs this job
  70  a bug in mozart`;

async function perform(flags: {json?: boolean}, action: (context: Context) => Promise<Ending>): Promise<void> {
	process.exitCode = exitCodes[await action(contextFor(flags))];
}

/** Without a command: the jobs, where a person can choose one. */
async function pickJob(): Promise<boolean> {
	const context = contextFor({});
	if (process.argv.length > 2 || !context.terminal) return false;
	if (!(await import('./source/commands/screen.js')).wantsScreen(context, {})) return false;
	await perform({}, async context => (await import('./source/commands/pick.js')).pick(context));
	return true;
}

function contextFor({json = false}: {json?: boolean}): Context {
	const terminal = isatty(0) && isatty(1);
	return {
		// What a child, a file or an item was called is data: on a terminal its control sequences must not act.
		out: line => void process.stdout.write(`${json ? line : stripControls(line)}\n`),
		err: line => void process.stderr.write(`${stripControls(line)}\n`),
		json,
		terminal,
		...(terminal && {ring: (bytes: string) => void process.stdout.write(bytes)}),
		leave: ending => process.exit(exitCodes[ending]),
		clock: systemClock,
		env: process.env,
		cwd: process.cwd(),
	};
}

async function writeOut(text: string | Uint8Array): Promise<void> {
	if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

function endUnread(): void {
	process.stdout.on('error', error => {
		if (isReaderGone(error)) process.exit(exitCodes.done);
	});
}

/** The other end is closed, or the terminal is gone: nobody is left who could miss anything. */
const isReaderGone = ({code}: NodeJS.ErrnoException) => code === 'EPIPE' || code === 'EIO';

/** What could not be written although somebody wants it (a full disk) is no success. */
function onUnwritten(error: NodeJS.ErrnoException): void {
	if (isReaderGone(error)) return;
	process.stdout.off('error', onUnwritten).on('error', () => {});
	process.stderr.write(`Not all could be printed: ${error.message}\n`);
	process.on('exit', code => {
		if (code === exitCodes.done) process.exitCode = exitCodes.unfinished;
	});
}

/** Something went wrong that nobody foresaw: said, and the end at once, whatever may still be under way. */
function endWithBug(error: unknown): never {
	process.stderr.write(`This is a bug in mozart ${packageJson.version}; please report it with the lines below.\n`);
	process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
	process.exit(bug);
}

// A reader that has gone away (a closed terminal, `| head`) must not end a run; what it would have read is lost.
process.stdout.on('error', onUnwritten);
process.stderr.on('error', () => {});
process.on('uncaughtException', endWithBug);

// Until a command has said how it ended: a program that runs out of work before that has a bug.
process.exitCode = bug;
const program = createProgram({perform, writeOut, endUnread, exitHelp});
const chosen = pickJob().then(picked => (picked ? undefined : program.parseAsync()));
chosen.catch(error => {
	if (!(error instanceof CommanderError)) endWithBug(error);
	process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
});
