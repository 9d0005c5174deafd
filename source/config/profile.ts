import * as z from 'zod';

/**
 * A profile: all that Mozart has to know about a CLI to work with it, as data. Built-in CLIs are profiles in the code;
 * users write their own in YAML.
 */

/** Kinds of failure that a CLI can meet. What follows from each is in README. */
export const profileFailureKinds = [
	'rate_limit',
	'overloaded',
	'network',
	'timeout',
	'transient',
	'auth',
	'billing',
	'budget',
	'config',
	'prompt_too_long',
	'refused',
] as const;

/** Most jobs have no profile of their own, and to make its schema takes 4 ms: not before one is read. */
const makeSchemas = () => {
	/** A path into what a CLI prints as JSON: keys from the outside in, joined by dots; `*` is every entry of a list or map. */
	const pathText = z
		.string()
		.regex(/^[^.\s]+(?:\.[^.\s]+)*$/, 'write keys joined by dots, such as item.text; * is every entry');
	const path = (description: string) =>
		pathText.optional().describe(`${description} Keys joined by dots, such as item.text; * is every entry.`);

	const conditions = (description: string) =>
		z.record(pathText, z.union([z.string(), z.number(), z.boolean(), z.null()])).describe(description);

	/** Words that are there only sometimes. `resume` and `new_session` are about the session of a batch. */
	const sometimes = z.strictObject({
		when: z
			.enum(['model', 'skip_permissions', 'new_session', 'resume'])
			.describe(
				'When they are there: model and skip_permissions, where the job sets it; new_session and resume, for the session of a batch.',
			),
		words: z.array(z.string()).min(1).describe('The words that then stand here. May hold placeholders.'),
	});

	const usage = z
		.strictObject({
			input: path('Tokens that were read.'),
			output: path('Tokens that were written.'),
			cache_read: path('Tokens that were read from a cache.'),
			cache_write: path('Tokens that were written to a cache.'),
			cost_usd: path('What it cost, US dollars.'),
			input_holds_cached: z
				.boolean()
				.default(false)
				.describe('Whether the cached tokens are counted in the input too, so that they have to be taken out there.'),
			counts_session: z
				.boolean()
				.default(false)
				.describe(
					'Whether a session that goes on is counted from its beginning: what it had used before is then taken off.',
				),
		})
		.optional()
		.describe('What the run used, by its own figures.');

	const eventSchema = z.strictObject({
		when: conditions(
			'Which events this is about: paths and the values they must have. Without any it is every event.',
		).default({}),
		text: path('What the model says; it is shown, and the last of it is the reply.'),
		delta: z
			.boolean()
			.default(false)
			.describe('Whether the text comes in pieces, of which each goes on with the last.'),
		tool: z
			.strictObject({
				name: path('The name of the tool.'),
				called: z.string().min(1).optional().describe('The name to show where the event tells none.'),
				input: path('What it is called with: a text, or a map of which the telling field is shown.'),
			})
			.optional()
			.describe('A tool call; it is shown in one line.'),
		tool_result: z
			.strictObject({
				text: path('What the tool gave back.'),
				failed: conditions('Paths and the values they have when the tool failed.').optional(),
			})
			.optional()
			.describe('What a tool gave back; it is shown in one line.'),
		note: path('A warning or a complaint: shown, and what the CLI said last unless the model goes on after it.'),
		reply: path('The final reply, where it is not the last text.'),
		error: path('Why the run has failed.'),
		failed: z
			.boolean()
			.default(false)
			.describe('Whether this event says that the run has failed, also where it does not tell why.'),
		session: path('The id of the session, for words with when: resume.'),
		final: z
			.boolean()
			.default(false)
			.describe('Whether this event ends a run that is whole: without one of these, a run has been cut off.'),
		usage,
	});

	const eventsOf = z.array(eventSchema).min(1);

	const outputSchema = z.discriminatedUnion('type', [
		z.strictObject({type: z.literal('text').describe('Plain text: what it prints is the reply.')}),
		z.strictObject({
			type: z
				.literal('json')
				.describe('One JSON value at the end of what it prints, on standard output or else on error.'),
			events: eventsOf.describe('How that value is read; of a list, each entry.'),
		}),
		z.strictObject({
			type: z.literal('jsonl').describe('A JSON value a line, while it works. Needed for live text.'),
			events: eventsOf.describe('How each value is read; all that fit an event count.'),
		}),
	]);

	const failureRow = z.strictObject({
		kind: z.enum(profileFailureKinds).describe('What it means.'),
		says: z
			.string()
			.min(1)
			.optional()
			.describe(
				'A regular expression for what it says in its own name: its error, else the last lines that are no event. In a run that ended well it counts only when it is the whole reply.',
			),
		event: conditions(
			'Paths and the values they have in some event of the run. Counts however the run ended.',
		).optional(),
		exit_codes: z.array(z.number().int()).min(1).optional().describe('Exit codes.'),
		reset: z
			.boolean()
			.default(false)
			.describe('Whether to look in what it says for the time at which the limit lifts.'),
		reset_path: path('Where that event tells when the limit lifts: seconds or milliseconds since 1970, or words.'),
		brief: z
			.boolean()
			.default(false)
			.describe('Whether such a limit passes within minutes where it tells no time: waits then begin short, and grow.'),
		session_lost: z
			.boolean()
			.default(false)
			.describe('Whether its session cannot go on, so that the whole prompt has to go to a new one.'),
		message: z.string().min(1).optional().describe('What happened and what to do, in one sentence.'),
	});

	const profile = z.strictObject({
		name: z
			.string()
			.min(1)
			.optional()
			.describe('What the CLI is called; otherwise the name of the file, or the program.'),
		argv: z
			.array(z.union([z.string(), sometimes]))
			.min(1)
			.describe(
				'The program and its arguments, one word each, no shell. Placeholders: those of rules, and {model} {session_id} {prompt_file} {prompt}.',
			),
		prompt: z
			.enum(['stdin', 'file', 'argument'])
			.default('stdin')
			.describe('How it gets the prompt: on standard input, as {prompt_file}, or as {prompt} (128 KB at most).'),
		env: z.record(z.string(), z.string()).default({}).describe('Environment variables to set. May hold placeholders.'),
		success_exit_codes: z.array(z.number().int()).min(1).default([0]).describe('Exit codes that speak of no failure.'),
		output: outputSchema.default({type: 'text'}).describe('How what it prints is read.'),
		failures: z
			.array(failureRow)
			.default([])
			.describe('What a failure means: the first row of which all that it names fits. Without one it is transient.'),
		version: z
			.array(z.string())
			.default(['--version'])
			.describe('Arguments that make it tell its version, for doctor.'),
		install: z
			.string()
			.min(1)
			.optional()
			.describe('How to get it and to log in, as in "install it (npm install -g it)"; said where it is missing.'),
	});

	return {profile, eventSchema, failureRow};
};
type Schemas = ReturnType<typeof makeSchemas>;

export const profileSchema = z.lazy(() => makeSchemas().profile);

export type Profile = z.infer<typeof profileSchema>;
/** As a profile is written, with its defaults left out. */
export type WrittenProfile = z.input<typeof profileSchema>;
export type ProfileEvent = z.infer<Schemas['eventSchema']>;
export type ProfileFailure = z.infer<Schemas['failureRow']>;
export type Conditions = NonNullable<ProfileFailure['event']>;
