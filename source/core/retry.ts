import type {Job} from '../config/schema.js';
import type {FailureKind} from './failure.js';

/**
 * What follows when an attempt ends with rules failing, by the kind of its failure.
 * `retry`: completion or full retry, from their budgets. `fail`: the batch fails now, another try cannot help.
 * `pause`: the whole job pauses with the batch pending: every other batch would meet the same wall.
 * `again`: it did not count; the batch is judged by its rules and run again.
 */
export type Consequence = 'retry' | 'fail' | 'pause' | 'again';

const consequences: Record<FailureKind, Consequence> = {
	validation: 'retry',
	transient: 'retry',
	timeout: 'retry',
	interrupted: 'again',
	config: 'pause',
};

export const consequenceOf = (kind: FailureKind): Consequence => consequences[kind];

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
