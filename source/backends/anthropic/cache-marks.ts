import type {Anthropic} from '@anthropic-ai/sdk';

type Message = Anthropic.MessageParam;

/** A beginning that is shorter is kept by no model's cache, whatever tools are told of before it. In characters. */
const shortest = 2_000;

/** A prompt cut behind the part that is the same for every batch, where that is long enough to be worth a mark. */
export const withHead = (text: string, fixedHead = 0): string[] =>
	fixedHead < shortest || fixedHead >= text.length ? [text] : [text.slice(0, fixedHead), text.slice(fixedHead)];

/** Put on a block, it has the API keep all up to the end of that. At most four in a request. */
export const mark = {cache_control: {type: 'ephemeral'}} as const;

/**
 * The messages with the places marked up to which the API is to keep them: the head of the prompt, and, where tools are
 * at work and the next turn will send it all again, the ends of the last two things that were told to the model (the mark
 * of the turn before is where the cache is read, however many calls have come since).
 */
export function marked(messages: readonly Message[], {loops}: {loops: boolean}): Message[] {
	const told = messages.flatMap(({role}, index) => (role === 'user' ? [index] : []));
	const ends = new Set(loops ? told.slice(-2) : []);
	return messages.map((message, index) => {
		const {content} = message;
		if (typeof content === 'string') return message;
		const places = new Set([
			...(index === 0 && content.length > 1 ? [0] : []),
			...(ends.has(index) ? [content.length - 1] : []),
		]);
		if (places.size === 0) return message;
		const blocks = content.map((block, place) => (places.has(place) ? {...block, ...mark} : block));
		return {...message, content: blocks} as Message;
	});
}
