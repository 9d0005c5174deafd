import type {ServerResponse} from 'node:http';
import type * as api from './model-api.js';
import {json, ModelApi, stream} from './model-api.js';

/** What the stand-in for the model's API answers to one request. */
export type Reply = api.Reply<Spoken>;

/** What the model says: a text, and calls of tools with any input. */
export type Spoken = {
	text: string;
	calls?: readonly {name: string; input: object}[];
	stop?: string;
	usage?: {
		input_tokens?: number;
		output_tokens?: number;
		cache_read_input_tokens?: number;
		cache_creation_input_tokens?: number;
	};
	headers?: Record<string, string>;
	/**
	 * What happens before the end of the stream: `cut` destroys the connection, `end` closes it in order, `stall` says
	 * nothing more, `error` is an error of that type.
	 */
	broken?: 'cut' | 'end' | 'stall' | {error: string};
};

/** A request as it came. */
export type Asked = api.Request & {body: RequestBody};
type Block = {type: string; text?: string; content?: unknown; cache_control?: unknown};
export type RequestBody = {
	model: string;
	stream?: boolean;
	system?: unknown;
	tools?: {name: string}[];
	temperature?: number;
	max_tokens: number;
	messages: {role: string; content: string | Block[]}[];
};

/** A small stand-in for the Messages API, which Claude Code uses too. */
export class MessagesApi extends ModelApi<Spoken> {
	/** Every request that asks for a message. */
	readonly requests: Asked[] = [];
	#count = 0;

	protected override read({path, headers, body}: api.Request, response: ServerResponse): api.Asked | undefined {
		if (path.includes('count_tokens')) return void json(response, 200, {input_tokens: 100});
		if (!path.includes('/messages')) {
			return void json(response, 404, this.refusal({status: 404, error: 'not_found_error'}));
		}
		const asked = {path, headers, body: body as RequestBody};
		this.requests.push(asked);
		const {model, stream: streams = false, tools = [], messages} = asked.body;
		const texts = messages.filter(({role}) => role === 'user').map(({content}) => JSON.stringify(content));
		return {texts, model, streams, tools: tools.map(({name}) => name)};
	}

	/** Answers by itself, for a reply that does something first. */
	answer(response: ServerResponse, spoken: Spoken): void {
		this.speak(response, {texts: [], model: 'any', streams: true, tools: []}, spoken);
	}

	protected override refusal({error: type, message = 'as the test wants it', code}: api.Refusal): object {
		return {type: 'error', error: {type, message, ...(code && {details: {error_code: code}})}};
	}

	protected override speak(response: ServerResponse, {model, streams}: api.Asked, reply: api.Spoken<Spoken>): void {
		const spoken = spokenOf(reply);
		const {text, calls = [], headers, broken} = spoken;
		const id = `msg_${++this.#count}`;
		const blocks = [
			...(text === '' ? [] : [{type: 'text', text}]),
			...calls.map((call, index) => ({type: 'tool_use', id: `toolu_${id}_${index}`, ...call})),
		];
		const told = {input_tokens: 1000, output_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0};
		const usage = {...told, ...spoken.usage};
		const message = {id, type: 'message', role: 'assistant', model, stop_sequence: null, usage};
		const stop = spoken.stop ?? (calls.length > 0 ? 'tool_use' : 'end_turn');
		if (!streams) {
			return json(response, 200, {...message, content: blocks, stop_reason: stop}, headers);
		}
		const send = stream(response, headers);
		send('message_start', {message: {...message, content: [], stop_reason: null}});
		for (const [index, block] of blocks.entries()) {
			const empty = 'text' in block ? {...block, text: ''} : {...block, input: {}};
			send('content_block_start', {index, content_block: empty});
			for (const delta of 'text' in block ? pieces(block.text) : [JSON.stringify(block.input)])
				send('content_block_delta', {
					index,
					delta: 'text' in block ? {type: 'text_delta', text: delta} : {type: 'input_json_delta', partial_json: delta},
				});
			if (broken === undefined) send('content_block_stop', {index});
		}
		if (broken === 'stall') return;
		if (broken === 'end') return void response.end();
		// What was written has to be on its way before the connection goes.
		if (broken === 'cut') return void response.write(': cut\n\n', () => response.destroy());
		if (broken) {
			send('error', {error: {type: broken.error, message: 'Overloaded'}});
			return void response.end();
		}
		send('message_delta', {
			delta: {stop_reason: stop, stop_sequence: null},
			usage: {output_tokens: usage.output_tokens},
		});
		send('message_stop');
		response.end();
	}
}

/** As Claude Code's tools are called. */
function spokenOf(reply: api.Spoken<Spoken>): Spoken {
	if ('text' in reply) return reply;
	if ('write' in reply)
		return {text: '', calls: [{name: 'Write', input: {file_path: reply.write, content: reply.content}}]};
	return {text: '', calls: [{name: 'Bash', input: {command: reply.bash, description: 'a command'}}]};
}

/** In pieces, as a model speaks. */
const pieces = (text: string, length = 64 * 1024): string[] =>
	text.length <= 40
		? text.split(/(?<=\s)/)
		: Array.from({length: Math.ceil(text.length / length)}, (_, index) =>
				text.slice(index * length, (index + 1) * length),
			);
