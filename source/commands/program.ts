import {Argument, Command, Option} from 'commander';
import packageJson from '../../package.json' with {type: 'json'};
import type {AttachFlags} from './attach.js';
import type {Shell} from './completion.js';
import type {Context, Ending} from './context.js';
import type {DashboardFlags} from './dashboard.js';
import type {DigestFormat} from './digest.js';
import type {HistoryFlags, Question} from './history.js';
import type {RunFlags} from './run.js';
import type {Wish} from './steer.js';

/** What every command needs of the process that it runs in. */
export type Desk = {
	/** Runs a command in its context; how it ended becomes the exit code. */
	perform(flags: {json?: boolean}, action: (context: Context) => Promise<Ending>): Promise<void>;
	/** Waits while the reader is slow, so that a long log does not pile up in memory. */
	writeOut(text: string | Uint8Array): Promise<void>;
	/** For commands that only show something: without a reader they are done. */
	endUnread(): void;
	/** What the exit codes mean, below the help of every command. */
	exitHelp: string;
};

const json = new Option('--json', 'answer as data, one JSON value a line');
const set = new Option('--set <a.b=value>', 'change a field of the job file for this job; may be repeated')
	.argParser((value: string, before: string[]) => [...before, value])
	.default([], 'none');
const noTui = new Option('--no-tui', 'plain lines, no screen');
const screenReader = new Option(
	'--screen-reader',
	'lines that can be listened to, in place of a screen; the same keys steer',
);
const noAnimation = new Option('--no-animation', 'a screen on which nothing turns, and clocks move every ten seconds');
const startBatch = new Option('-s, --start-batch <n>', 'run only the batches from this one on');
const batches = new Option('--batches <list>', 'run only these batches, such as 3-7,9');
const maxParallel = new Option('--max-parallel <n>', 'live batches at once, in place of the job file’s');
const force = new Option('--force', 'take over a job that was locked on another host');
const detach = new Option('--detach', 'start it without a terminal, and come back at once; then: mozart attach');
const whichJob = 'id, beginning of an id, whole name, or job file';

/** All commands, their flags and their words; each loads its code when it is asked for. */
export function createProgram({perform, writeOut, endUnread, exitHelp}: Desk): Command {
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
		.addOption(startBatch)
		.addOption(batches)
		.option('--fresh', 'begin anew; the state so far is kept aside')
		.option('--workspace <dir>', 'folder for the results, in place of the job file’s')
		.addOption(maxParallel)
		.addOption(force)
		.addOption(noTui)
		.addOption(screenReader)
		.addOption(noAnimation)
		.addOption(detach)
		.addOption(set)
		.addOption(json)
		.action((file: string, flags: RunFlags & {json?: boolean; dryRun?: boolean; verbose?: boolean}) =>
			perform(flags, async context => {
				if (!flags.dryRun) return (await import('./run.js')).run(file, flags, 'run', context);
				return (await import('./dry-run.js')).dryRun(file, flags, flags.verbose ?? false, context);
			}),
		);

	program
		.command('resume')
		.description('go on with what a job has left, also where it runs and is paused; failed batches stay failed')
		.argument('<job>', whichJob)
		.addOption(startBatch)
		.addOption(batches)
		.addOption(maxParallel)
		.addOption(force)
		.addOption(noTui)
		.addOption(screenReader)
		.addOption(noAnimation)
		.addOption(detach)
		.addOption(set)
		.addOption(json)
		.action((job: string, flags: RunFlags & {json?: boolean}) =>
			perform(flags, async context => (await import('./resume.js')).resume(job, flags, context)),
		);

	program
		.command('attach')
		.description('the screen of a job that runs elsewhere; q or d leaves it, and the run goes on')
		.argument('<job>', whichJob)
		.option('--read-only', 'watch only; every command is refused')
		.addOption(noTui)
		.addOption(screenReader)
		.addOption(noAnimation)
		.addOption(json)
		.action((job: string, {readOnly = false, ...flags}: Partial<AttachFlags> & {json?: boolean}) =>
			perform(flags, async context => (await import('./attach.js')).attach(job, {readOnly, ...flags}, context)),
		);

	const steering = (name: Wish['type'], description: string, batch?: string) => {
		const command = program.command(name).description(description).argument('<job>', whichJob).addOption(json);
		if (batch) command.argument(batch, 'a batch number');
		return command;
	};
	const steer = (job: string, wish: Wish, flags: {json?: boolean}) =>
		perform(flags, async context => (await import('./steer.js')).steer(job, wish, context));

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
			perform(flags, async context => (await import('./validate.js')).validate(file, flags.set, context)),
		);

	program
		.command('status')
		.description('how a job stands')
		.argument('[job]', whichJob)
		.option('-w, --watch', 'say it again whenever something changes, until the run is over')
		.option('-v, --verbose', 'a line for each batch')
		.addOption(json)
		.action((job: string | undefined, flags: {watch?: boolean; verbose?: boolean; json?: boolean}) =>
			perform(flags, async context => {
				endUnread();
				const {status} = await import('./status.js');
				return status(job, {verbose: flags.verbose ?? false, watch: flags.watch ?? false}, context);
			}),
		);

	program
		.command('digest')
		.description('how a job went: done, failed and why, spent, waited, slowest, and what to do next')
		.argument('<job>', whichJob)
		.addOption(
			new Option('--format <format>', 'how it is written').choices(['text', 'markdown', 'json']).default('text'),
		)
		.addOption(json)
		.action((job: string, {format, json: asJson}: {format: DigestFormat; json?: boolean}) =>
			perform({json: asJson || format === 'json'}, async context => {
				endUnread();
				return (await import('./digest.js')).digest(job, context.json ? 'json' : format, context);
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
			perform(flags, async context => (await import('./list.js')).list(flags, context)),
		);

	const asked = (command: Command, question: Question) =>
		command
			.argument('[job]', whichJob)
			.option('--since <time>', 'only from then on: 7d, 12h, today, yesterday, or a date such as 2026-07-31')
			.option('--failed', 'only runs that have failed, or have failed batches')
			.option('--limit <n>', 'the most lines')
			.addOption(json)
			.action((job: string | undefined, _: object, self: Command) => {
				// A flag may stand before the question or behind it.
				const flags: HistoryFlags & {json?: boolean} = self.optsWithGlobals();
				return perform(flags, async context => {
					endUnread();
					return (await import('./history.js')).history(question, job, flags, context);
				});
			});
	const history = program.command('history').description('runs of all jobs so far, the last one first');
	asked(history, 'runs');
	const questions: readonly [string, string, Question][] = [
		['rules', 'how often each rule passes, and on the first try', 'rules'],
		['costs', 'cost, tokens and time of each day', 'costs'],
		['slowest', 'the batches that took longest', 'slowest'],
		['retries', 'why batches were tried again, waited or failed', 'retries'],
	];
	for (const [name, description, question] of questions)
		asked(history.command(name).description(description).addHelpText('after', exitHelp), question);
	history
		.command('rebuild')
		.description('tell the history anew from the journals of all jobs')
		.addOption(json)
		.addHelpText('after', exitHelp)
		.action((_: object, self: Command) =>
			perform(self.optsWithGlobals(), async context => (await import('./history.js')).rebuildHistory(context)),
		);

	program
		.command('logs')
		.description('what happened in a job, or everything the CLI printed for a batch')
		.argument('<job>', whichJob)
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
					const {logs} = await import('./logs.js');
					const {follow = false, raw = false, attempt} = flags;
					return logs(job, batch, {follow, raw, ...(attempt !== undefined && {attempt}), write: writeOut}, context);
				}),
		);

	program
		.command('dashboard')
		.description('a page and an API for all jobs of this user, wherever they run; until Ctrl-C')
		.option('-p, --port <port>', 'where it listens; 4747 when not given, or any that is free; 0: any that is free')
		.option(
			'--host <address>',
			'which address of this machine; 127.0.0.1 when not given. One that others can reach takes a password, from MOZART_DASHBOARD_PASSWORD',
		)
		.option('--name <name>', 'a name by which a server with TLS before it is reached; takes the password too')
		.addOption(json)
		.action((flags: DashboardFlags & {json?: boolean}) =>
			perform(flags, async context => (await import('./dashboard.js')).dashboard(flags, context)),
		);

	program
		.command('recover')
		.description('check the rules of batches that were begun, complete those that pass; run nothing')
		.argument('<job>', whichJob)
		.option('--repair', 'mend damaged state first; the damaged file is kept')
		.addOption(force)
		.addOption(json)
		.action((job: string, flags: {repair?: boolean; force?: boolean; json?: boolean}) =>
			perform(flags, async context =>
				(await import('./recover.js')).recover(
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
		.argument('<job>', whichJob)
		.addOption(json)
		.addHelpText('after', exitHelp)
		.action((job: string, flags: {json?: boolean}) =>
			perform(flags, async context => (await import('./notify-test.js')).notifyTest(job, context)),
		);

	program
		.command('init')
		.description('write a job file to begin with')
		.argument('[file]', 'the job file to write; mozart.yaml when not given')
		.option('--force', 'also over a file that is there')
		.action((file: string | undefined, flags: {force?: boolean}) =>
			perform({}, async context => (await import('./init.js')).init(file, {force: flags.force ?? false}, context)),
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
				return (await import('./doctor.js')).doctor(file, place, context);
			}),
		);

	program
		.command('schema')
		.description('the JSON Schema of the job file, for editors')
		.option('--path', 'only the path of the file that holds it')
		.option('--webhook', 'the schema of what webhooks are sent, instead')
		.action((flags: {path?: boolean; webhook?: boolean}) =>
			perform({}, async context =>
				(await import('./schema.js')).schema({path: flags.path ?? false, webhook: flags.webhook ?? false}, context),
			),
		);

	program
		.command('completion')
		.description('a script by which a shell completes commands, flags and jobs')
		.addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
		.action((shell: Shell) =>
			perform({}, async context => (await import('./completion.js')).completion(shell, context)),
		);

	for (const command of program.commands) command.addHelpText('after', exitHelp);

	program
		.command('complete-words', {hidden: true})
		.argument('[words...]')
		.action((words: string[]) =>
			perform({}, async context => (await import('./complete-words.js')).completeWords(program, words, context)),
		);

	return program;
}
