import {Argument, type Command} from 'commander';
import type {Shell} from '../completion.js';
import type {Desk} from './desk.js';
import {force, json, whichJob} from './flags.js';

/** Commands around the work: mending, trying out, setting up. */
export function declareCare(program: Command, {perform, exitHelp}: Desk): void {
	program
		.command('recover')
		.description('check the rules of batches that were begun, complete those that pass; run nothing')
		.argument('<job>', whichJob)
		.option('--repair', 'mend damaged state first; the damaged file is kept')
		.addOption(force)
		.addOption(json)
		.action((job: string, flags: {repair?: boolean; force?: boolean; json?: boolean}) =>
			perform(flags, async context =>
				(await import('../recover.js')).recover(
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
			perform(flags, async context => (await import('../notify-test.js')).notifyTest(job, context)),
		);

	program
		.command('init')
		.description('write a job file to begin with')
		.argument('[file]', 'the job file to write; mozart.yaml when not given')
		.option('--force', 'also over a file that is there')
		.action((file: string | undefined, flags: {force?: boolean}) =>
			perform({}, async context => (await import('../init.js')).init(file, {force: flags.force ?? false}, context)),
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
				return (await import('../doctor.js')).doctor(file, place, context);
			}),
		);

	program
		.command('schema')
		.description('the JSON Schema of the job file, for editors')
		.option('--path', 'only the path of the file that holds it')
		.option('--webhook', 'the schema of what webhooks are sent, instead')
		.action((flags: {path?: boolean; webhook?: boolean}) =>
			perform({}, async context =>
				(await import('../schema.js')).schema({path: flags.path ?? false, webhook: flags.webhook ?? false}, context),
			),
		);

	program
		.command('completion')
		.description('a script by which a shell completes commands, flags and jobs')
		.addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
		.action((shell: Shell) =>
			perform({}, async context => (await import('../completion.js')).completion(shell, context)),
		);
}
