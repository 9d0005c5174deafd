import * as z from 'zod';

/** Why an attempt did not end well. What follows from each kind is decided in `retry.ts`. */
export const failureKindSchema = z.enum([
	'validation', // the CLI ended well, rules fail
	'transient', // the CLI ended badly, no better word for it
	'network', // its service cannot be reached
	'timeout', // it was ended after backend.timeout_seconds, or its service was silent for too long
	'rate_limit', // the account's limit is reached
	'overloaded', // the service is too busy, whoever asks
	'interrupted', // stopped by a person, or lost in a crash
	'prompt_too_long',
	'refused', // the model or the service declines the work
	'config', // it cannot be started like this: missing program, bad flag, template error
	'auth', // not logged in, key invalid or expired
	'billing', // no credit
	'budget', // a spending limit of this job or of the CLI
]);
export type FailureKind = z.infer<typeof failureKindSchema>;

export const failureSchema = z.object({
	kind: failureKindSchema,
	/** One sentence for a person: what happened and, where it can be known, what to do. */
	message: z.string(),
	/** The raw cause: the last lines that the CLI printed, or the system's error. At most a few kilobytes. */
	raw: z.string().optional(),
	/** `rate_limit`, `overloaded`: when it lifts, ms since the epoch, where the CLI told it. */
	until: z.number().optional(),
	/** `rate_limit`: it passes within minutes, so that waits begin short and grow. Set only without `until`. */
	brief: z.literal(true).optional(),
});
export type Failure = z.infer<typeof failureSchema>;
