import type {ServerResponse} from 'node:http';
import {type Asked, json, ModelApi, type Refusal, type Request, type Spoken, tokens} from './model-api.js';

type Body = {
	contents?: {role?: string; parts?: {text?: string}[]}[];
	tools?: {functionDeclarations?: {name: string}[]}[];
	generationConfig?: {responseMimeType?: string};
};

const usageMetadata = {
	promptTokenCount: tokens.read,
	cachedContentTokenCount: tokens.cached,
	candidatesTokenCount: tokens.written,
	totalTokenCount: tokens.read + tokens.written,
};

/** What Gemini CLI asks before the work, to choose a model, takes an answer of this shape. */
const choice = {
	reasoning: 'as the test wants it',
	model_choice: 'flash',
	complexity_reasoning: '',
	complexity_score: 10,
};

/** A small stand-in for the Gemini API, which Gemini CLI uses. */
export class GeminiApi extends ModelApi {
	protected override read({path, body}: Request, response: ServerResponse): Asked | undefined {
		const {1: model = '', 2: method} = /\/models\/([^/:]+):(\w+)/.exec(path) ?? [];
		if (method === 'countTokens') return void json(response, 200, {totalTokens: 100});
		const streams = method === 'streamGenerateContent';
		if (!streams && method !== 'generateContent')
			return void json(response, 404, this.refusal({status: 404, error: 'NOT_FOUND'}));
		const {contents = [], tools = []} = body as Body;
		const texts = contents
			.filter(({role}) => role === 'user')
			// A prompt that follows one without an answer is another part of the same content.
			.flatMap(({parts = []}) => parts.map(({text = ''}) => text));
		const names = tools.flatMap(({functionDeclarations = []}) => functionDeclarations).map(({name}) => name);
		return {texts, model, streams, tools: names};
	}

	protected override refusal({status: code, error: status, message = 'as the test wants it'}: Refusal): object {
		return {error: {code, status, message}};
	}

	protected override speak(response: ServerResponse, {model, streams, tools}: Asked, reply: Spoken): void {
		const text = 'text' in reply && tools.length === 0 ? JSON.stringify(choice) : undefined;
		const whole = {
			candidates: [{content: {role: 'model', parts: [partOf(reply, text)]}, finishReason: 'STOP', index: 0}],
			usageMetadata,
			modelVersion: model,
		};
		if (!streams) return json(response, 200, whole);
		response.writeHead(200, {'content-type': 'text/event-stream'});
		response.end(`data: ${JSON.stringify(whole)}\r\n\r\n`);
	}
}

function partOf(reply: Spoken, text: string | undefined): object {
	if ('write' in reply) {
		const args = {file_path: reply.write, content: reply.content};
		return {functionCall: {name: 'write_file', args}};
	}
	if ('bash' in reply) return {functionCall: {name: 'run_shell_command', args: {command: reply.bash}}};
	return {text: text ?? reply.text};
}
