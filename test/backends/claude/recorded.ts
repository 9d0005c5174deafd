import {existsSync, readFileSync} from 'node:fs';
import {evidenceOf, failureOf} from '../../../source/backends/claude/evidence.js';
import {sessionIsLost} from '../../../source/backends/claude/failure-table.js';
import {createTranscript, type Format, type Seen} from '../../../source/backends/claude/transcript.js';
import type {FailureKind} from '../../../source/core/failure.js';
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
	until?: number;
	denied?: string[];
	sessionLost?: boolean;
};

export const recorded: Record<string, Expected> = JSON.parse(read('expected.json'));

export type Spoken = {format?: Format; stdout?: string; stderr?: string} & Partial<Exited>;

/** What is made of a run that printed this and ended so. The output comes in pieces of `step` characters. */
export function judge({format = 'stream-json', stdout = '', stderr = '', ...end}: Spoken, step = 1_000) {
	let shown = '';
	const transcript = createTranscript(format, 0, text => {
		shown += text;
	});
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
	return {seen, shown, failure: failureOf(evidence), sessionLost: sessionIsLost(evidence)};
}

export function judgeRecorded(name: string, step?: number) {
	const {format, exitCode, endedBy} = recorded[name]!;
	const end = {...(exitCode === undefined ? {} : {exitCode}), ...(endedBy === undefined ? {} : {endedBy})};
	return judge({format, stdout: read(`${name}.stdout`), stderr: read(`${name}.stderr`), ...end}, step);
}
