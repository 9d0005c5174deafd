import {existsSync, readFileSync} from 'node:fs';
import {codexProfile} from '../../../source/backends/codex/profile.js';
import {geminiProfile} from '../../../source/backends/gemini/profile.js';
import {judge} from '../../../source/backends/profile/failure.js';
import {createProfileReading} from '../../../source/backends/profile/reading.js';
import {createResetReader} from '../../../source/backends/reset-reader.js';
import {type Profile, profileSchema, type WrittenProfile} from '../../../source/config/profile.js';
import type {FailureKind} from '../../../source/core/failure.js';
import type {Usage} from '../../../source/core/usage.js';
import type {Exited} from '../../../source/process/run.js';
import {matchPattern} from '../../../source/validation/match-pattern.js';

export type Tool = 'codex' | 'gemini';

/** How a recorded run ended, and what is to be made of it. */
export type Expected = {
	format: Profile['output']['type'];
	exitCode?: number;
	endedBy?: string;
	/** It was ended from here since it would not end by itself. */
	timedOut?: boolean;
	kind?: FailureKind;
	/** A part of it. */
	message?: string;
	until?: string;
	sessionLost?: boolean;
};

const folder = (tool: Tool) => new URL(`../../fixtures/${tool}/`, import.meta.url);
export const read = (tool: Tool, file: string) => {
	const url = new URL(file, folder(tool));
	return existsSync(url) ? readFileSync(url, 'utf8') : '';
};

export const recorded: Record<Tool, Record<string, Expected>> = {
	codex: JSON.parse(read('codex', 'expected.json')),
	gemini: JSON.parse(read('gemini', 'expected.json')),
};

/** The Gemini CLI with `-o json`, as a user could write it: its errors come as JSON on standard error. */
const geminiJson: WrittenProfile['output'] = {
	type: 'json',
	events: [
		{
			reply: 'response',
			error: 'error.message',
			session: 'session_id',
			final: true,
			usage: {
				input: 'stats.models.*.tokens.input',
				output: 'stats.models.*.tokens.candidates',
				cache_read: 'stats.models.*.tokens.cached',
			},
		},
	],
};

/** The built-in profile, which reads JSON lines; the others read the same CLI in another of its formats. */
export function profileFor(tool: Tool, format: Expected['format']): Profile {
	const own = tool === 'codex' ? codexProfile : geminiProfile;
	if (format === 'jsonl') return profileSchema.parse(own);
	return profileSchema.parse({...own, output: format === 'text' ? {type: 'text'} : geminiJson});
}

/** When the runs were recorded. */
const readReset = createResetReader({now: () => Date.parse('2026-11-23T06:50:00Z'), env: {TZ: 'UTC'}});

export type Spoken = {stdout?: string; stderr?: string} & Partial<Exited>;

/** Pieces of how many characters its output comes in, and what the session that it goes on with had used. */
type Circumstances = {step?: number; before?: Usage | undefined};

/** What is made of a run that printed this and ended so. */
export async function judgeRun(
	profile: Profile,
	{stdout = '', stderr = '', ...end}: Spoken,
	{step = 1_000, before}: Circumstances = {},
) {
	let shown = '';
	const sessions: string[] = [];
	const reading = createProfileReading(
		profile,
		({stream, text}) => {
			if (stream === 'stdout') shown += text;
		},
		id => sessions.push(id),
		before,
	);
	for (let at = 0; at < stderr.length; at += step) reading.push({stream: 'stderr', text: stderr.slice(at, at + step)});
	for (let at = 0; at < stdout.length; at += step) reading.push({stream: 'stdout', text: stdout.slice(at, at + step)});
	const seen = reading.finish();
	const exit: Exited = {
		type: 'exited',
		timedOut: false,
		aborted: false,
		durationMs: 1,
		tails: {stdout: stdout.slice(-8192), stderr: stderr.slice(-8192)},
		left: [],
		...end,
	};
	return {seen, shown, sessions, ...(await judge(profile, seen, exit, 1_800_000, {match: matchPattern, readReset}))};
}

export function judgeRecorded(tool: Tool, name: string, circumstances?: Circumstances) {
	const {format, kind: _kind, message: _message, until: _until, sessionLost: _lost, ...end} = recorded[tool][name]!;
	const spoken = {stdout: read(tool, `${name}.stdout`), stderr: read(tool, `${name}.stderr`), ...end};
	return judgeRun(profileFor(tool, format), spoken, circumstances);
}
