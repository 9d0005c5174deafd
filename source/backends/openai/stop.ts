import type {Failure} from '../../core/failure.js';
import type {Stop} from '../api/api.js';
import type {Reply} from './reply.js';

/** What follows from how the model has ended its turn. Some servers say `stop` also where tools are called. */
export function stopOf(
	{reason, calls, refusal, text}: Pick<Reply, 'reason' | 'calls' | 'refusal' | 'text'>,
	hasTools: boolean,
): Stop {
	switch (reason) {
		case 'length':
			return failed('transient', cutOff);
		case 'content_filter':
			return failed('refused', `The server held the reply back as against its rules: ${otherwise}.`);
		case 'stop':
		case 'tool_calls':
		case 'function_call':
		case 'eos':
		case 'end_turn':
		case 'stop_sequence':
			// Some models call tools that nobody has offered.
			if (hasTools && calls.length > 0) return {type: 'calls', calls};
			if (refusal !== '' && text === '')
				return failed('refused', `The model declined this prompt ("${refusal.trim()}"): ${otherwise}.`);
			return {type: 'done'};
		default:
			return failed('transient', `The model ended its turn for a reason that is not known: ${reason}.`);
	}
}

const otherwise = 'reword the template, or give these items another model';
const cutOff =
	'The reply was cut off, since it was as long as backend.max_tokens or the model’s context allows, and another try may fare no better: raise that (of a server of your own: -c, --max-model-len, OLLAMA_CONTEXT_LENGTH), or ask for less in one batch.';

const failed = (kind: Failure['kind'], message: string): Stop => ({type: 'failed', failure: {kind, message}});
