import {once} from 'node:events';
import {isatty} from 'node:tty';
import {Argument, Command, CommanderError, Option} from 'commander';
import packageJson from './package.json' with {type: 'json'};
import type {AttachFlags} from './source/commands/attach.js';
import type {Shell} from './source/commands/completion.js';
import type {Context, Ending} from './source/commands/context.js';
import type {DigestFormat} from './source/commands/digest.js';
import type {RunFlags} from './source/commands/run.js';
import type {Wish} from './source/commands/steer.js';
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

const json = new Option('--json', 'answer as data, one JSON value a line');
const set = new Option('--set <a.b=value>', 'change a field of the job file for this job; may be repeated')
	.argParser((value: string, before: string[]) => [...before, value])
	.default([], 'none');

const program = new Command('mozart')
	.description(
		'Runs batches of AI command-line sessions, checks every result, and comes back after any crash. Without a command, on a terminal: your jobs, to attach to, to go on with or to look at.',
	)
	.version(packageJson.version, '-V, --version')
	.addHelpText('after', exitHelp)
	.configureHelp({showGlobalOptions: false})
	.showSuggestionAfterError()
	.exitOverride();

program
	.command('run')
	.description('run a job file, or go on with a job; failed batches are queued again')
	.argument('<file>', 'the job file, or a job that was run before')
	.option('-n, --dry-run', 'show the batches, their items and rules; run nothing')
	.option('-v, --verbose', 'with --dry-run: show each prompt too')
	.option('-s, --start-batch <n>', 'run only the batches from this one on')
	.option('--batches <list>', 'run only these batches, such as 3-7,9')
	.option('--fresh', 'begin anew; the state so far is kept aside')
	.option('--workspace <dir>', 'folder for the results, in place of the job file’s')
	.option('--max-parallel <n>', 'live batches at once, in place of the job file’s')
	.option('--force', 'take over a job that was locked on another host')
	.option('--no-tui', 'plain lines, no screen')
	.option('--screen-reader', 'lines that can be listened to, in place of a screen; the same keys steer')
	.option('--no-animation', 'a screen on which nothing turns, and clocks move every ten seconds')
	.option('--detach', 'start it without a terminal, and come back at once; then: mozart attach')
	.addOption(set)
	.addOption(json)
	.action((file: string, flags: RunFlags & {json?: boolean; dryRun?: boolean; verbose?: boolean}) =>
		perform(flags, async context => {
			if (!flags.dryRun) return (await import('./source/commands/run.js')).run(file, flags, 'run', context);
			return (await import('./source/commands/dry-run.js')).dryRun(file, flags, flags.verbose ?? false, context);
		}),
	);

program
	.command('resume')
	.description('go on with what a job has left, also where it runs and is paused; failed batches stay failed')
	.argument('<job>', 'id, beginning of an id, or job file')
	.option('-s, --start-batch <n>', 'run only the batches from this one on')
	.option('--batches <list>', 'run only these batches, such as 3-7,9')
	.option('--max-parallel <n>', 'live batches at once, in place of the job file’s')
	.option('--force', 'take over a job that was locked on another host')
	.option('--no-tui', 'plain lines, no screen')
	.option('--screen-reader', 'lines that can be listened to, in place of a screen; the same keys steer')
	.option('--no-animation', 'a screen on which nothing turns, and clocks move every ten seconds')
	.option('--detach', 'start it without a terminal, and come back at once; then: mozart attach')
	.addOption(set)
	.addOption(json)
	.action((job: string, flags: RunFlags & {json?: boolean}) =>
		perform(flags, async context => (await import('./source/commands/resume.js')).resume(job, flags, context)),
	);

program
	.command('attach')
	.description('the screen of a job that runs elsewhere; q or d leaves it, and the run goes on')
	.argument('<job>', 'id, beginning of an id, or job file')
	.option('--read-only', 'watch only; every command is refused')
	.option('--no-tui', 'plain lines, no screen')
	.option('--screen-reader', 'lines that can be listened to, in place of a screen; the same keys steer')
	.option('--no-animation', 'a screen on which nothing turns, and clocks move every ten seconds')
	.addOption(json)
	.action((job: string, {readOnly = false, ...flags}: Partial<AttachFlags> & {json?: boolean}) =>
		perform(flags, async context =>
			(await import('./source/commands/attach.js')).attach(job, {readOnly, ...flags}, context),
		),
	);

const steering = (name: Wish['type'], description: string, batch?: string) => {
	const command = program
		.command(name)
		.description(description)
		.argument('<job>', 'id, beginning of an id, or job file')
		.addOption(json);
	if (batch) command.argument(batch, 'a batch number');
	return command;
};
const steer = (job: string, wish: Wish, flags: {json?: boolean}) =>
	perform(flags, async context => (await import('./source/commands/steer.js')).steer(job, wish, context));

steering('pause', 'start nothing new in a job that runs; what runs is finished')
	.option('--now', 'end what runs too; it goes back to the queue')
	.action((job: string, {now = false, ...flags}: {now?: boolean; json?: boolean}) =>
		steer(job, {type: 'pause', now}, flags),
	);
steering('skip', 'do without a batch; an attempt that runs is ended', '<batch>').action(
	(job: string, batch: string, flags: {json?: boolean}) => steer(job, {type: 'skip', batch}, flags),
);
steering('retry', 'queue a batch again, or all that have failed or are held', '[batch]').action(
	(job: string, batch: string | undefined, flags: {json?: boolean}) =>
		steer(job, {type: 'retry', ...(batch !== undefined && {batch})}, flags),
);
steering(
	'cancel',
	'end a run for good, or the attempt of one batch, which is held until it is retried',
	'[batch]',
).action((job: string, batch: string | undefined, flags: {json?: boolean}) =>
	steer(job, {type: 'cancel', ...(batch !== undefined && {batch})}, flags),
);

program
	.command('validate')
	.description('look for mistakes in a job file; run nothing')
	.argument('<file>', 'the job file')
	.addOption(set)
	.addOption(json)
	.action((file: string, flags: {set: string[]; json?: boolean}) =>
		perform(flags, async context => (await import('./source/commands/validate.js')).validate(file, flags.set, context)),
	);

program
	.command('status')
	.description('how a job stands')
	.argument('[job]', 'id, beginning of an id, or job file')
	.option('-w, --watch', 'say it again whenever something changes, until the run is over')
	.option('-v, --verbose', 'a line for each batch')
	.addOption(json)
	.action((job: string | undefined, flags: {watch?: boolean; verbose?: boolean; json?: boolean}) =>
		perform(flags, async context => {
			endUnread();
			const {status} = await import('./source/commands/status.js');
			return status(job, {verbose: flags.verbose ?? false, watch: flags.watch ?? false}, context);
		}),
	);

program
	.command('digest')
	.description('how a job went: done, failed and why, spent, waited, slowest, and what to do next')
	.argument('<job>', 'id, beginning of an id, or job file')
	.addOption(new Option('--format <format>', 'how it is written').choices(['text', 'markdown', 'json']).default('text'))
	.action((job: string, {format}: {format: DigestFormat}) =>
		perform({json: format === 'json'}, async context => {
			endUnread();
			return (await import('./source/commands/digest.js')).digest(job, format, context);
		}),
	);

program
	.command('list')
	.description('all jobs')
	.addOption(
		new Option('--status <state>', 'only those that are in this state').choices([
			...['running', 'pausing', 'paused', 'stopping', 'completed', 'failed', 'cancelled'],
			...['interrupted', 'missing', 'unreadable'],
		]),
	)
	.addOption(json)
	.action((flags: {status?: string; json?: boolean}) =>
		perform(flags, async context => (await import('./source/commands/list.js')).list(flags, context)),
	);

program
	.command('logs')
	.description('what happened in a job, or everything the CLI printed for a batch')
	.argument('<job>', 'id, beginning of an id, or job file')
	.argument('[batch]', 'a batch number')
	.option('-f, --follow', 'go on as long as it runs')
	.option('--attempt <n>', 'an earlier attempt of the batch')
	.option('--raw', 'bytes as they were printed: control sequences, and events as JSON, too')
	.addOption(json)
	.action(
		(
			job: string,
			batch: string | undefined,
			flags: {follow?: boolean; attempt?: string; raw?: boolean; json?: boolean},
		) =>
			perform(flags, async context => {
				endUnread();
				const {logs} = await import('./source/commands/logs.js');
				const {follow = false, raw = false, attempt} = flags;
				return logs(job, batch, {follow, raw, ...(attempt !== undefined && {attempt}), write: writeOut}, context);
			}),
	);

program
	.command('recover')
	.description('check the rules of batches that were begun, complete those that pass; run nothing')
	.argument('<job>', 'id, beginning of an id, or job file')
	.option('--repair', 'mend a damaged journal first; the damaged file is kept')
	.option('--force', 'take over a job that was locked on another host')
	.addOption(json)
	.action((job: string, flags: {repair?: boolean; force?: boolean; json?: boolean}) =>
		perform(flags, async context =>
			(await import('./source/commands/recover.js')).recover(
				job,
				{repair: flags.repair ?? false, force: flags.force ?? false},
				context,
			),
		),
	);

const notify = program.command('notify').description('who is told of a job');
notify
	.command('test')
	.description('send a test message to everybody whom a job names, and tell how each went')
	.argument('<job>', 'id, beginning of an id, or job file')
	.addOption(json)
	.addHelpText('after', exitHelp)
	.action((job: string, flags: {json?: boolean}) =>
		perform(flags, async context => (await import('./source/commands/notify-test.js')).notifyTest(job, context)),
	);

program
	.command('init')
	.description('write a job file to begin with')
	.argument('[file]', 'the job file to write; mozart.yaml when not given')
	.option('--force', 'also over a file that is there')
	.action((file: string | undefined, flags: {force?: boolean}) =>
		perform({}, async context =>
			(await import('./source/commands/init.js')).init(file, {force: flags.force ?? false}, context),
		),
	);

program
	.command('doctor')
	.description(
		'look whether this machine has what runs need: the CLIs and their versions, the terminal, the state’s disk',
	)
	.argument('[file]', 'a job file, to look at what that job needs too')
	.addOption(json)
	.action((file: string | undefined, flags: {json?: boolean}) =>
		perform(flags, async context => {
			const {columns, rows, isTTY = false} = process.stdout;
			const colours = isTTY ? process.stdout.getColorDepth() : 1;
			const place = {
				node: process.versions.node,
				uid: process.getuid?.(),
				terminal: {isTerminal: context.terminal, columns, rows, colours},
			};
			return (await import('./source/commands/doctor.js')).doctor(file, place, context);
		}),
	);

program
	.command('schema')
	.description('the JSON Schema of the job file, for editors')
	.option('--path', 'only the path of the file that holds it')
	.option('--webhook', 'the schema of what webhooks are sent, instead')
	.action((flags: {path?: boolean; webhook?: boolean}) =>
		perform({}, async context =>
			(await import('./source/commands/schema.js')).schema(
				{path: flags.path ?? false, webhook: flags.webhook ?? false},
				context,
			),
		),
	);

program
	.command('completion')
	.description('a script by which a shell completes commands, flags and jobs')
	.addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
	.action((shell: Shell) =>
		perform({}, async context => (await import('./source/commands/completion.js')).completion(shell, context)),
	);

for (const command of program.commands) command.addHelpText('after', exitHelp);

program
	.command('complete-words', {hidden: true})
	.argument('[words...]')
	.action((words: string[]) =>
		perform({}, async context =>
			(await import('./source/commands/complete-words.js')).completeWords(program, words, context),
		),
	);

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

/** Waits while the reader is slow, so that a long log does not pile up in memory. */
async function writeOut(text: string | Uint8Array): Promise<void> {
	if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** For commands that only show something: without a reader they are done. */
function endUnread(): void {
	process.stdout.on('error', () => process.exit(exitCodes.done));
}

/** Something went wrong that nobody foresaw: said, and the end at once, whatever may still be under way. */
function endWithBug(error: unknown): never {
	process.stderr.write(`This is a bug in mozart ${packageJson.version}; please report it with the lines below.\n`);
	process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
	process.exit(bug);
}

// A reader that has gone away (a closed terminal, `| head`) must not end a run; what it would have read is lost.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
process.on('uncaughtException', endWithBug);

// Until a command has said how it ended: a program that runs out of work before that has a bug.
process.exitCode = bug;
const chosen = pickJob().then(picked => (picked ? undefined : program.parseAsync()));
chosen.catch(error => {
	if (!(error instanceof CommanderError)) endWithBug(error);
	process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
});
