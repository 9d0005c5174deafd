import * as z from 'zod';
import type {OpenedSaved} from '../../source/store/open-saved.js';

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

export const schemas = {event: factSchema, state: z.object({count: z.number()})};

/** The state that was found, and the numbers of the facts after it. */
export const known = (saved: {state?: {count: number}; events: {seq: number}[]}) => [
	saved.state?.count,
	saved.events.map(event => event.seq),
];

/** Five facts, a checkpoint at the third and one before it at the second. */
export async function writeFive({journal, checkpoint}: OpenedSaved<Fact, {count: number}>): Promise<void> {
	await journal.append(facts(1, 2));
	await checkpoint.save({seq: journal.seq, offset: journal.offset, state: {count: 2}});
	await journal.append(facts(3, 3));
	await checkpoint.save({seq: journal.seq, offset: journal.offset, state: {count: 3}});
	await journal.append(facts(4, 5));
	await journal.close();
}
