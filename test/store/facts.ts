import * as z from 'zod';

/** Facts as small as facts can be. */
export const factSchema = z.object({
	seq: z.number().int(),
	at: z.number(),
	type: z.enum(['started', 'ended']),
	text: z.string(),
});
export type Fact = z.infer<typeof factSchema>;

export const fact = (seq: number, text = `fact ${seq}`): Fact => ({
	seq,
	at: 1_700_000_000_000 + seq,
	type: seq % 2 ? 'started' : 'ended',
	text,
});

export const facts = (from: number, to: number, text?: string): Fact[] =>
	Array.from({length: to - from + 1}, (_, i) => fact(from + i, text));
