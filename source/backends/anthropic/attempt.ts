import type {AnthropicBackend} from '../../config/backend-schema.js';
import {addressOf, unfitAddress} from '../api/address.js';
import {notSent, runApiAttempt} from '../api/api-attempt.js';
import {keyProblem} from '../api/api-key.js';
import {customHeaders} from '../api/custom-headers.js';
import type {BackendRequest, BackendResult} from '../backend.js';
import {apiKeyOf} from '../keys.js';
import type {ApiSurroundings} from './anthropic-api.js';
import {anthropicApi} from './messages.js';

/** One attempt by the Anthropic API, if there are a key and an address to send it to. */
export async function runAnthropicAttempt(
	settings: AnthropicBackend,
	request: BackendRequest,
	around: ApiSurroundings,
): Promise<BackendResult> {
	const key = apiKeyOf(settings, around.env);
	const problem = keyProblem(settings.api_key_env, key, 'the Anthropic API', ' (platform.claude.com gives one)');
	if (problem) return notSent(problem);
	const baseUrl = addressOf(settings, around.env);
	const unfit = unfitAddress(baseUrl);
	if (unfit !== undefined)
		return notSent({kind: 'config', message: `The address of the API cannot be used: ${unfit}.`});
	const {ANTHROPIC_CUSTOM_HEADERS: inherited} = around.env;
	const headers = customHeaders(inherited, settings.env?.ANTHROPIC_CUSTOM_HEADERS ?? inherited);
	const api = anthropicApi({...settings, baseUrl, headers, now: around.now});
	return runApiAttempt(api, settings, {request, key, around});
}
