import type {Job} from '../config/schema.js';
import type {Failure, FailureKind} from './failure.js';

/**
 * What follows when an attempt ends with rules failing, by the kind of its failure.
 * `retry`: completion or full retry, from their budgets. `fail`: the batch fails now, another try cannot help.
 * `pause`: the whole job pauses with the batch pending: every other batch would meet the same wall.
 * `wait`: the whole job waits, the batch goes on as it was, and no budget is spent.
 * `again`: it did not count; the batch is judged by its rules and run again.
 */
export type Consequence = 'retry' | 'fail' | 'pause' | 'wait' | 'again';

const consequences: Record<FailureKind, Consequence> = {
	validation: 'retry',
	transient: 'retry',
	network: 'retry',
	timeout: 'retry',
	rate_limit: 'wait',
	overloaded: 'wait',
	interrupted: 'again',
	prompt_too_long: 'fail',
	refused: 'fail',
	config: 'pause',
	auth: 'pause',
	billing: 'pause',
	budget: 'pause',
};

export const consequenceOf = (kind: FailureKind): Consequence => consequences[kind];

/** The first wait that nobody has told the length of; each further one in a row is twice as long. */
const firstWaitMs = 30_000;
const longestOverloadMs = 600_000;
/** A reset that is told as past or as now is not trusted to the second. */
const leastWaitMs = 60_000;

/** Until when to wait for a limit, ms since the epoch; `waits` counts this batch's waits in a row, from 1. */
export function waitUntil(
	settings: Job['rate_limit'],
	{kind, until, brief}: Pick<Failure, 'kind' | 'until' | 'brief'>,
	waits: number,
	now: number,
): number {
	const longest = settings.wait_minutes * 60_000;
	const growing = firstWaitMs * 2 ** (waits - 1);
	if (kind === 'overloaded') {
		const own = now + Math.min(growing, longestOverloadMs);
		return Math.max(own, Math.min(until ?? own, now + longest));
	}
	if (until === undefined) return now + (brief ? Math.min(growing, longest) : longest);
	// A time that has come, but not the end of the limit, was wrong: it is trusted less with each wait.
	const least = waits === 1 ? 0 : Math.min(growing / 2, longest);
	return Math.max(until > now ? until : now + leastWaitMs, now + least);
}

/** Attempts of one batch that may be lost to crashes before it fails. */
export const maxLosses = 3;

/**
 * Wait before full retry number `retry` (counted from 1), ms: base · exponential^(retry − 1), times the jitter, never
 * above the cap. `draw` is a random number in [0, 1); the returned `jitter` is the factor it led to.
 */
export function retryDelay(settings: Job['retry'], retry: number, draw: number): {delayMs: number; jitter: number} {
	const cap = settings.max_delay_seconds;
	const delay = Math.min(settings.base_delay_seconds * settings.exponential_base ** (retry - 1), cap);
	const jitter = settings.jitter ? 0.5 + draw : 1;
	return {delayMs: Math.round(Math.min(delay * jitter, cap) * 1000), jitter};
}
