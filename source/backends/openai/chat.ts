import type {OpenAI} from 'openai';
import * as z from 'zod';
import type {OpenaiBackend} from '../../config/backend-schema.js';
import type {Usage} from '../../core/usage.js';
import type {Api, Ask, ToolResult, Turn} from '../api/api.js';
import {priced} from '../api/cost.js';
import {BrokenOff, faultOf, rejected} from '../api/fault.js';
import {failureRows} from './failure-table.js';
import {learn, type Manners} from './manners.js';
import {patientFetch} from './patient-fetch.js';
import {Reply, withoutThoughts} from './reply.js';
import {stopOf} from './stop.js';

type Message = OpenAI.ChatCompletionMessageParam;
type Body = OpenAI.ChatCompletionCreateParamsStreaming;

/** Handed back as they came; what else stands in them is the server's affair. */
const messageSchema = z.looseObject({
	role: z.enum(['user', 'assistant', 'tool']),
	content: z.string().nullable(),
}) as z.ZodType<unknown> as z.ZodType<Message>;

export type ChatSettings = Pick<
	OpenaiBackend,
	'model' | 'base_url' | 'max_tokens' | 'temperature' | 'prices' | 'timeout_seconds'
> & {
	manners: Manners;
	/** Sent along, or, with null, not. */
	headers: Readonly<Record<string, string | null>>;
};

/** Chat completions by OpenAI's own SDK. It retries nothing, writes no log, and sends no key but the job's. */
export function openaiApi(settings: ChatSettings): Api<Message> {
	return {
		title: `The server at ${new URL(settings.base_url).host}`,
		messageSchema,
		failures: failureRows,
		send: patientFetch,
		userMessage: text => ({role: 'user', content: text}),
		resultMessages: results => results.map(resultMessage),
		async connect({key, fetch}) {
			const {OpenAI: Client} = await import('openai/client');
			const client = new Client({
				// The SDK wants one, and sends what the header says, or none.
				...{apiKey: key ?? 'none', adminAPIKey: null, organization: null, project: null, webhookSecret: null},
				defaultHeaders: {...settings.headers, authorization: key === undefined ? null : `Bearer ${key}`},
				baseURL: settings.base_url,
				maxRetries: 0,
				// How long an attempt may take is watched elsewhere: the SDK gives up later.
				timeout: Math.round(Math.min(settings.timeout_seconds * 1000 + 60_000, 2 ** 31 - 1)),
				fetch,
				logLevel: 'off',
			});
			return ask => speak(client, settings, ask);
		},
	};
}

const resultMessage = ({id, text, isError}: ToolResult): Message => ({
	role: 'tool',
	tool_call_id: id,
	content: isError ? `Error: ${text}` : text,
});

async function speak(client: OpenAI, settings: ChatSettings, ask: Ask<Message>): Promise<Turn<Message>> {
	const stream = await begin(client, settings, ask);
	const reply = new Reply();
	const chunks = stream[Symbol.asyncIterator]();
	for (;;) {
		const next = await chunks.next().catch(error => {
			// Cut off behind its end it is whole all the same.
			if (reply.reason === undefined || ask.signal.aborted) rejected(error);
			return {done: true as const, value: undefined};
		});
		if (next.done) break;
		const chunk = next.value;
		const spent = spentIn(chunk);
		if (spent) ask.spent(priced(spent, settings.prices));
		const text = reply.take(chunk);
		if (text !== '') ask.say(text);
	}
	if (reply.reason === undefined || ask.signal.aborted) throw new BrokenOff();
	const {message} = reply;
	return {...(message ? {message} : {}), text: withoutThoughts(reply.text), stop: stopOf(reply, ask.tools.length > 0)};
}

/** Sends the request, and once more where the server only minds a field that can be left out or named otherwise. */
async function begin(client: OpenAI, settings: ChatSettings, ask: Ask<Message>) {
	for (;;) {
		const body = bodyOf(settings, ask);
		try {
			return await client.chat.completions.create(body, {signal: ask.signal});
		} catch (error) {
			if (ask.signal.aborted || !learn(settings.manners, faultOf(error))) rejected(error);
		}
	}
}

function bodyOf(settings: ChatSettings, {messages, tools, system}: Ask<Message>): Body {
	const {model, max_tokens: most, temperature, manners} = settings;
	return {
		model,
		...(most === undefined ? {} : {[manners.limit]: most}),
		...(temperature === undefined ? {} : {temperature}),
		messages: [...(system === undefined ? [] : [{role: 'system' as const, content: system}]), ...messages],
		...(tools.length === 0 ? {} : {tools: tools.map(asFunction)}),
		stream: true,
		...(manners.asksUsage ? {stream_options: {include_usage: true}} : {}),
	};
}

const asFunction = ({name, description, inputSchema}: Ask<Message>['tools'][number]) => ({
	type: 'function' as const,
	function: {name, description, parameters: inputSchema},
});

const figure = z.number().min(0).catch(0);
const spendingSchema = z.object({
	usage: z.object({
		prompt_tokens: figure,
		completion_tokens: figure,
		prompt_tokens_details: z.object({cached_tokens: figure}).catch({cached_tokens: 0}),
	}),
});

/** What a piece tells that was used; undefined where it tells nothing. */
function spentIn(chunk: unknown): Omit<Usage, 'costUsd'> | undefined {
	const read = spendingSchema.safeParse(chunk);
	if (!read.success) return undefined;
	const {prompt_tokens: input, completion_tokens: outputTokens, prompt_tokens_details: details} = read.data.usage;
	const {cached_tokens: cached} = details;
	return {inputTokens: Math.max(input - cached, 0), outputTokens, cacheReadTokens: cached, cacheWriteTokens: 0};
}
