import type {Anthropic} from '@anthropic-ai/sdk';
import {BaseAnthropic} from '@anthropic-ai/sdk/client';
import {Messages} from '@anthropic-ai/sdk/resources/messages';
import * as z from 'zod';
import type {AnthropicBackend} from '../../config/backend-schema.js';
import type {Usage} from '../../core/usage.js';
import type {Api, Ask, ToolResult, Turn} from '../api/api.js';
import {priced} from '../api/cost.js';
import {BrokenOff, rejected} from '../api/fault.js';
import {mark, marked, withHead} from './cache-marks.js';
import {failureRows} from './failure-table.js';
import {pricesOf} from './prices.js';
import {utilizationOf} from './quota.js';
import {stopOf} from './stop.js';

type Message = Anthropic.MessageParam;

/** Blocks are handed back as they came; what stands in them is the API's affair. */
const messageSchema = z.object({
	role: z.enum(['user', 'assistant']),
	content: z.union([z.string(), z.array(z.looseObject({type: z.string()})).min(1)]),
}) as z.ZodType<unknown> as z.ZodType<Message>;

/** What is looked into, of what a gateway may have put together by itself. */
const replySchema = z.array(
	z.union([
		z.looseObject({type: z.literal('text'), text: z.string()}),
		z.looseObject({type: z.literal('tool_use'), id: z.string(), name: z.string()}),
		z.looseObject({type: z.string().regex(/^(?!(?:text|tool_use)$)/)}),
	]),
);

export type AnthropicSettings = Pick<
	AnthropicBackend,
	'model' | 'max_tokens' | 'temperature' | 'prices' | 'timeout_seconds'
> & {
	baseUrl: string;
	/** Sent along, or, with null, not. */
	headers: Readonly<Record<string, string | null>>;
	now(): number;
};

/** How long an attempt may take is watched elsewhere: the SDK, which tells it to the API too, gives up later. */
const timeoutOf = ({timeout_seconds: seconds}: AnthropicSettings) => Math.min(seconds * 1000 + 60_000, 2 ** 31 - 1);

/**
 * The Messages API by Anthropic's own SDK, of which no more is taken than this needs: the whole is three times as large. It retries nothing, writes no log, and reads no other credentials.
 */
export function anthropicApi(settings: AnthropicSettings): Api<Message> {
	return {
		title: 'The Anthropic API',
		messageSchema,
		failures: failureRows,
		userMessage: (text, fixedHead) => ({
			role: 'user',
			content: withHead(text, fixedHead).map(part => ({type: 'text', text: part})),
		}),
		resultMessages: results => [{role: 'user', content: results.map(resultBlock)}],
		async connect({key, fetch}) {
			const client = new BaseAnthropic({
				apiKey: key ?? null,
				baseURL: settings.baseUrl,
				defaultHeaders: settings.headers,
				maxRetries: 0,
				timeout: Math.round(timeoutOf(settings)),
				fetch,
				logLevel: 'off',
				openTelemetry: false,
			});
			const api = new Messages(client);
			return ask => speak(api, settings, ask);
		},
	};
}

const resultBlock = ({id, text, isError}: ToolResult): Anthropic.ToolResultBlockParam => ({
	type: 'tool_result',
	tool_use_id: id,
	content: text,
	...(isError ? {is_error: true} : {}),
});

/** Only this version of the API takes a temperature, and only of older models. */
const withTemperature = '2023-06-01';

async function speak(api: Messages, settings: AnthropicSettings, ask: Ask<Message>): Promise<Turn<Message>> {
	const {model, max_tokens, temperature} = settings;
	const {messages, tools, system, signal} = ask;
	const body = {
		model,
		max_tokens,
		...(temperature === undefined ? {} : {temperature}),
		// Behind the tools, whose many words are the same for every batch.
		...(system === undefined
			? {}
			: {system: tools.length === 0 ? system : [{type: 'text' as const, text: system, ...mark}]}),
		...(tools.length === 0
			? {}
			: {
					tools: tools.map(({name, description, inputSchema}) => ({
						name,
						description,
						input_schema: {type: 'object' as const, ...inputSchema},
					})),
				}),
		messages: marked(messages, {loops: tools.length > 0}),
	};
	const headers = temperature === undefined ? {} : {'anthropic-version': withTemperature};
	const stream = api.stream(body, {signal, headers});
	let [hasBegun, isWhole] = [false, false];
	const own = ownErrors();
	stream.on('connect', () =>
		own.during(() => {
			const utilization = utilizationOf(stream.response?.headers, settings.now());
			if (utilization) ask.warn(utilization);
		}),
	);
	stream.on('text', text => own.during(() => ask.say(text)));
	stream.on('streamEvent', ({type}, {usage}) =>
		own.during(() => {
			if (type === 'message_start' || type === 'message_delta') ask.spent(spentOf(usage, settings));
			hasBegun = true;
			if (type === 'message_stop') isWhole = true;
		}),
	);
	await stream.done().catch(own.orRejected);
	own.rethrow();
	if (hasBegun && !isWhole) throw new BrokenOff();
	const message = await stream.finalMessage().catch(rejected);
	if (!replySchema.safeParse(message.content).success) rejected(new Error('a reply of an odd shape'));
	const text = message.content.map(block => (block.type === 'text' ? block.text : '')).join('');
	// The API does not take back what is empty.
	const content = message.content.filter(block => block.type !== 'text' || block.text.trim() !== '');
	const said: {message?: Message} = content.length === 0 ? {} : {message: {role: 'assistant', content}};
	return {...said, text, stop: stopOf(message, settings)};
}

/** The SDK takes an error in a listener for one of the stream, and wraps it: errors of one's own are kept apart. */
function ownErrors() {
	let first: {error: unknown} | undefined;
	const rethrow = () => {
		if (first) throw first.error;
	};
	return {
		during(work: () => void) {
			try {
				work();
			} catch (error) {
				first ??= {error};
			}
		},
		rethrow,
		orRejected(error: unknown): never {
			rethrow();
			return rejected(error);
		},
	};
}

/** A gateway may leave out any of the figures. */
function spentOf(usage: Partial<Anthropic.Usage> | null | undefined, settings: AnthropicSettings): Usage {
	const spent = {
		inputTokens: usage?.input_tokens ?? 0,
		outputTokens: usage?.output_tokens ?? 0,
		cacheReadTokens: usage?.cache_read_input_tokens ?? 0,
		cacheWriteTokens: usage?.cache_creation_input_tokens ?? 0,
	};
	return priced(spent, pricesOf(settings));
}
