import type {Batch, Run} from '../../core/run.js';

/** A command as a form sends it: the fields of a wish. */
export type Fields = Readonly<Record<string, string | number | boolean>>;

/** Something that a person can do here: a button, or a question before it. */
export type Act = {
	/** What stands on the button; of one that asks, it ends with an ellipsis. */
	label: string;
	/** The key that does the same, as on the screen. */
	key?: string;
	/** What follows the label, where that is too short to say what it does; read out, not shown. */
	says?: string;
	/** It ends paid work. */
	isGrave?: boolean;
} & ({fields: Fields} | {question: string; answers: readonly {label: string; fields: Fields; isGrave?: boolean}[]});

const asking = (label: string, question: string, yes: string, fields: Fields, key: string): Act => ({
	...{label, key, isGrave: true, question},
	answers: [{label: yes, fields, isGrave: true}],
});

/** What can be done with a job: fewer things than may be asked for, so that a button is seldom refused. */
export function jobActs(run: Run, {isRun, left, running}: {isRun: boolean; left: number; running: number}): Act[] {
	const goOn: Act = {label: 'Go on', key: 'p', fields: {type: 'resume'}};
	// No program could go on: that takes one of its own.
	if (!isRun) return [];
	const drain = {type: 'stop', mode: 'drain'};
	const now = {type: 'stop', mode: 'now'};
	const stop: Act =
		running > 0
			? {
					...{label: 'Stop…', key: 'q', isGrave: true, question: 'Batches are under way. End the run?'},
					answers: [
						{label: 'Finish them, then end the run', fields: drain},
						{label: 'Stop them now and end the run', fields: now, isGrave: true},
					],
				}
			: {
					...{
						label: 'Stop…',
						key: 'q',
						isGrave: true,
						question: 'End the run? What is left can be gone on with later.',
					},
					answers: [{label: 'End the run', fields: drain, isGrave: true}],
				};
	const pauseNow = asking(
		'Pause now…',
		'End what runs and pause? It goes back to the queue.',
		'End it and pause',
		{type: 'pause', mode: 'now'},
		'P',
	);
	const slots = (label: string, key: string, concurrency: number, says: string): Act[] =>
		concurrency < 1 ? [] : [{label, key, says, fields: {type: 'set-concurrency', concurrency}}];
	const {concurrency} = run;
	const atOnce = [
		...slots('+1', '+', concurrency + 1, `batch at once: ${concurrency + 1}`),
		...slots('−1', '-', concurrency - 1, `batch at once: ${concurrency - 1}`),
	];
	const pause: Act = {label: 'Pause', key: 'p', fields: {type: 'pause', mode: 'drain'}};
	switch (run.phase) {
		case 'running':
			return [...atOnce, pause, ...(running > 0 ? [pauseNow] : []), stop];
		case 'paused':
			return [...atOnce, goOn, ...(running > 0 ? [pauseNow] : []), stop];
		case 'stopping':
			return running > 0 ? [asking('Stop now…', 'End what runs and end the run?', 'Stop it now', now, 'q')] : [];
		case 'ended':
			return left > 0 ? [goOn] : [];
	}
}

/** What can be done with a batch. */
export function batchActs(batch: Batch, run: Run): Act[] {
	const {number, attempt} = batch;
	const mine = {batch: number};
	const retry: Act = {label: 'Retry', key: 'r', fields: {type: 'retry', ...mine}};
	const skip: Act = {label: 'Skip', key: 's', fields: {type: 'skip', ...mine, ...(attempt > 0 && {attempt})}};
	const recheck: readonly Act[] =
		run.job.validations.length > 0 && attempt > 0
			? [{label: 'Check its rules', fields: {type: 'recheck', ...mine}}]
			: [];
	switch (batch.status) {
		case 'pending':
			return [skip, {label: 'Hold', key: 'x', fields: {type: 'hold', ...mine}}, ...recheck];
		case 'running':
			return [
				asking(
					'Stop…',
					`End attempt ${attempt} of batch ${number} and hold it?`,
					'End it and hold the batch',
					{type: 'hold', ...mine, attempt},
					'x',
				),
				asking(
					'Skip…',
					`Batch ${number} is running. End it and skip it?`,
					'End it and skip the batch',
					{type: 'skip', ...mine, attempt},
					's',
				),
			];
		case 'waiting':
			return [
				{label: 'End its wait', key: 'w', fields: {type: 'end-wait', ...mine}},
				{label: 'Hold', key: 'x', fields: {type: 'hold', ...mine, attempt}},
				skip,
			];
		case 'held':
			return [{...retry, label: 'Go on with it'}, skip, ...recheck];
		case 'failed':
			return [retry, skip, ...recheck];
		case 'completed':
			return [
				asking(
					'Run again…',
					`Batch ${number} is completed. Run it again?`,
					'Run it again',
					{type: 'retry', ...mine},
					'r',
				),
			];
		case 'skipped':
			return [retry];
		case 'stopping':
		case 'rechecking':
			return [];
	}
}
