import * as z from 'zod';
import {backendSchema} from './backend-schema.js';
import {atLeastOne, exactlyOne} from './exactly-one.js';
import {notificationSchema} from './notifications.js';
import {path} from './path-field.js';

/**
 * The job file, declared once: every field, its type, default and meaning. Everything else (types, error texts, the
 * JSON Schema) is derived from here. Field names are the YAML's own, so that a job reads the same in the file and in
 * the code. All durations are in the unit that the name says.
 */

const seconds = (description: string) => z.number().min(0).describe(`${description} Seconds, 0 or more.`);
const count = (description: string) => z.number().int().min(0).describe(description);

const description = z.string().optional().describe('What the rule is for, in your words; shown with its verdict.');
const watchedPath = path(
	'A file in the workspace. May hold placeholders: {workspace} {job_folder} {batch_num} {total_batches} {start_item} {end_item} {items} and your prompt variables.',
);

/** What a finished batch looks like, one rule each. */
export const ruleSchema = z.discriminatedUnion('type', [
	z.strictObject({type: z.literal('file_exists').describe('The file must be there.'), path: watchedPath, description}),
	z.strictObject({
		type: z.literal('file_modified').describe('The file must differ from how it was before the batch’s first attempt.'),
		path: watchedPath,
		description,
	}),
	z.strictObject({
		type: z.literal('content_contains').describe('The file must contain a text.'),
		path: watchedPath,
		pattern: z.string().min(1).describe('Text that the file must contain, letter by letter. May hold placeholders.'),
		description,
	}),
	z.strictObject({
		type: z.literal('content_regex').describe('The file must match a regular expression.'),
		path: watchedPath,
		pattern: z
			.string()
			.min(1)
			.describe('A regular expression that must match somewhere in the file; (?i) (?m) (?s) may stand in front.'),
		description,
	}),
	z.strictObject({
		type: z.literal('command_succeeds').describe('A command must exit 0.'),
		command: z
			.union([z.string().min(1), z.array(z.string()).min(1)])
			.describe(
				'A command that must exit 0: a list of words (no shell), or one string for the shell. Runs in the workspace.',
			),
		timeout_seconds: z.number().positive().default(60).describe('How long the command may take. Seconds.'),
		description,
	}),
]);

/** Where the named items of a job come from: exactly one of the three. */
export const itemSourceSchema = z
	.strictObject({
		file: path('A text file with one item a line, relative to the job file.').optional(),
		glob: path('A glob pattern, relative to the job file; each file it finds is an item.').optional(),
		command: z
			.array(z.string())
			.min(1)
			.optional()
			.describe('A program and its arguments that prints one item a line; runs in the job file’s folder.'),
	})
	.refine(...exactlyOne(['file', 'glob', 'command']));

const batchSettings = z
	.strictObject({
		size: z.number().int().min(1).describe('How many items one batch holds.'),
		total_items: z.number().int().min(1).optional().describe('How many items there are in all.'),
		start_item: z.number().int().min(1).default(1).describe('The first item to take, counted from 1.'),
		items: itemSourceSchema.optional().describe('Named items in place of total_items.'),
	})
	.refine(...exactlyOne(['total_items', 'items']));

const promptSettings = z
	.strictObject({
		template: z.string().min(1).optional().describe('The prompt, as a Jinja template.'),
		template_file: path('A file with the template, relative to the job file.').optional(),
		variables: z.record(z.string(), z.json()).default({}).describe('Your own variables for template and rules.'),
		stakes: z.string().optional().describe('Why it matters; the template’s {{ stakes }}.'),
		thinking_method: z.string().optional().describe('How to think; the template’s {{ thinking_method }}.'),
	})
	.refine(...exactlyOne(['template', 'template_file']));

const retrySettings = z.strictObject({
	max_retries: count('Full retries after the first attempt.').default(3),
	base_delay_seconds: z.number().positive().default(10).describe('Wait before the first retry. Seconds.'),
	max_delay_seconds: z.number().positive().default(3600).describe('No wait is longer than this. Seconds.'),
	exponential_base: z.number().gt(1).default(2).describe('Each further wait is this many times longer.'),
	jitter: z.boolean().default(true).describe('Multiply each wait by a random 0.5 to 1.5.'),
	max_completion_attempts: count('Completion attempts, a budget apart from the retries.').default(3),
	completion_delay_seconds: seconds('Wait before a completion attempt.').default(5),
	completion_threshold_percent: z
		.number()
		.gt(0)
		.max(100)
		.default(50)
		.describe('A completion attempt is made when more than this share of the rules passed.'),
	pause_after_alike: count(
		'Pause the job when so many batches in a row have failed with the same message but for numbers; 0: never.',
	).default(3),
});

const rateLimitSettings = z.strictObject({
	detection_patterns: z
		.array(z.string().min(1))
		.default([])
		.describe(
			'Regular expressions: a failed attempt whose last words match one has met a limit; so has one that ended well when its rules fail and one matches all that it said, a line.',
		),
	wait_minutes: z
		.number()
		.int()
		.min(1)
		.default(60)
		.describe('Wait when the reset time is not known, and the longest of those that grow. Minutes.'),
	max_wait_minutes: z
		.number()
		.int()
		.min(1)
		.default(30)
		.describe(
			'A limit that lasts longer moves the batch to the next of backend.fallbacks, where there are any. Minutes.',
		),
	max_waits: count('Waits in a row that one batch may need before it fails.').default(24),
});

/** What a job may spend, by the figures that the CLI itself tells. */
const budgetSettings = z
	.strictObject({
		max_cost_usd: z
			.number()
			.positive()
			.optional()
			.describe('The most it may cost, US dollars, by the CLI’s own figures. Looked at before each attempt.'),
		max_tokens: z
			.number()
			.int()
			.min(1)
			.optional()
			.describe('The most tokens it may use, in and out, cached ones too. Looked at before each attempt.'),
		per: z
			.enum(['job', 'batch'])
			.default('job')
			.describe(
				'job: all batches together; when it is spent, what runs is finished and the job pauses. batch: each batch for itself, with all attempts it ever had; one that needs more fails, and the others go on, whatever on_batch_failure says.',
			),
		warn_at_percent: z.number().gt(0).max(100).default(80).describe('When this share is spent, it is said once.'),
	})
	.refine(...atLeastOne(['max_cost_usd', 'max_tokens']));

export const jobSchema = z.strictObject({
	name: z.string().min(1).describe('The name shown for this job.'),
	description: z.string().optional().describe('What the job is for.'),
	workspace: path('Folder for the results, relative to the job file; made if missing.').default('./workspace'),
	backend: backendSchema.default(() => backendSchema.parse({})).describe('The CLI that does the work.'),
	batch: batchSettings.describe('How the items are cut into batches.'),
	prompt: promptSettings.describe('What the CLI is asked to do.'),
	retry: retrySettings.default(() => retrySettings.parse({})).describe('Retries and completion attempts.'),
	rate_limit: rateLimitSettings
		.default(() => rateLimitSettings.parse({}))
		.describe('Waiting out limits whose reset time the CLI does not tell.'),
	budget: budgetSettings.optional().describe('What it may spend: no attempt is started beyond it.'),
	validations: z.array(ruleSchema).default([]).describe('Rules that say what a finished batch looks like.'),
	notifications: z
		.array(notificationSchema)
		.default([])
		.describe('Who is told of what: on the desktop, by Slack, webhook or mail.'),
	on_batch_failure: z
		.enum(['stop', 'continue'])
		.default('stop')
		.describe('After a failed batch: start nothing new, or run all the others first.'),
	state_backend: z
		.enum(['json', 'sqlite'])
		.default('json')
		.describe(
			'How the job keeps its state: json, a journal of lines that can be read with any editor, or sqlite, one database. Both lose nothing; state that is kept the other way is carried over at the next start.',
		),
	pause_between_batches_seconds: seconds('Rest between two batches.').default(10),
	parallel: z
		.strictObject({max_concurrent: z.number().int().min(1).default(1).describe('Live batches at once.')})
		.default({max_concurrent: 1})
		.describe('Several batches at once.'),
});

export type Job = z.infer<typeof jobSchema>;
export type Rule = z.infer<typeof ruleSchema>;
export type Budget = z.infer<typeof budgetSettings>;
export type ItemSource = z.infer<typeof itemSourceSchema>;

/** Fields of the format that this version cannot honour yet: refused by name, so that none is silently ignored. */
export const notBuilt: ReadonlyMap<string, string> = new Map([
	['state_path', 'a choice of state folder (it is <workspace>/.mozart)'],
]);
