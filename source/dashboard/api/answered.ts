import {isDeepStrictEqual} from 'node:util';

const keptMs = 10 * 60_000;
const mostKept = 1000;

/** Carries a command out, or gives the answer that it has had; `other`: the key stood for another command. */
export type Answered<C> = <A>(
	key: string | undefined,
	command: C,
	now: number,
	carryOut: () => Promise<A>,
) => Promise<A | 'other'>;

/** Remembers for a while what the commands of each key were answered with: who has missed an answer can ask again. */
export function createAnswered<C>(): Answered<C> {
	const kept = new Map<string, {command: C; at: number; answer: Promise<unknown>}>();
	return async <A>(key: string | undefined, command: C, now: number, carryOut: () => Promise<A>) => {
		if (!key) return carryOut();
		for (const [old, {at}] of kept) if (now - at > keptMs || kept.size >= mostKept) kept.delete(old);
		const known = kept.get(key);
		if (known) return isDeepStrictEqual(known.command, command) ? (known.answer as Promise<A>) : 'other';
		const answer = carryOut();
		kept.set(key, {command, at: now, answer});
		// What went wrong may go well the next time.
		answer.catch(() => kept.delete(key));
		return answer;
	};
}
