import type {ServerResponse} from 'node:http';
import {type Asked, json, ModelApi, type Refusal, type Request, type Spoken, stream, tokens} from './model-api.js';

type Body = {
	model: string;
	stream?: boolean;
	tools?: {name?: string; type: string}[];
	input: {role?: string; content?: {text?: string}[]}[];
};

const usage = {
	input_tokens: tokens.read,
	input_tokens_details: {cached_tokens: tokens.cached},
	output_tokens: tokens.written,
	output_tokens_details: {reasoning_tokens: 0},
	total_tokens: tokens.read + tokens.written,
};

/** A small stand-in for the Responses API, which Codex uses. It writes files by a line of shell, as models do there. */
export class ResponsesApi extends ModelApi {
	#count = 0;

	protected override read({path, body}: Request, response: ServerResponse): Asked | undefined {
		if (!path.endsWith('/responses')) return void json(response, 404, this.refusal({status: 404, error: 'not_found'}));
		const {model, stream: streams = false, tools = [], input} = body as Body;
		const texts = input
			.filter(({role}) => role === 'user')
			.map(({content = []}) => content.map(({text}) => text).join('\n'));
		return {texts, model, streams, tools: tools.map(({name, type}) => name ?? type)};
	}

	protected override refusal({error, code = error, message = 'as the test wants it'}: Refusal): object {
		return {error: {type: error, code, message, param: null}};
	}

	protected override speak(response: ServerResponse, {model, tools}: Asked, reply: Spoken): void {
		const id = ++this.#count;
		const send = stream(response);
		const line = 'write' in reply ? `printf %s ${quoted(reply.content)} > ${quoted(reply.write)}` : '';
		const command = 'bash' in reply ? reply.bash : line;
		const item =
			'text' in reply
				? {
						...{type: 'message', id: `msg_${id}`, role: 'assistant', status: 'completed'},
						content: [{type: 'output_text', text: reply.text, annotations: []}],
					}
				: {type: 'function_call', id: `fc_${id}`, call_id: `call_${id}`, ...callOf(tools, command)};
		const whole = {id: `resp_${id}`, object: 'response', created_at: 0, model, output: [item], usage};
		send('response.created', {response: {...whole, status: 'in_progress', output: [], usage: null}});
		send('response.output_item.added', {output_index: 0, item: {...item, status: 'in_progress'}});
		send('response.output_item.done', {output_index: 0, item});
		send('response.completed', {response: {...whole, status: 'completed'}});
		response.end();
	}
}

/** The call of the tool that runs a line of shell, of those that are offered. */
function callOf(tools: readonly string[], line: string): {name: string; arguments: string} {
	if (tools.includes('exec_command')) return {name: 'exec_command', arguments: JSON.stringify({cmd: line})};
	if (tools.includes('shell_command')) return {name: 'shell_command', arguments: JSON.stringify({command: line})};
	return {name: 'shell', arguments: JSON.stringify({command: ['bash', '-lc', line]})};
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
