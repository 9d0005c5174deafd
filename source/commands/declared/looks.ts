import {type Command, Option} from 'commander';
import type {DashboardFlags} from '../dashboard.js';
import type {DigestFormat} from '../digest.js';
import type {Desk} from './desk.js';
import {json, set, whichJob} from './flags.js';
import {declareHistory} from './history.js';

/** Commands that only look: at a job file, at jobs, and at what was. */
export function declareLooks(program: Command, desk: Desk): void {
	const {perform, writeOut, endUnread} = desk;
	program
		.command('validate')
		.description('look for mistakes in a job file; run nothing')
		.argument('<file>', 'the job file')
		.addOption(set)
		.addOption(json)
		.action((file: string, flags: {set: string[]; json?: boolean}) =>
			perform(flags, async context => (await import('../validate.js')).validate(file, flags.set, context)),
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
				const {status} = await import('../status.js');
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
				return (await import('../digest.js')).digest(job, context.json ? 'json' : format, context);
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
			perform(flags, async context => (await import('../list.js')).list(flags, context)),
		);

	declareHistory(program, desk);

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
					const {logs} = await import('../logs.js');
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
			perform(flags, async context => (await import('../dashboard.js')).dashboard(flags, context)),
		);
}
