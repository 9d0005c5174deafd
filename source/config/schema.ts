import * as z from 'zod';
import {atLeastOne, exactlyOne} from './exactly-one.js';
import {notificationSchema} from './notifications.js';
import {profileSchema} from './profile.js';

/**
 * The job file, declared once: every field, its type, default and meaning. Everything else (types, error texts, the
 * JSON Schema) is derived from here. Field names are the YAML's own, so that a job reads the same in the file and in
 * the code. All durations are in the unit that the name says.
 */

const seconds = (description: string) => z.number().min(0).describe(`${description} Seconds, 0 or more.`);
const count = (description: string) => z.number().int().min(0).describe(description);
const path = (description: string) => z.string().min(1).describe(description);

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

const anyBackend = {
	account: z
		.string()
		.min(1)
		.optional()
		.describe('Name of the account, where you use several: a limit holds up the jobs of its account only.'),
	timeout_seconds: z.number().positive().default(1800).describe('How long one attempt may take. Seconds.'),
	env: z
		.record(z.string(), z.string())
		.optional()
		.describe(
			'Environment variables for the CLI and for the commands of rules and items, over those that are passed on. A key is better set in your own environment than written here.',
		),
	env_pass: z
		.array(z.string().min(1))
		.optional()
		.describe(
			'Names of your environment variables that they may see, as ANTHROPIC_* or HTTPS_PROXY. Default: all. With a list only these, and PATH, HOME, USER, LOGNAME, SHELL, LANG, LC_*, TERM, TMPDIR, TZ.',
		),
};

const commonBackend = {
	working_directory: path(
		'Folder the CLI runs in, relative to the job file. Default: the job file’s own folder.',
	).optional(),
	...anyBackend,
};

const price = (description: string) => z.number().min(0).describe(`${description} US dollars a million tokens.`);

/** What every API can be told that is spoken to without a CLI. It has no hands: what it leaves is its reply, or the work of tools. */
const spoken = {
	max_tokens: z.number().int().min(1).default(8192).describe('The most tokens that one reply may have.'),
	temperature: z
		.number()
		.min(0)
		.max(1)
		.optional()
		.describe('How freely the model words things. Newer models take none; without it none is sent.'),
	output: z
		.strictObject({
			file: path(
				'The file in the workspace that gets the reply of each batch, such as {workspace}/batch-{batch_num}.md. Placeholders as in rules.',
			),
		})
		.optional()
		.describe('Keep the reply as a file.'),
	tools: z
		.enum(['workspace'])
		.optional()
		.describe('workspace: let the model list, read, search and write files there, and nowhere else.'),
	max_turns: z
		.number()
		.int()
		.min(1)
		.default(50)
		.describe('How often the model may speak in one attempt; each use of tools takes a turn.'),
	idle_timeout_seconds: z
		.number()
		.positive()
		.max(300)
		.default(240)
		.describe('How long the API may be silent in the midst of an attempt. Seconds, 300 at most.'),
	prices: z
		.strictObject({
			input: price('Tokens that were read.'),
			output: price('Tokens that were written.'),
			cache_read: price('Tokens read from the cache; a tenth of input where it is left out.').optional(),
			cache_write: price('Tokens written to the cache; 1.25 times input where it is left out.').optional(),
		})
		.optional()
		.describe('What tokens cost, where Mozart does not know the prices of the model or you pay others.'),
	...anyBackend,
};

/** What every CLI of the profile kind can be told. */
const profiled = {
	skip_permissions: z
		.boolean()
		.default(true)
		.describe('Let it use every tool without asking: nobody is there to answer.'),
	model: z.string().min(1).optional().describe('The model, as the CLI names it. Default: the CLI’s own.'),
	...commonBackend,
};

const claude = z.strictObject({
	type: z.literal('claude_cli').optional().default('claude_cli').describe('Claude Code, which is the default.'),
	skip_permissions: z
		.boolean()
		.default(true)
		.describe(
			'Let it use every tool without asking (--dangerously-skip-permissions). Nobody is there to answer: with false, tools that your Claude Code settings do not allow are denied.',
		),
	output_format: z
		.enum(['text', 'json', 'stream-json'])
		.default('stream-json')
		.describe('What it prints. Live text needs stream-json; json still tells usage and cost, text does not.'),
	model: z
		.string()
		.min(1)
		.optional()
		.describe('The model, as claude --model takes it (sonnet, or a full id). Default: the one of your Claude Code.'),
	...commonBackend,
});
const codex = z.strictObject({type: z.literal('codex_cli').describe('Codex CLI, of OpenAI.'), ...profiled});
const gemini = z.strictObject({type: z.literal('gemini_cli').describe('Gemini CLI, of Google.'), ...profiled});
/** The Anthropic API by itself, with its defaults. */
export const anthropicSchema = z.strictObject({
	type: z.literal('anthropic_api').describe('The Anthropic API, without any CLI.'),
	model: z.string().min(1).default('claude-sonnet-5-5').describe('The model, by its id.'),
	api_key_env: z
		.string()
		.min(1)
		.default('ANTHROPIC_API_KEY')
		.describe('Name of the environment variable that holds the key.'),
	base_url: z
		.string()
		.min(1)
		.optional()
		.describe('Address of a gateway. Default: ANTHROPIC_BASE_URL where it is set, else https://api.anthropic.com.'),
	...spoken,
});

/** Any server with the API that OpenAI's chat completions have made common. */
export const openaiSchema = z.strictObject({
	type: z
		.literal('openai_compatible')
		.describe('A server that speaks as OpenAI’s API does, such as llama.cpp, Ollama or vLLM; without any CLI.'),
	model: z.string().min(1).describe('The model, as the server names it.'),
	base_url: z
		.string()
		.min(1)
		.describe('Address of the server, mostly with /v1 at its end. That of Ollama is http://localhost:11434/v1.'),
	api_key_env: z
		.string()
		.min(1)
		.optional()
		.describe('Name of the environment variable that holds the key. Default: no key is sent.'),
	...spoken,
	max_tokens: z
		.number()
		.int()
		.min(1)
		.optional()
		.describe('The most tokens that one reply may have. Default: what the server allows.'),
	temperature: z
		.number()
		.min(0)
		.max(2)
		.optional()
		.describe('How freely the model words things. Default: the server’s own.'),
	idle_timeout_seconds: z
		.number()
		.positive()
		.default(900)
		.describe('How long the server may be silent in the midst of an attempt, as while it loads a model. Seconds.'),
});

const command = z.strictObject({
	type: z.literal('command').describe('Any program.'),
	command: z
		.array(z.string())
		.min(1)
		.describe('Any program and its arguments, one word each, no shell. May hold placeholders, also {prompt_file}.'),
	stdin: z.enum(['prompt', 'none']).default('prompt').describe('What the program reads on its standard input.'),
	...commonBackend,
});
/** A profile that has a file is chosen by its name, `type: NAME`; reading the job file puts it here. */
const profile = z.strictObject({
	type: z.literal('profile').describe('A CLI of your own, described in place.'),
	profile: profileSchema.describe('How to work with the CLI.'),
	...profiled,
});

const fallbackSchema = z.discriminatedUnion('type', [
	claude,
	codex,
	gemini,
	anthropicSchema,
	openaiSchema,
	command,
	profile,
]);
const more = {
	fallbacks: z
		.array(fallbackSchema)
		.optional()
		.describe('CLIs that a batch goes on with, one after the other, when a limit would hold it for too long.'),
};

/** The CLI that does the work, one shape for each type. Without a type it is Claude Code. */
export const backendSchema = z.discriminatedUnion('type', [
	claude.extend(more),
	codex.extend(more),
	gemini.extend(more),
	anthropicSchema.extend(more),
	openaiSchema.extend(more),
	command.extend(more),
	profile.extend(more),
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
/** One CLI and its settings. */
export type Backend = z.infer<typeof fallbackSchema>;
/** The backends that are an API, spoken to without a CLI. */
export type ApiBackend = AnthropicBackend | OpenaiBackend;
export type AnthropicBackend = Extract<Backend, {type: 'anthropic_api'}>;
export type OpenaiBackend = Extract<Backend, {type: 'openai_compatible'}>;
/** Types of backend that are an API. */
export const apiTypes: readonly string[] = ['anthropic_api', 'openai_compatible'] satisfies ApiBackend['type'][];

/** The folder that a CLI runs in, as it is written, relative to the job file; an API has none. */
export const folderOf = (backend: Backend): string =>
	('working_directory' in backend ? backend.working_directory : undefined) ?? '.';
export type ItemSource = z.infer<typeof itemSourceSchema>;

/** Fields of the format that this version cannot honour yet: refused by name, so that none is silently ignored. */
export const notBuilt: ReadonlyMap<string, string> = new Map([
	['state_path', 'a choice of state folder (it is <workspace>/.mozart)'],
]);

/** All types that `backend.type` may name without a profile of that name. */
export const backendTypes: readonly string[] = fallbackSchema.options.map(option => {
	const {type} = option.shape;
	return type instanceof z.ZodLiteral ? type.value : 'claude_cli';
});
