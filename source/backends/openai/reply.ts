import type {OpenAI} from 'openai';
import * as z from 'zod';
import type {ToolCall} from '../api/api.js';

type Message = OpenAI.ChatCompletionMessageParam;

/** One call, as far as it has come. */
type Call = {index: number | undefined; id: string | undefined; name: string; words: string};

const callSchema = z
	.object({
		index: z.number().optional().catch(undefined),
		id: z.string().nullish().catch(undefined),
		function: z
			.object({name: z.string().nullish().catch(undefined), arguments: z.unknown().optional()})
			.optional()
			.catch(undefined),
	})
	.catch({});

/** What servers put into a piece of a reply beyond what OpenAI does, or in place of it. What is of an odd kind is left out. */
const deltaSchema = z.object({
	content: z.unknown().optional(),
	refusal: z.unknown().optional(),
	/** What the model has thought, by two names. */
	reasoning_content: z.unknown().optional(),
	reasoning: z.unknown().optional(),
	tool_calls: z.array(callSchema).nullish().catch(undefined),
});

const choiceSchema = z.object({
	delta: deltaSchema.nullish().catch(undefined),
	/** In its place, where a server gives the whole in one piece. */
	message: deltaSchema.nullish().catch(undefined),
	finish_reason: z.string().nullish().catch(undefined),
});

const chunkSchema = z.object({choices: z.tuple([choiceSchema], z.unknown())});

/**
 * Puts a reply together out of its pieces. Servers cut and number calls in ways of their own: without numbers, all with
 * the number 0, whole in one piece, without ids, or with arguments that are no text.
 */
export class Reply {
	text = '';
	refusal = '';
	/** Why it ended; undefined as long as it has not. */
	reason: string | undefined;
	private thoughts = '';
	private thoughtsName: 'reasoning_content' | 'reasoning' = 'reasoning_content';
	private readonly begun: Call[] = [];

	/** Takes a piece, and gives what of it is to be shown. */
	take(chunk: unknown): string {
		const read = chunkSchema.safeParse(chunk);
		if (!read.success) return '';
		const [choice] = read.data.choices;
		const delta: Partial<z.infer<typeof deltaSchema>> = choice.delta ?? choice.message ?? {};
		if (choice.finish_reason) this.reason = choice.finish_reason;
		this.refusal += textIn(delta.refusal);
		this.think(delta);
		for (const piece of delta.tool_calls ?? []) this.call(piece);
		const text = textIn(delta.content);
		this.text += text;
		return text;
	}

	/** The calls; what cannot be read as JSON stays text, which every tool refuses. */
	get calls(): ToolCall[] {
		return this.begun.map(call => ({id: idOf(call), name: call.name, input: inputOf(call.words)}));
	}

	/** As the server wants it back; undefined where nothing was said. */
	get message(): Message | undefined {
		const calls = this.begun.map(call => ({
			id: idOf(call),
			type: 'function' as const,
			// Templates of models read the arguments, and fail on what is no JSON.
			function: {name: call.name, arguments: JSON.stringify(asObject(inputOf(call.words)))},
		}));
		if (calls.length === 0) return this.text.trim() === '' ? undefined : {role: 'assistant', content: this.text};
		// Some models want to see what they thought before they called a tool, and none after they are done.
		const thoughts = this.thoughts === '' ? {} : {[this.thoughtsName]: this.thoughts};
		return {role: 'assistant', content: this.text === '' ? null : this.text, tool_calls: calls, ...thoughts};
	}

	private think({reasoning_content: usual, reasoning}: Partial<z.infer<typeof deltaSchema>>): void {
		if (typeof usual !== 'string' && typeof reasoning === 'string') this.thoughtsName = 'reasoning';
		this.thoughts += textIn(usual ?? reasoning);
	}

	private call({index, id, function: called = {}}: z.infer<typeof callSchema>): void {
		const last = index === undefined ? this.begun.at(-1) : this.begun.findLast(call => call.index === index);
		const isOther = Boolean(id) && last?.id !== undefined && id !== last.id;
		const isUnnumbered = index === undefined && Boolean(called.name) && !(id && id === last?.id);
		const call = last && !isOther && !isUnnumbered ? last : {index, id: undefined, name: '', words: ''};
		if (call !== last) this.begun.push(call);
		if (id) call.id ??= id;
		if (call.name === '') call.name = called.name ?? '';
		const {arguments: words} = called;
		call.words += typeof words === 'string' ? words : words ? JSON.stringify(words) : '';
	}
}

/** A reply without what the model has thought aloud before it, where the server leaves that in. */
export const withoutThoughts = (text: string): string => text.replace(/^\s*<think>[\s\S]*?<\/think>\s*/, '');

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Nine letters and digits: some models take no others. */
function idOf(call: Call): string {
	call.id ??= crypto.randomUUID().replaceAll('-', '').slice(0, 9);
	return call.id;
}

function inputOf(words: string): unknown {
	if (words.trim() === '') return {};
	try {
		return JSON.parse(words);
	} catch {
		return words;
	}
}

const asObject = (input: unknown): object =>
	typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {};
