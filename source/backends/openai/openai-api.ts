import type {OpenaiBackend} from '../../config/backend-schema.js';
import type {ApiSurroundings} from '../anthropic/anthropic-api.js';
import type {Backend} from '../backend.js';
import {usualManners} from './manners.js';

/** A server with the API of OpenAI's chat completions. What it takes, the SDK first of all, is loaded when an attempt begins. */
export function createOpenaiBackend(settings: OpenaiBackend, around: ApiSurroundings): Backend {
	// What one attempt has learnt of the server spares the next one the question.
	const manners = usualManners();
	return {
		keepsSessions: true,
		async run(request) {
			const {runOpenaiAttempt} = await import('./attempt.js');
			return runOpenaiAttempt({...settings, manners}, request, around);
		},
	};
}
