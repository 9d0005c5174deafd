import {Command} from 'commander';
import packageJson from '../../package.json' with {type: 'json'};
import {declareCare} from './declared/care.js';
import type {Desk} from './declared/desk.js';
import {declareLooks} from './declared/looks.js';
import {declareRuns} from './declared/runs.js';
import {declareSteering} from './declared/steering.js';

/** All commands, their flags and their words, in the order of the help; each loads its code when it is asked for. */
export function createProgram(desk: Desk): Command {
	const {perform, exitHelp} = desk;
	const program = new Command('mozart')
		.description(
			'Runs batches of AI command-line sessions, checks every result, and comes back after any crash. Without a command, on a terminal: your jobs, to attach to, to go on with or to look at.',
		)
		.version(packageJson.version, '-V, --version')
		.addHelpText('after', exitHelp)
		.configureHelp({showGlobalOptions: false})
		.showSuggestionAfterError()
		.exitOverride();

	for (const declare of [declareRuns, declareSteering, declareLooks, declareCare]) declare(program, desk);
	for (const command of program.commands) command.addHelpText('after', exitHelp);

	program
		.command('complete-words', {hidden: true})
		.argument('[words...]')
		.action((words: string[]) =>
			perform({}, async context => (await import('./complete-words.js')).completeWords(program, words, context)),
		);

	return program;
}
