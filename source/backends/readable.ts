import type {Backend as BackendSettings} from '../config/backend-schema.js';
import {profileSchema} from '../config/profile.js';
import {createStripper} from '../process/sanitize.js';
import type {Output} from './backend.js';
import {sessionCostIn} from './claude/session-cost.js';
import {createTranscript} from './claude/transcript.js';
import {createProfileReading} from './profile/reading.js';
import {profileOf} from './profiles.js';

/** Turns what a CLI printed, as its log has it, into the harmless text that was shown live. */
export type Readable = {
	push(text: string): string;
	/** What is left when nothing more comes. To be called once. */
	end(): string;
};

/** Reads standard output, and hands on what is to be shown. */
type Reading = {push(text: string): void; finish(): unknown};

/** `before`: the end of the log of the attempt whose session this one went on with, if it did; its cost is not this one's. */
export function readableOutput(
	settings: BackendSettings,
	stream: 'stdout' | 'stderr',
	before: string | undefined,
): Readable {
	let said = '';
	const take = () => {
		const text = said;
		said = '';
		return text;
	};
	const show = (text: string) => {
		said += text;
	};
	const reading = stream === 'stdout' ? readingOf(settings, before, show) : undefined;
	if (!reading) {
		const stripper = createStripper();
		return {push: text => stripper.push(text), end: () => ''};
	}
	return {
		push(text) {
			reading.push(text);
			return take();
		},
		end() {
			reading.finish();
			return take();
		},
	};
}

/** None where what is printed is what is shown. */
function readingOf(
	settings: BackendSettings,
	before: string | undefined,
	show: (text: string) => void,
): Reading | undefined {
	if (settings.type === 'claude_cli') {
		const knownUsd = before === undefined ? 0 : sessionCostIn(before);
		return createTranscript(settings.output_format, knownUsd, show);
	}
	const profile = profileOf(settings);
	if (!profile) return undefined;
	const reading = createProfileReading(
		profileSchema.parse(profile),
		({text}: Output) => show(text),
		() => {},
	);
	return {push: text => reading.push({stream: 'stdout', text}), finish: reading.finish};
}
