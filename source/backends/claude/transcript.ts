import type {Backend as BackendSettings} from '../../config/backend-schema.js';
import {createStripper, type Stripper} from '../../process/sanitize.js';
import type {Utilization} from '../backend.js';
import {createLineCutter} from '../line-cutter.js';
import type {AssistantEvent, ClaudeEvent, LimitInfo, ResultEvent, UsageFigures} from './event.js';
import {readEvents} from './event.js';
import {createLiveText} from './live-text.js';

export type Format = Extract<BackendSettings, {type: 'claude_cli'}>['output_format'];

/** What one run of Claude Code has told about itself. */
export type Seen = {
	/** Its own last word; there is none when it was killed, and none in the text format. */
	result?: ResultEvent;
	/** The account's limit, when nothing was answered any more after it was told. */
	limit?: LimitInfo;
	/** Why the API did not answer, from the last message that the CLI wrote in the model's place. */
	apiError?: AssistantEvent;
	/** How much of the account's quota was used when the service last warned of it. */
	warning?: Utilization;
	/** Tools it was not allowed to use. */
	denied: Set<string>;
	/** What each message has used so far, by its id: all that is known of a run that was cut off. */
	messages: Map<string, UsageFigures>;
	/** The end of what was no event: complaints of the CLI or of the system. */
	plain: string;
	/** The end of what was shown of its events: the last words of a run that gives no reason for its end. */
	shown: string;
};

export type Transcript = {
	push(text: string): void;
	/** To be called once, when all has been pushed. */
	finish(): Seen;
};

/** The longest line that is read, in characters; a tool's result can be long, and must not take the memory. */
const longestLine = 8_000_000;
const plainLength = 4_000;

/**
 * Reads the standard output of one run while it comes, and shows it as text. `knownUsd`: cost of the session before.
 * `warn` hears of the account's quota when there is news of it.
 */
export function createTranscript(
	format: Format,
	knownUsd: number,
	show: (text: string) => void,
	warn: (warning: Utilization) => void = () => {},
): Transcript {
	const seen: Seen = {denied: new Set(), messages: new Map(), plain: '', shown: ''};
	const liveText = createLiveText(knownUsd);
	let stripper: Stripper | undefined;

	const say = (text: string) => {
		if (text !== '') show(text);
	};
	const plain = (text: string) => {
		stripper ??= createStripper();
		const clean = stripper.push(text);
		seen.plain = `${seen.plain}${clean}`.slice(-plainLength);
		say(clean);
	};
	const noteWarning = ({status, utilization, rateLimitType: window = 'quota', resetsAt}: LimitInfo) => {
		if (status !== 'allowed_warning' || utilization === undefined) return;
		const {warning} = seen;
		if (warning?.utilization === utilization && warning.window === window) return;
		seen.warning = {utilization, window, ...(resetsAt === undefined ? {} : {resetsAt: resetsAt * 1000})};
		warn(seen.warning);
	};
	const cutter = createLineCutter(longestLine, {
		onLine(line) {
			const events = readEvents(line);
			if (!events && line.trim() !== '') plain(`${line}\n`);
			for (const event of events ?? []) {
				note(seen, event);
				if (event.type === 'rate_limit_event') noteWarning(event.rate_limit_info);
				const text = liveText(event);
				seen.shown = `${seen.shown}${text}`.slice(-plainLength);
				say(text);
			}
		},
		onTooLong: length => say(`… a line of ${Math.round(length / 1e6)} MB is not shown (the log has it)\n`),
	});

	return {
		push: text => (format === 'text' ? plain(text) : cutter.push(text)),
		finish() {
			cutter.end();
			return seen;
		},
	};
}

function note(seen: Seen, event: ClaudeEvent): void {
	switch (event.type) {
		case 'result':
			seen.result = event;
			for (const {tool_name: tool} of event.permission_denials) seen.denied.add(tool);
			return;
		case 'assistant':
			if (event.message.usage) seen.messages.set(event.message.id, event.message.usage);
			if (event.error !== undefined || event.message.model === '<synthetic>') {
				seen.apiError = event;
				return;
			}
			// The model has answered: what was in the way before is so no longer.
			delete seen.limit;
			delete seen.apiError;
			return;
		case 'system':
			if (event.subtype === 'permission_denied' && event.tool_name !== '') seen.denied.add(event.tool_name);
			return;
		case 'rate_limit_event': {
			const {rate_limit_info: info} = event;
			delete seen.limit;
			// Without a name and a time it is no limit of the account: the service itself is short of something.
			const named = info.resetsAt !== undefined || info.rateLimitType !== undefined;
			if (info.status === 'rejected' && named && !info.isUsingOverage) seen.limit = info;
			return;
		}
		case 'user':
			return;
	}
}
