import type {Fault} from '../api/fault.js';

/** How a server wants to be asked, as far as servers differ in that. Changed by what it refuses. */
export type Manners = {
	/** Whether it is asked to tell the tokens that a stream has used. */
	asksUsage: boolean;
	/** How it calls the most tokens of a reply: OpenAI has given that a new name, which older servers do not know. */
	limit: 'max_tokens' | 'max_completion_tokens';
};

export const usualManners = (): Manners => ({asksUsage: true, limit: 'max_tokens'});

/** Learns from a refusal. Whether asking again can help: each lesson is learnt once. */
export function learn(manners: Manners, {status = 0, message}: Pick<Fault, 'status' | 'message'>): boolean {
	if (status < 400 || status >= 600) return false;
	if (manners.asksUsage && /\b(?:stream_options|include_usage)\b/.test(message)) {
		manners.asksUsage = false;
		return true;
	}
	if (manners.limit === 'max_tokens' && /\bmax_tokens\b.*\buse '?max_completion_tokens\b/is.test(message)) {
		manners.limit = 'max_completion_tokens';
		return true;
	}
	return false;
}
