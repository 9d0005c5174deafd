import type {ApiBackend} from '../../config/schema.js';
import {notSent, runApiAttempt} from '../api/api-attempt.js';
import type {BackendRequest, BackendResult} from '../backend.js';
import {apiKeyOf} from '../keys.js';
import {addressOf, unfitAddress} from './address.js';
import type {ApiSurroundings} from './anthropic-api.js';
import {anthropicApi} from './messages.js';

/** One attempt by the Anthropic API, if there are a key and an address to send it to. */
export async function runAnthropicAttempt(
	settings: ApiBackend,
	request: BackendRequest,
	around: ApiSurroundings,
): Promise<BackendResult> {
	const key = apiKeyOf(settings, around.env);
	if (key === undefined) return notSent({kind: 'auth', message: missingKey(settings)});
	if (/[^\x21-\x7e]/.test(key)) return notSent({kind: 'auth', message: oddKey(settings)});
	const baseUrl = addressOf(settings, around.env);
	const unfit = unfitAddress(baseUrl);
	if (unfit !== undefined)
		return notSent({kind: 'config', message: `The address of the API cannot be used: ${unfit}.`});
	return runApiAttempt(anthropicApi({...settings, baseUrl, now: around.now}), settings, {request, key, around});
}

const oddKey = ({api_key_env: name}: Pick<ApiBackend, 'api_key_env'>): string =>
	`What ${name} holds is no key: there are blanks or other signs in it that no key has. Correct it, then resume.`;

export const missingKey = ({api_key_env: name}: Pick<ApiBackend, 'api_key_env'>): string =>
	`There is no key for the Anthropic API: set ${name} in your environment (platform.claude.com gives one), then resume.`;
