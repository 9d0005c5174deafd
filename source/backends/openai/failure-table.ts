import {type Fault, type FaultRow, lower} from '../api/fault.js';

const says = (words: RegExp) => (fault: Fault) => words.test(fault.message);
const hasWord =
	(...words: readonly string[]) =>
	({type = '', code = ''}: Fault) =>
		words.includes(type) || words.includes(code);
const hasStatus =
	(...statuses: readonly number[]) =>
	({status}: Fault) =>
		status !== undefined && statuses.includes(status);
const either =
	(...tests: readonly FaultRow['when'][]) =>
	(fault: Fault) =>
		tests.some(test => test(fault));

/** In the words of OpenAI, vLLM, llama.cpp, Ollama, LM Studio and text-generation-inference, in this order. */
const tooLong = [
	/maximum context length|context_length_exceeded|Input tokens exceed the configured limit/i,
	/max_tokens must be at least 1, got -|longer than the maximum model length/i,
	/exceeds? the available context size|Context size has been exceeded|input is too large to process/i,
	/exceed(?:s|ed)? (?:the )?(?:max(?:imum)? )?context (?:length|window)|prompt too long/i,
	/when context the overflows|is greater than the context length/i,
	/tokens \+ `?max_new_tokens`? must be <=/i,
];

/**
 * What the errors of such servers mean. The first row that fits counts: words stand before statuses, which they choose as
 * they like (a model's full context is 400 here and 500 there).
 */
export const failureRows: readonly FaultRow[] = [
	{
		kind: 'network',
		when: ({connection}) => connection === 'ECONNREFUSED',
		message: ({title, quote}) => `${title} does not answer${quote}: start it, or correct backend.base_url.`,
	},
	{
		kind: 'billing',
		when: either(
			hasStatus(402),
			hasWord('insufficient_quota', 'billing_not_active', 'billing_hard_limit_reached'),
			says(/\b(?:insufficient balance|exceeded your current quota)\b/i),
		),
		message: ({title, quote}) => `The account at ${lower(title)} has no credit left${quote}: add some, then resume.`,
	},
	{
		kind: 'prompt_too_long',
		when: either(
			hasStatus(413),
			hasWord('exceed_context_size_error', 'context_length_exceeded', 'string_above_max_length'),
			({message}) => tooLong.some(words => words.test(message)),
			// A request that is larger than a whole minute's limit: no wait makes it fit.
			says(/^Request too large for .*\bLimit\b/is),
		),
		message: ({quote}) =>
			`The prompt is too long for the model${quote}: make batch.size smaller, shorten the template, lower backend.max_tokens, or give the server a larger context (-c, --max-model-len, OLLAMA_CONTEXT_LENGTH).`,
	},
	{
		kind: 'refused',
		when: either(
			hasWord('content_filter', 'content_policy_violation', 'ResponsibleAIPolicyViolation'),
			says(/content management policy|input was flagged|requires moderation/i),
		),
		message: ({title, quote}) =>
			`${title} declined this prompt as against its rules${quote}: reword the template, or give these items another model.`,
	},
	{
		kind: 'rate_limit',
		brief: true,
		when: either(hasStatus(429), hasWord('rate_limit_exceeded', 'rate_limit_error')),
		message: ({title, quote}) => `${title} takes no more requests for now${quote}.`,
	},
	{
		kind: 'config',
		when: says(/requires more (?:system )?memory/i),
		message: ({title, quote}) =>
			`The model needs more memory than ${lower(title)} has${quote}: choose a smaller one (backend.model), then resume.`,
	},
	{
		kind: 'config',
		when: says(/does not support (?:tools|function)|--enable-auto-tool-choice|tools param requires --jinja/i),
		message: ({title, quote}) =>
			`${title} cannot let this model use tools${quote}: choose another model, start the server with them, or use backend.output in place of backend.tools.`,
	},
	{
		kind: 'overloaded',
		when: either(says(/^Loading model\b/i), says(/\bmodel is (?:still |currently )?loading\b/i)),
		message: ({title, quote}) => `${title} is still loading the model${quote}: the job waits a little and tries again.`,
	},
	{
		kind: 'overloaded',
		when: either(hasStatus(503, 529), hasWord('overloaded_error', 'server_overloaded')),
		message: ({title, quote}) =>
			`${title} has too much to do just now${quote}: the job waits a little and tries again.`,
	},
	{
		kind: 'auth',
		when: either(hasStatus(401), hasWord('invalid_api_key', 'authentication_error')),
		message: ({title, quote}) =>
			`${title} wants a key, or another one${quote}: put a valid one into the variable that backend.api_key_env names, then resume.`,
	},
	{
		kind: 'auth',
		when: hasStatus(403),
		message: ({title, quote}) => `${title} does not allow this${quote}: use another key or another model, then resume.`,
	},
	{
		kind: 'config',
		when: either(
			hasWord('model_not_found'),
			fault =>
				hasStatus(400, 404)(fault) &&
				/\bmodels?\b.*\b(?:not found|not exist|loaded|invalid)\b|invalid model/is.test(fault.message),
		),
		message: ({title, quote}) =>
			`${title} does not have this model${quote}: correct backend.model, or get the model, then resume.`,
	},
	{
		kind: 'config',
		when: hasStatus(404, 405),
		message: ({title, quote}) =>
			`${title} has no chat completions at this address${quote}: correct backend.base_url, which mostly ends with /v1, then resume.`,
	},
	{
		kind: 'config',
		when: hasStatus(400, 411, 412, 415, 422, 431, 501),
		message: ({title, quote}) =>
			`${title} does not take such a request${quote}: correct the backend in the job file, then resume.`,
	},
];
