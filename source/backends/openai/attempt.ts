import type {OpenaiBackend} from '../../config/backend-schema.js';
import type {ApiSurroundings} from '../anthropic/anthropic-api.js';
import {unfitAddress} from '../api/address.js';
import {notSent, runApiAttempt} from '../api/api-attempt.js';
import {keyProblem} from '../api/api-key.js';
import {customHeaders} from '../api/custom-headers.js';
import type {BackendRequest, BackendResult} from '../backend.js';
import {apiKeyOf} from '../keys.js';
import {type ChatSettings, openaiApi} from './chat.js';

/** One attempt by a server of the kind; a key is sent only where the job names one. */
export async function runOpenaiAttempt(
	settings: OpenaiBackend & Pick<ChatSettings, 'manners'>,
	request: BackendRequest,
	around: ApiSurroundings,
): Promise<BackendResult> {
	const {api_key_env: name, base_url: address} = settings;
	const unfit = unfitAddress(address);
	if (unfit !== undefined)
		return notSent({kind: 'config', message: `The address of the server cannot be used: ${unfit}.`});
	const key = apiKeyOf(settings, around.env);
	const problem = name === undefined ? undefined : keyProblem(name, key, `the server at ${new URL(address).host}`);
	if (problem) return notSent(problem);
	const headers = customHeaders(around.env.OPENAI_CUSTOM_HEADERS, settings.env?.OPENAI_CUSTOM_HEADERS);
	return runApiAttempt(openaiApi({...settings, headers}), settings, {request, key, around});
}
