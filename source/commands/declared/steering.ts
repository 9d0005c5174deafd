import type {Command} from 'commander';
import type {Wish} from '../steer.js';
import type {Desk} from './desk.js';
import {json, whichJob} from './flags.js';

/** Commands that steer a job, whether it runs or not. */
export function declareSteering(program: Command, {perform}: Desk): void {
	const steering = (name: Wish['type'], description: string, batch?: string) => {
		const command = program.command(name).description(description).argument('<job>', whichJob).addOption(json);
		if (batch) command.argument(batch, 'a batch number');
		return command;
	};
	const steer = (job: string, wish: Wish, flags: {json?: boolean}) =>
		perform(flags, async context => (await import('../steer.js')).steer(job, wish, context));

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
}
