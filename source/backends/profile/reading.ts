import type {Profile, ProfileEvent} from '../../config/profile.js';
import {addUsage, type Usage, usageSince} from '../../core/usage.js';
import {createStripper, type Stripper} from '../../process/sanitize.js';
import type {Output} from '../backend.js';
import {createLineCutter} from '../line-cutter.js';
import {createLiveText} from './live-text.js';
import {fits, sumAt, textAt} from './path.js';

/** What one run has told about itself. */
export type Seen = {
	/** Why it has failed, by its own events. */
	errors: string[];
	/** Whether it has said that it failed, though it may not have told why. */
	failed: boolean;
	/** Complaints of its own, on standard error or beside its events, since the model last said or did something. */
	complaints: string[];
	/** The final reply, as far as one is known; the end of it, where it is plain text. */
	reply: string;
	/** The end of what was shown of it. */
	shown: string;
	/** Whether it has told that it is done. */
	final: boolean;
	/** What this run has used. */
	usage?: Usage;
	/** What the session that it is in has used, by its own count, where that goes on with the session. */
	sessionUsage?: Usage;
	/** Events that rows of `failures` ask for, by the row's index: the last that fits. */
	signals: Map<number, unknown>;
};

export type ProfileReading = {push(output: Output): void; finish(): Seen};

/** The longest line that is read, and most of a JSON value that stands at the end, in characters. */
const longestLine = 8_000_000;
/** The first complaints often name the cause, the last ones what became of it. */
const complaintsKept = {first: 10, last: 20};
const mostErrors = 20;
const longestReply = 4_000;
const replyLines = 20;

/**
 * Reads what a run prints as its profile says. `show` gets text for a person, `told` the id of the session. `before` is
 * what the session that it goes on with had used.
 */
export function createProfileReading(
	{output, failures}: Pick<Profile, 'output' | 'failures'>,
	show: (output: Output) => void,
	told: (id: string) => void,
	before?: Usage,
): ProfileReading {
	const seen: Seen = {
		errors: [],
		failed: false,
		complaints: [],
		reply: '',
		shown: '',
		final: false,
		signals: new Map(),
	};
	const events = output.type === 'text' ? [] : output.events;
	const liveText = createLiveText();

	const say = (text: string, stream: Output['stream'] = 'stdout') => {
		if (text === '') return;
		if (stream === 'stdout') seen.shown = `${seen.shown}${text}`.slice(-longestReply);
		show({stream, text});
	};
	const complain = (line: string) => {
		const clean = line.trim();
		if (clean === '') return;
		seen.complaints.push(clean.slice(0, longestReply));
		const {first, last} = complaintsKept;
		if (seen.complaints.length > first + last) seen.complaints.splice(first, 1);
	};

	function note(event: unknown): void {
		for (const [index, row] of failures.entries()) {
			if (row.event && fits(event, row.event)) seen.signals.set(index, event);
		}
		const rows = events.filter(row => fits(event, row.when));
		for (const row of rows) {
			const goesOn = row.tool ?? row.tool_result ?? (row.text === undefined ? undefined : textAt(event, row.text));
			// The model has answered: what was in the way before is so no longer.
			if (goesOn !== undefined) seen.complaints = [];
			const complaint = textAt(event, row.note);
			if (complaint !== undefined) complain(complaint);
			const error = textAt(event, row.error);
			if (error !== undefined && seen.errors.length < mostErrors) seen.errors.push(error.slice(0, longestReply));
			const id = textAt(event, row.session);
			if (id !== undefined && id !== '') told(id);
			const usage = usageOf(event, row.usage);
			if (usage && row.usage?.counts_session) seen.sessionUsage = usage;
			else if (usage) seen.usage = addUsage(seen.usage, usage);
			if (row.final) seen.final = true;
			if (row.failed) seen.failed = true;
			say(liveText.show(event, row));
			const reply = textAt(event, row.reply);
			if (reply !== undefined) seen.reply = reply;
			else if (goesOn !== undefined) seen.reply = liveText.said();
		}
		say(liveText.end(event, rows));
	}

	/** A line that is no event: what the CLI says beside them. */
	function plainLine(line: string): void {
		const clean = stripped({stream: 'stdout', text: `${line}\n`});
		complain(clean);
		say(clean);
	}

	const strippers: Record<Output['stream'], Stripper> = {stdout: createStripper(), stderr: createStripper()};
	const stripped = ({stream, text}: Output) => strippers[stream].push(text);
	const lines = (onLine: (line: string) => void) =>
		createLineCutter(longestLine, {
			onLine,
			onTooLong: length => say(`… a line of ${Math.round(length / 1e6)} MB is not shown (the log has it)\n`),
		});
	const stderr = lines(complain);
	const stdout = lines(line => {
		const values = output.type === 'jsonl' ? readValues(line) : undefined;
		if (values) for (const value of values) note(value);
		else if (line.trim() !== '') plainLine(line);
	});
	/** What `json` is looked for in. */
	const whole = {stdout: '', stderr: ''};

	return {
		push({stream, text}) {
			if (output.type === 'json') whole[stream] = `${whole[stream]}${text}`.slice(-longestLine);
			if (stream === 'stderr') {
				const clean = stripped({stream, text});
				say(clean, 'stderr');
				stderr.push(clean);
			} else if (output.type === 'jsonl') {
				stdout.push(text);
			} else if (output.type === 'text') {
				const clean = stripped({stream, text});
				say(clean);
				seen.reply = `${seen.reply}${clean}`.slice(-longestReply);
			}
		},
		finish() {
			stdout.end();
			stderr.end();
			if (output.type === 'json') {
				const values = lastValues(whole.stdout) ?? lastValues(whole.stderr);
				if (values) for (const value of values) note(value);
				else for (const line of whole.stdout.split('\n').slice(-replyLines)) plainLine(line);
			}
			seen.reply = seen.reply.trim();
			if (seen.sessionUsage) seen.usage = addUsage(seen.usage, usageSince(before, seen.sessionUsage));
			return seen;
		},
	};
}

/** The maps of a line of JSON: the one that it is, or those of a list; undefined where it is neither. */
function readValues(text: string): unknown[] | undefined {
	if (!/^\s*[[{]/.test(text)) return undefined;
	try {
		const value: unknown = JSON.parse(text);
		return Array.isArray(value) ? value : [value];
	} catch {
		return undefined;
	}
}

const mostTries = 50;

/** The JSON value that stands at the end of a text, from the beginning of a line on. */
function lastValues(text: string): unknown[] | undefined {
	const end = text.trimEnd();
	let at = end.length;
	for (let tries = 0; tries < mostTries && at > 0; tries++) {
		at = Math.max(end.lastIndexOf('\n{', at - 1), end.lastIndexOf('\n[', at - 1)) + 1;
		const values = readValues(end.slice(at));
		if (values) return values;
	}
	return undefined;
}

function usageOf(event: unknown, paths: ProfileEvent['usage']): Usage | undefined {
	if (!paths) return undefined;
	const input = sumAt(event, paths.input);
	const output = sumAt(event, paths.output);
	const costUsd = sumAt(event, paths.cost_usd);
	if (input === undefined && output === undefined && costUsd === undefined) return undefined;
	const cacheReadTokens = sumAt(event, paths.cache_read) ?? 0;
	const cacheWriteTokens = sumAt(event, paths.cache_write) ?? 0;
	const cached = paths.input_holds_cached ? cacheReadTokens + cacheWriteTokens : 0;
	return {
		inputTokens: Math.max((input ?? 0) - cached, 0),
		outputTokens: output ?? 0,
		cacheReadTokens,
		cacheWriteTokens,
		...(costUsd === undefined ? {} : {costUsd}),
	};
}
