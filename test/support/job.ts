import {type Budget, type Job, jobSchema} from '../../source/config/schema.js';

type Overrides = {
	batches?: number;
	rules?: number;
	retry?: Partial<Job['retry']>;
	concurrency?: number;
	pause?: number;
	onFailure?: Job['on_batch_failure'];
	budget?: Partial<Budget>;
	/** CLIs beside the first; limits of more than a minute then move batches. */
	fallbacks?: number;
};

/** A job of one-item batches with `rules` rules that the test answers itself. No jitter, no pauses, unless asked for. */
export function makeJob({
	batches = 3,
	rules = 2,
	retry = {},
	concurrency = 1,
	pause = 0,
	onFailure = 'stop',
	budget,
	fallbacks = 0,
}: Overrides = {}): Job {
	return jobSchema.parse({
		name: 'test',
		backend: {
			...{type: 'command', command: ['true']},
			...(fallbacks > 0 && {
				fallbacks: Array.from({length: fallbacks}, (_, index) => ({type: 'command', command: [`other-${index + 1}`]})),
			}),
		},
		...(fallbacks > 0 && {rate_limit: {max_wait_minutes: 1}}),
		batch: {size: 1, total_items: batches},
		prompt: {template: 'do it'},
		retry: {jitter: false, ...retry},
		validations: Array.from({length: rules}, (_, index) => ({type: 'file_exists', path: `rule-${index}`})),
		on_batch_failure: onFailure,
		...(budget && {budget}),
		pause_between_batches_seconds: pause,
		parallel: {max_concurrent: concurrency},
	});
}
