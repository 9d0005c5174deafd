import type {Command} from 'commander';
import type {AttachFlags} from '../attach.js';
import type {RunFlags} from '../run.js';
import type {Desk} from './desk.js';
import {running, selecting, showing, whichJob, withFlags} from './flags.js';

/** Commands that run a job, or show a run. */
export function declareRuns(program: Command, {perform}: Desk): void {
	const run = program
		.command('run')
		.description('run a job file, or go on with a job; failed batches are queued again')
		.argument('<file>', 'the job file, or a job that was run before')
		.option('-n, --dry-run', 'show the batches, their items and rules; run nothing')
		.option('-v, --verbose', 'with --dry-run: show each prompt too');
	withFlags(run, selecting)
		.option('--fresh', 'begin anew; the state so far is kept aside')
		.option('--workspace <dir>', 'folder for the results, in place of the job file’s');
	withFlags(run, running).action(
		(file: string, flags: RunFlags & {json?: boolean; dryRun?: boolean; verbose?: boolean}) =>
			perform(flags, async context => {
				if (!flags.dryRun) return (await import('../run.js')).run(file, flags, 'run', context);
				return (await import('../dry-run.js')).dryRun(file, flags, flags.verbose ?? false, context);
			}),
	);

	const resume = program
		.command('resume')
		.description('go on with what a job has left, also where it runs and is paused; failed batches stay failed')
		.argument('<job>', whichJob);
	withFlags(resume, [...selecting, ...running]).action((job: string, flags: RunFlags & {json?: boolean}) =>
		perform(flags, async context => (await import('../resume.js')).resume(job, flags, context)),
	);

	const attach = program
		.command('attach')
		.description('the screen of a job that runs elsewhere; q or d leaves it, and the run goes on')
		.argument('<job>', whichJob)
		.option('--read-only', 'watch only; every command is refused');
	withFlags(attach, showing).action(
		(job: string, {readOnly = false, ...flags}: Partial<AttachFlags> & {json?: boolean}) =>
			perform(flags, async context => (await import('../attach.js')).attach(job, {readOnly, ...flags}, context)),
	);
}
