import type {Backend as BackendSettings} from '../config/schema.js';
import {createStripper} from '../process/sanitize.js';
import {sessionCostIn} from './claude/session-cost.js';
import {createTranscript} from './claude/transcript.js';

/** Turns what a CLI printed, as its log has it, into the harmless text that was shown live. */
export type Readable = {
	push(text: string): string;
	/** What is left when nothing more comes. To be called once. */
	end(): string;
};

/** `before`: the end of the log of the attempt whose session this one went on with, if it did; its cost is not this one's. */
export function readableOutput(
	settings: BackendSettings,
	stream: 'stdout' | 'stderr',
	before: string | undefined,
): Readable {
	if (settings.type !== 'claude_cli' || stream === 'stderr') {
		const stripper = createStripper();
		return {push: text => stripper.push(text), end: () => ''};
	}
	let said = '';
	const take = () => {
		const text = said;
		said = '';
		return text;
	};
	const knownUsd = before === undefined ? 0 : sessionCostIn(before);
	const transcript = createTranscript(settings.output_format, knownUsd, text => {
		said += text;
	});
	return {
		push(text) {
			transcript.push(text);
			return take();
		},
		end() {
			transcript.finish();
			return take();
		},
	};
}
