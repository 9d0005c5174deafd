import {oneLine} from '../process/sanitize.js';
import {cut} from './cut.js';
import type {Message} from './message.js';

/**
 * How one try went. `again`: another one may help, at the earliest `afterMs` from now where the receiver has said so.
 * `partly`: some have it all the same.
 */
export type Outcome =
	| {taken: true; how?: string}
	| {taken: false; problem: string; again: boolean; afterMs?: number; partly?: true};

/** One way to one receiver. A try ends when its signal is aborted; what can go wrong out there is in the outcome. */
export type Delivery = (message: Message, signal: AbortSignal) => Promise<Outcome>;

/** Something that no further try mends. */
export const refused = (problem: string): Outcome => ({taken: false, problem, again: false});

/** A secret by the name of its variable, or why there is none. */
export function secretOf(
	name: string,
	env: Readonly<Record<string, string | undefined>>,
): {value: string} | {problem: string} {
	const value = env[name]?.trim();
	return value ? {value} : {problem: `the environment variable ${name} is not set`};
}

/** A text without the secrets that it may quote. */
export function hide(text: string, secrets: readonly string[]): string {
	let hidden = text;
	for (const secret of secrets) if (secret.length > 3) hidden = hidden.replaceAll(secret, '***');
	return hidden;
}

/** A text from outside as part of a sentence: one line, not too long, and none of the secrets. */
export const quote = (text: string, secrets: readonly string[] = []): string =>
	cut(oneLine(hide(text, secrets)).replace(/\s+/g, ' ').trim(), 200);
