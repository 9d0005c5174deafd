import * as z from 'zod';

/**
 * What Claude Code prints, as far as it is used here. Tolerant on purpose: versions differ, so whatever is missing or
 * of another kind is as good as not there, and an event of an unknown type is none.
 */

const text = z.string().catch('');
const maybeText = z.string().optional().catch(undefined);
const maybeNumber = z.number().optional().catch(undefined);
const tokens = z.number().catch(0);
const list = <T extends z.ZodType>(item: T) => z.array(item).catch([]);

const usage = z
	.object({
		input_tokens: tokens,
		output_tokens: tokens,
		cache_read_input_tokens: tokens,
		cache_creation_input_tokens: tokens,
	})
	.optional()
	.catch(undefined);
export type UsageFigures = NonNullable<z.infer<typeof usage>>;

const result = z.object({
	type: z.literal('result'),
	subtype: text,
	is_error: z.boolean().catch(false),
	result: maybeText,
	errors: list(text),
	api_error_status: maybeNumber,
	api_error: maybeText,
	terminal_reason: maybeText,
	stop_reason: maybeText,
	num_turns: maybeNumber,
	duration_ms: maybeNumber,
	/** Some versions count the whole session here, others this run alone. */
	total_cost_usd: maybeNumber,
	/** Of this run, without the helpers that it sent. */
	usage,
	/** By model; counts whatever `total_cost_usd` counts. */
	modelUsage: z
		.record(
			z.string(),
			z.object({
				inputTokens: tokens,
				outputTokens: tokens,
				cacheReadInputTokens: tokens,
				cacheCreationInputTokens: tokens,
			}),
		)
		.catch({}),
	permission_denials: list(z.object({tool_name: text})),
});
export type ResultEvent = z.infer<typeof result>;

const block = z.object({
	type: text,
	text,
	id: text,
	name: text,
	input: z.record(z.string(), z.unknown()).catch({}),
	tool_use_id: text,
	content: z.unknown().optional(),
	is_error: z.boolean().catch(false),
});
export type Block = z.infer<typeof block>;

const content = z.union([z.string().transform(words => [block.parse({type: 'text', text: words})]), z.array(block)]);

const assistant = z.object({
	type: z.literal('assistant'),
	/** One message comes as several events, each with the figures so far. */
	message: z.object({id: text, model: text, usage, content: content.catch([])}),
	parent_tool_use_id: z.string().nullish().catch(undefined),
	/** Why the API did not answer; the message then is the CLI's own. */
	error: maybeText,
	api_error: maybeText,
	api_error_status: maybeNumber,
});
export type AssistantEvent = z.infer<typeof assistant>;

const user = z.object({
	type: z.literal('user'),
	message: z.object({content: content.catch([])}),
	parent_tool_use_id: z.string().nullish().catch(undefined),
});

const system = z.object({
	type: z.literal('system'),
	subtype: text,
	cwd: maybeText,
	model: maybeText,
	/** `permission_denied` */
	tool_name: text,
	tool_use_id: text,
	/** `api_retry` */
	attempt: maybeNumber,
	max_retries: maybeNumber,
	retry_delay_ms: maybeNumber,
	error_status: maybeNumber,
	error: maybeText,
	/** `model_fallback` */
	content: maybeText,
});
export type SystemEvent = z.infer<typeof system>;

const limitInfo = z.object({
	status: text,
	/** Seconds since the epoch. */
	resetsAt: maybeNumber,
	rateLimitType: maybeText,
	/** Paid for beyond the limit: work goes on. */
	isUsingOverage: z.boolean().catch(false),
	/** 0 to 1. */
	utilization: maybeNumber,
});
export type LimitInfo = z.infer<typeof limitInfo>;
const limit = z.object({type: z.literal('rate_limit_event'), rate_limit_info: limitInfo});

const event = z.discriminatedUnion('type', [result, assistant, user, system, limit]);
export type ClaudeEvent = z.infer<typeof event>;

/** The events of one line: none when they are of no use here, undefined when the line is no JSON object or list of them. */
export function readEvents(line: string): ClaudeEvent[] | undefined {
	if (!/^\s*[[{]/.test(line)) return undefined;
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		return undefined;
	}
	return (Array.isArray(value) ? value : [value]).flatMap(one => {
		const read = event.safeParse(one);
		return read.success ? [read.data] : [];
	});
}
