import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {APIConnectionError, APIError, APIUserAbortError} from 'openai';
import {BrokenOff, failureOf, faultOf} from '../../../source/backends/api/fault.js';
import {failureRows} from '../../../source/backends/openai/failure-table.js';
import {learn, usualManners} from '../../../source/backends/openai/manners.js';

const judge = (error: unknown) =>
	failureOf(faultOf(error), {
		title: 'The server at localhost:8080',
		rows: failureRows,
		now: () => 0,
		readReset: async () => undefined,
	});

const refusal = (status: number | undefined, error: object) =>
	APIError.generate(status, {error}, undefined, new Headers());

describe('the words of servers', () => {
	for (const [server, status, error, kind] of [
		[
			'OpenAI',
			400,
			{
				code: 'context_length_exceeded',
				message: "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
			},
			'prompt_too_long',
		],
		['OpenAI', 400, {message: 'Input tokens exceed the configured limit of 272000 tokens.'}, 'prompt_too_long'],
		[
			'OpenAI',
			429,
			{
				code: 'rate_limit_exceeded',
				message:
					'Request too large for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Requested 60000.',
			},
			'prompt_too_long',
		],
		[
			'OpenAI',
			429,
			{
				code: 'rate_limit_exceeded',
				message: 'Rate limit reached for gpt-4o on requests per min (RPM): Limit 3, Used 3, Requested 1.',
			},
			'rate_limit',
		],
		[
			'OpenAI',
			429,
			{
				code: 'insufficient_quota',
				type: 'insufficient_quota',
				message: 'You exceeded your current quota, please check your plan and billing details.',
			},
			'billing',
		],
		['OpenAI', 401, {code: 'invalid_api_key', message: 'Incorrect API key provided: sk-***.'}, 'auth'],
		[
			'OpenAI',
			404,
			{code: 'model_not_found', message: 'The model `gpt-9` does not exist or you do not have access to it.'},
			'config',
		],
		['OpenAI', 503, {message: 'The engine is currently overloaded, please try again later.'}, 'overloaded'],
		[
			'OpenAI',
			500,
			{message: 'The server had an error while processing your request.', type: 'server_error'},
			'transient',
		],
		[
			'Azure',
			400,
			{
				code: 'content_filter',
				message: 'The response was filtered due to the prompt triggering the content management policy.',
			},
			'refused',
		],
		['OpenRouter', 402, {message: 'Insufficient credits'}, 'billing'],
		['OpenRouter', 403, {message: 'Your chosen model requires moderation and your input was flagged'}, 'refused'],
		['DeepSeek', 402, {message: 'Insufficient Balance'}, 'billing'],
		[
			'llama.cpp',
			400,
			{
				code: 400,
				type: 'exceed_context_size_error',
				message: 'request (4390 tokens) exceeds the available context size (4096 tokens), try increasing it',
			},
			'prompt_too_long',
		],
		[
			'llama.cpp',
			500,
			{code: 500, type: 'server_error', message: 'Context size has been exceeded.'},
			'prompt_too_long',
		],
		[
			'llama.cpp',
			500,
			{code: 500, type: 'server_error', message: 'input is too large to process. increase the physical batch size'},
			'prompt_too_long',
		],
		['llama.cpp', 503, {code: 503, type: 'unavailable_error', message: 'Loading model'}, 'overloaded'],
		['llama.cpp', 401, {code: 401, type: 'authentication_error', message: 'Invalid API Key'}, 'auth'],
		['llama.cpp', 500, {code: 500, type: 'server_error', message: 'tools param requires --jinja flag'}, 'config'],
		['Ollama', 404, {type: 'not_found_error', message: 'model "small" not found, try pulling it first'}, 'config'],
		[
			'Ollama',
			400,
			{type: 'api_error', message: 'registry.ollama.ai/library/gemma3:4b does not support tools'},
			'config',
		],
		['Ollama', 503, {message: 'server busy, please try again.  maximum pending requests exceeded'}, 'overloaded'],
		['Ollama', 500, {message: 'model requires more system memory (5.6 GiB) than is available (3.1 GiB)'}, 'config'],
		['Ollama', 400, {message: 'the input length exceeds the context length'}, 'prompt_too_long'],
		[
			'vLLM',
			400,
			{
				code: 400,
				type: 'BadRequestError',
				message:
					"This model's maximum context length is 16384 tokens. However, you requested 122946 tokens (112946 in the messages, 10000 in the completion). Please reduce the length of the messages or completion.",
			},
			'prompt_too_long',
		],
		['vLLM', 400, {code: 400, message: 'max_tokens must be at least 1, got -186.'}, 'prompt_too_long'],
		[
			'vLLM',
			400,
			{message: 'The decoder prompt (length 5000) is longer than the maximum model length of 4096.'},
			'prompt_too_long',
		],
		['vLLM', 404, {code: 404, type: 'NotFoundError', message: 'The model `small` does not exist.'}, 'config'],
		[
			'vLLM',
			400,
			{message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'},
			'config',
		],
		[
			'LM Studio',
			400,
			{
				message:
					'Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens',
			},
			'prompt_too_long',
		],
		['LM Studio', 404, {message: 'No models loaded. Please load a model in the developer page'}, 'config'],
		['a gateway', 400, {message: 'temperature: out of range'}, 'config'],
		['a gateway', 504, {message: 'upstream request timeout'}, 'timeout'],
	] as const) {
		test(`${server}: ${status} ${error.message.slice(0, 60)} is ${kind}`, async () => {
			const failure = await judge(refusal(status, error));
			assert.equal(failure.kind, kind);
			// Where the status has been sent already, the words must do.
			if (!['auth', 'billing', 'refused', 'timeout'].includes(kind) && status !== 400 && status !== 404 && status < 500)
				assert.equal((await judge(new APIError(undefined, error, undefined, new Headers()))).kind, kind);
		});
	}

	test('say which of model and address is wrong', async () => {
		const model = await judge(refusal(404, {message: 'The model `small` does not exist.'}));
		assert.match(model.message, /^The server at localhost:8080 does not have this model .*correct backend\.model/);
		const address = await judge(refusal(404, {message: 'File Not Found', type: 'not_found_error'}));
		assert.match(address.message, /correct backend\.base_url, which mostly ends with \/v1/);
	});
});

test('faults of the connection are those of every API', async () => {
	const kindOf = async (error: unknown) => (await judge(error)).kind;
	const cause = (code: string) => Object.assign(new Error(code), {code});
	assert.equal(await kindOf(new APIConnectionError({cause: cause('ECONNREFUSED')})), 'network');
	assert.equal(await kindOf(new BrokenOff()), 'network');
	assert.equal(await kindOf(new APIUserAbortError()), 'transient');
});

test('a lesson is learnt once, and from refusals alone', () => {
	const manners = usualManners();
	const minds = {status: 400, message: 'Unknown field: stream_options'};
	assert.equal(learn(manners, {message: minds.message}), false);
	assert.equal(learn(manners, minds), true);
	assert.equal(learn(manners, minds), false);
	assert.equal(learn(manners, {status: 400, message: 'max_tokens is too large: 9000'}), false);
	assert.deepEqual(manners, {asksUsage: false, limit: 'max_tokens'});
});
