import type {Command} from 'commander';
import type {HistoryFlags, Question} from '../history.js';
import type {Desk} from './desk.js';
import {json, whichJob} from './flags.js';

/** `mozart history`, and the questions that can be asked of it. */
export function declareHistory(program: Command, {perform, endUnread, exitHelp}: Desk): void {
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
					return (await import('../history.js')).history(question, job, flags, context);
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
			perform(self.optsWithGlobals(), async context => (await import('../history.js')).rebuildHistory(context)),
		);
}
