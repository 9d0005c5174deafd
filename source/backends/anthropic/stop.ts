import type {Anthropic} from '@anthropic-ai/sdk';
import type {Stop, ToolCall} from '../api/api.js';

/** What follows from how the model has ended its turn. */
export function stopOf(
	message: Pick<Anthropic.Message, 'content' | 'stop_reason'>,
	{max_tokens: most}: {max_tokens: number},
): Stop {
	const calls = message.content.flatMap((block): ToolCall[] =>
		block.type === 'tool_use' ? [{id: block.id, name: block.name, input: block.input}] : [],
	);
	const {stop_reason: reason} = message;
	switch (reason) {
		case 'end_turn':
		case 'stop_sequence':
		case null:
			return {type: 'done'};
		case 'tool_use':
			return calls.length > 0 ? {type: 'calls', calls} : {type: 'done'};
		case 'pause_turn':
			return {type: 'paused'};
		case 'max_tokens':
			return failed(
				'transient',
				`The reply was cut off after ${most} tokens (backend.max_tokens), and another try may fare no better: raise it, or ask for less in one batch.`,
			);
		case 'refusal':
			return failed(
				'refused',
				'The model declined this prompt as against its usage policy: reword the template, or give these items another model.',
			);
		case 'model_context_window_exceeded':
			return failed(
				'prompt_too_long',
				'Prompt and reply together are longer than the model can hold: make batch.size smaller, or shorten the template.',
			);
		default:
			return failed('transient', `The model ended its turn for a reason that is not known: ${String(reason)}.`);
	}
}

const failed = (kind: 'transient' | 'refused' | 'prompt_too_long', message: string): Stop => ({
	type: 'failed',
	failure: {kind, message},
});
