import type {Backend as BackendSettings} from '../../config/schema.js';
import type {Failure} from '../../core/failure.js';
import {addUsage} from '../../core/usage.js';
import {runProcess} from '../../process/run.js';
import type {Unstartable} from '../../process/unstartable.js';
import type {Backend, BackendRequest, BackendResult} from '../backend.js';
import type {ResetReader} from '../reset-reader.js';
import {evidenceOf, failureOf} from './evidence.js';
import {sessionIsLost} from './failure-table.js';
import {createTranscript} from './transcript.js';
import {costOf, usageOf} from './usage.js';

type Settings = Extract<BackendSettings, {type: 'claude_cli'}>;

/** One run of the program: in a session of its own, or in one that goes on and has cost so much, US dollars. */
type Run = {prompt: string; session: {id: string; costUsd: number; resume: boolean}; timeoutMs: number};

/**
 * Claude Code. The prompt goes to its standard input, its session has an id of ours, and a completion goes on with the
 * session of the attempt before, which has the task and its own work before its eyes. Where that cannot be, because the
 * session is not known any more or has become too long, the whole prompt goes to a new session, still in this attempt.
 */
export function createClaudeBackend(settings: Settings, readReset: ResetReader): Backend {
	async function inNewSession(request: BackendRequest, timeoutMs: number): Promise<BackendResult> {
		if (request.signal.aborted) return notStarted;
		// An id is drawn anew each time: Claude Code takes none twice, not even after a kill.
		const session = {id: await request.newSession(), costUsd: 0, resume: false};
		return (await runOnce(request, {prompt: request.prompt, session, timeoutMs})).result;
	}

	async function runOnce(request: BackendRequest, run: Run): Promise<{result: BackendResult; sessionLost: boolean}> {
		const {session} = run;
		const transcript = createTranscript(
			settings.output_format,
			session.costUsd,
			text => request.onOutput({stream: 'stdout', text}),
			warning => request.onUtilization?.(warning),
		);
		const exit = await runProcess({
			argv: argvOf(settings, session),
			cwd: request.cwd,
			env: request.env,
			mask: request.mask,
			marker: request.marker,
			input: run.prompt,
			logs: request.logs,
			timeoutMs: run.timeoutMs,
			signal: request.signal,
			onSpawn: pid => request.onSpawn(pid),
			onOutput: output => (output.stream === 'stdout' ? transcript.push(output.text) : request.onOutput(output)),
		});
		const seen = transcript.finish();
		if (exit.type === 'not-started') return {result: notStarted, sessionLost: false};
		if (exit.type === 'unstartable') return {result: unstartable(exit), sessionLost: false};
		const {exitCode, endedBy, left, logProblem} = exit;
		if (logProblem !== undefined) request.onOutput({stream: 'stderr', text: `\n${logProblem}\n`});
		const {output_format: format, timeout_seconds: timeoutSeconds} = settings;
		const evidence = evidenceOf(seen, exit, {format, timeoutSeconds});
		const failure = await failureOf(evidence, readReset);
		const denied = [...seen.denied];
		const notes = [
			...(denied.length > 0 ? [`It was not allowed to use ${denied.join(', ')}.`] : []),
			...(left.length > 0 ? [`Could not be ended: pid ${left.join(', ')}.`] : []),
			...(logProblem === undefined ? [] : [logProblem]),
		];
		const usage = usageOf(seen, session.costUsd, !session.resume);
		const cost = seen.result && costOf(seen.result, session.costUsd);
		const result: BackendResult = {
			spawned: true,
			...(exitCode === undefined ? {} : {exitCode}),
			...(endedBy === undefined ? {} : {endedBy}),
			durationMs: exit.durationMs,
			aborted: exit.aborted,
			...(failure ? {failure: {...failure, message: [failure.message, ...notes].join(' ')}, said: evidence.said} : {}),
			...(usage ? {usage} : {}),
			...(denied.length > 0 ? {denied} : {}),
			...(cost ? {sessionCostUsd: cost.sessionUsd} : {}),
		};
		return {result, sessionLost: !exit.aborted && sessionIsLost(evidence)};
	}

	return {
		keepsSessions: true,
		async run(request) {
			const {session, timeoutMs} = request;
			if (request.mode !== 'completion' || !session) return inNewSession(request, timeoutMs);
			const {id, costUsd, prompt} = session;
			const resumed = await runOnce(request, {prompt, session: {id, costUsd, resume: true}, timeoutMs});
			if (!resumed.sessionLost) return resumed.result;
			if (request.signal.aborted) return resumed.result;
			const text = '\n… the session cannot go on: the whole prompt goes to a new one\n\n';
			request.onOutput({stream: 'stdout', text});
			const left = Math.max(timeoutMs - resumed.result.durationMs, 1);
			return together(resumed.result, await inNewSession(request, left));
		},
	};
}

function argvOf(settings: Settings, session: Run['session']): string[] {
	const {output_format: format, skip_permissions: skips, model} = settings;
	return [
		'claude',
		'-p',
		...['--output-format', format],
		...(format === 'stream-json' ? ['--verbose'] : []),
		...(skips ? ['--dangerously-skip-permissions'] : []),
		...(model === undefined ? [] : ['--model', model]),
		...[session.resume ? '--resume' : '--session-id', session.id],
	];
}

const notStarted: BackendResult = {
	spawned: false,
	durationMs: 0,
	aborted: true,
	failure: {kind: 'interrupted', message: 'Stopped before it had begun.'},
};

function unstartable({message, raw, temporary}: Unstartable): BackendResult {
	const missing = /^The program claude (?:was not found|is not in PATH)/.test(message);
	const failure: Failure = {
		kind: temporary ? 'transient' : 'config',
		message: missing
			? 'Claude Code is not installed, or not in PATH: install it (npm install -g @anthropic-ai/claude-code), run claude once to log in, then resume.'
			: message,
		raw,
	};
	return {spawned: false, durationMs: 0, aborted: false, failure};
}

/** One attempt of two runs: the second one's end, and what both took. */
function together(first: BackendResult, second: BackendResult): BackendResult {
	const denied = [...new Set([...(first.denied ?? []), ...(second.denied ?? [])])];
	return {
		...second,
		spawned: true,
		durationMs: first.durationMs + second.durationMs,
		...(first.usage && second.usage ? {usage: addUsage(first.usage, second.usage)} : {}),
		...(first.usage && !second.usage ? {usage: first.usage} : {}),
		...(denied.length > 0 ? {denied} : {}),
	};
}
