import type {Anthropic} from '@anthropic-ai/sdk';

type Message = Anthropic.MessageParam;

/** A beginning that is shorter is kept by no model's cache, in characters. */
const shortest = 4_000;

const mark = {cache_control: {type: 'ephemeral'}} as const;

/**
 * The messages with the places marked up to which the API is to keep them: the part of the prompt that is the same for
 * every batch, which stands in a block of its own, and, where tools are at work and the next turn will send it all again,
 * the ends of the last two things that were told to the model.
 */
export function marked(messages: readonly Message[], {loops}: {loops: boolean}): Message[] {
	const users = messages.flatMap(({role}, index) => (role === 'user' ? [index] : []));
	const turns = new Set(loops ? users.slice(-2) : []);
	return messages.map((message, index) => {
		const {content} = message;
		if (typeof content === 'string') return message;
		const [head] = content;
		const hasHead = index === 0 && content.length > 1 && head?.type === 'text' && head.text.length >= shortest;
		if (!hasHead && !turns.has(index)) return message;
		const blocks = content.map((block, place) => {
			const ends = (hasHead && place === 0) || (turns.has(index) && place === content.length - 1);
			return ends ? {...block, ...mark} : block;
		});
		return {...message, content: blocks} as Message;
	});
}
