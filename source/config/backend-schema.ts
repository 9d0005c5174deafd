import * as z from 'zod';
import {path} from './path-field.js';
import {profileSchema} from './profile.js';

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

/** All types that `backend.type` may name without a profile of that name. */
export const backendTypes: readonly string[] = fallbackSchema.options.map(option => {
	const {type} = option.shape;
	return type instanceof z.ZodLiteral ? type.value : 'claude_cli';
});
