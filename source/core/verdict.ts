import * as z from 'zod';

/** What one validation rule found. Texts are bounded (2,000 characters each), so a verdict can go into the journal. */
export const verdictSchema = z.object({
	/** Index in the job's `validations`, from 0. */
	rule: z.number(),
	type: z.string(),
	description: z.string().optional(),
	passed: z.boolean(),
	/** What the rule wants, with placeholders filled in. */
	expected: z.string(),
	/** What was found. */
	actual: z.string(),
	/** One sentence for a person: expected against actual, and what would make it pass. */
	message: z.string(),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** How a watched file looked before a batch's first attempt. */
export const fileStateSchema = z.object({
	path: z.string(),
	exists: z.boolean(),
	size: z.number().optional(),
	mtimeMs: z.number().optional(),
	/** SHA-256 of the content, hex. */
	hash: z.string().optional(),
	/** Whether a copy of the content is kept in the state's `snapshots/<hash>`. */
	copied: z.boolean().optional(),
});
export type FileState = z.infer<typeof fileStateSchema>;

export const passedCount = (verdicts: readonly Verdict[]) => verdicts.filter(verdict => verdict.passed).length;
