import * as z from 'zod';

/** Why an attempt did not end well. What follows from each kind is decided in `retry.ts`. */
export const failureKindSchema = z.enum([
	'validation', // the CLI ended well, rules fail
	'transient', // the CLI ended badly, no better word for it
	'timeout', // it was ended after backend.timeout_seconds
	'interrupted', // stopped by a person, or lost in a crash
	'config', // it cannot be started like this: missing program, bad flag, template error
]);
export type FailureKind = z.infer<typeof failureKindSchema>;

export const failureSchema = z.object({
	kind: failureKindSchema,
	/** One sentence for a person: what happened and, where it can be known, what to do. */
	message: z.string(),
	/** The raw cause: the last lines that the CLI printed, or the system's error. At most a few kilobytes. */
	raw: z.string().optional(),
});
export type Failure = z.infer<typeof failureSchema>;
