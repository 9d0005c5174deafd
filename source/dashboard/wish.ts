import * as z from 'zod';

const batch = z.int().min(1).describe('The number of a batch, from 1.');
const attempt = z
	.int()
	.min(1)
	.describe('The attempt that was seen: with another one under way by now the command is refused.')
	.exactOptional();
const mode = z
	.enum(['drain', 'now'])
	.default('drain')
	.describe('`drain`: what runs is finished. `now`: it is ended too, and goes back to the queue.');

/** What a person or a script asks of a job here; each leads to what the key of the screen leads to. */
export const wishSchema = z.discriminatedUnion('type', [
	z.strictObject({type: z.literal('pause'), mode}),
	z.strictObject({type: z.literal('resume')}),
	z.strictObject({
		type: z.literal('stop'),
		mode,
		cancel: z.boolean().default(false).describe('The job is not to be taken up again.'),
	}),
	z.strictObject({
		type: z.literal('retry'),
		batch: batch.describe('Without it: all batches that have failed or are held.').exactOptional(),
	}),
	z.strictObject({type: z.literal('skip'), batch, attempt}),
	z.strictObject({type: z.literal('hold'), batch, attempt}),
	z.strictObject({type: z.literal('recheck'), batch}),
	z.strictObject({type: z.literal('end-wait'), batch}),
	z.strictObject({type: z.literal('set-concurrency'), concurrency: z.int().min(1)}),
]);
export type Wish = z.infer<typeof wishSchema>;
