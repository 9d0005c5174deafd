import {existsSync, readFileSync} from 'node:fs';
import type {Utilization} from '../../../source/backends/backend.js';
import {evidenceOf, failureOf} from '../../../source/backends/claude/evidence.js';
import {sessionIsLost} from '../../../source/backends/claude/failure-table.js';
import {createTranscript, type Format, type Seen} from '../../../source/backends/claude/transcript.js';
import {createResetReader} from '../../../source/backends/reset-reader.js';
import type {FailureKind} from '../../../source/core/failure.js';
import type {Consequence} from '../../../source/core/retry.js';
import type {Exited} from '../../../source/process/run.js';

const folder = new URL('../../fixtures/claude/', import.meta.url);
const read = (file: string) => (existsSync(new URL(file, folder)) ? readFileSync(new URL(file, folder), 'utf8') : '');

/** How a recorded run ended, and what is to be made of it. */
export type Expected = {
	format: Format;
	exitCode?: number;
	endedBy?: string;
	kind?: FailureKind;
	/** A part of it. */
	message?: string;
	/** When the limit lifts, as a time in UTC. */
	reset?: string;
	/** The limit passes within minutes. */
	brief?: true;
	/** What follows when rules fail, see `retry.ts`; `nothing` where nothing speaks against the run. */
	effect: Consequence | 'nothing';
	/** Nothing was printed that could tell why. */
	silent?: true;
	denied?: string[];
	sessionLost?: boolean;
};

export const recorded: Record<string, Expected> = JSON.parse(read('expected.json'));

export type Spoken = {format?: Format; stdout?: string; stderr?: string} & Partial<Exited>;

/** When the recorded runs were made, about: Monday, 23 November 2026. */
export const recordedAt = Date.parse('2026-11-23T06:27:20Z');

/** What was seen of a run that printed this and ended so. The output comes in pieces of `step` characters. */
export function play({format = 'stream-json', stdout = '', stderr = '', ...end}: Spoken, step = 1_000) {
	let shown = '';
	const warnings: Utilization[] = [];
	const show = (text: string) => {
		shown += text;
	};
	const transcript = createTranscript(format, 0, show, warning => warnings.push(warning));
	for (let at = 0; at < stdout.length; at += step) transcript.push(stdout.slice(at, at + step));
	const seen: Seen = transcript.finish();
	const exit: Exited = {
		type: 'exited',
		timedOut: false,
		aborted: false,
		durationMs: 1,
		tails: {stdout: stdout.slice(-8192), stderr: stderr.slice(-8192)},
		left: [],
		...end,
	};
	const evidence = evidenceOf(seen, exit, {format, timeoutSeconds: 1800});
	return {seen, shown, warnings, evidence, sessionLost: sessionIsLost(evidence)};
}

/** What is made of such a run, at this time and in this zone. */
export async function judge(spoken: Spoken, now = recordedAt, zone = 'UTC') {
	const played = play(spoken);
	const readReset = createResetReader({now: () => now, env: {TZ: zone}});
	return {...played, failure: await failureOf(played.evidence, readReset)};
}

export const playRecorded = (name: string, step?: number) => play(spokenBy(name), step);
export const judgeRecorded = (name: string, now?: number) => judge(spokenBy(name), now);

function spokenBy(name: string): Spoken {
	const {format, exitCode, endedBy} = recorded[name]!;
	const end = {...(exitCode === undefined ? {} : {exitCode}), ...(endedBy === undefined ? {} : {endedBy})};
	return {format, stdout: read(`${name}.stdout`), stderr: read(`${name}.stderr`), ...end};
}
