import type {Failure} from '../core/failure.js';
import {addUsage, type Usage} from '../core/usage.js';
import {type Exited, runProcess} from '../process/run.js';
import type {Unstartable} from '../process/unstartable.js';
import type {Backend, BackendRequest, BackendResult, Output} from './backend.js';

/** The session that a run is in: whether it goes on with it, and what it had cost (US dollars) and used before. */
export type Session = {id: string; costUsd: number; usage?: Usage | undefined; resume: boolean};

/** One start of the program within an attempt. */
export type Start = {prompt: string; session?: Session};

/** What is started. `names` are the words as the job or a profile writes them, for complaints. */
export type Command = {argv: string[]; names: readonly string[]; env?: Record<string, string>; input?: string};

/** What a run has come to. The failure is absent when nothing speaks against it. */
export type Report = Pick<
	BackendResult,
	'failure' | 'said' | 'usage' | 'denied' | 'sessionCostUsd' | 'sessionUsage'
> & {
	/** The session could not go on: the whole prompt has to go to a new one. */
	sessionLost?: boolean;
};

/** Reads one run while it goes on. */
export type Reading = {
	push(output: Output): void;
	/** Called once, when all has been pushed. */
	finish(exit: Exited): Report | Promise<Report>;
};

/** What is special about a CLI; what all have in common is `createCliBackend`. */
export type Cli = {
	/** Whose the ids of its sessions are: drawn before it starts, or told by it while it runs. */
	sessions?: 'ours' | 'theirs';
	/** Where its words are written (`backend.command`), and how else to give it what no word can hold. */
	words: {field: string; advice: string};
	/** Whether it reads the prompt's file itself. */
	readsPromptFile?: boolean;
	/** What to say where the program is not there, in place of the system's words. */
	missing?: string;
	command(request: BackendRequest, start: Start): Command;
	/** `show` takes what a person is to see; `told` the id of the session that the run is in. */
	read(request: BackendRequest, start: Start, show: (output: Output) => void, told: (id: string) => void): Reading;
};

/**
 * Runs a CLI: one request, one result. A completion goes on with the session of the attempt before, which has the task
 * and its own work before its eyes. Where that cannot be, the whole prompt goes to a new session, still in this attempt.
 */
export function createCliBackend(cli: Cli): Backend {
	async function inNewSession(request: BackendRequest, timeoutMs: number): Promise<BackendResult> {
		if (request.signal.aborted) return notStarted;
		const {prompt} = request;
		if (cli.sessions !== 'ours') return (await once(request, {prompt}, timeoutMs)).result;
		// An id is drawn anew each time: a CLI may take none twice, not even after a kill.
		const session = {id: await request.newSession(), costUsd: 0, resume: false};
		return (await once(request, {prompt, session}, timeoutMs)).result;
	}

	async function once(
		request: BackendRequest,
		start: Start,
		timeoutMs: number,
	): Promise<{result: BackendResult; sessionLost: boolean}> {
		const {argv, names, env, input} = cli.command(request, start);
		const unfit = unfitWord(argv, names, cli.words);
		if (unfit) return {result: notSpawned(unfit), sessionLost: false};
		const recorded: Promise<unknown>[] = [];
		const told = (id: string) => {
			if (id !== start.session?.id && recorded.length === 0) recorded.push(request.newSession(id));
		};
		const reading = cli.read(request, start, output => request.onOutput(output), told);
		const exit = await runProcess({
			argv,
			cwd: request.cwd,
			env: env ? {...request.env, ...env} : request.env,
			mask: request.mask,
			marker: request.marker,
			...(input === undefined ? {} : {input}),
			logs: request.logs,
			timeoutMs,
			signal: request.signal,
			onSpawn: pid => request.onSpawn(pid),
			onOutput: output => reading.push(output),
		});
		if (exit.type === 'not-started') return {result: notStarted, sessionLost: false};
		if (exit.type === 'unstartable') return {result: unstartable(exit, argv[0] ?? '', cli), sessionLost: false};
		const {exitCode, endedBy, left, logProblem, durationMs, aborted} = exit;
		if (logProblem !== undefined) request.onOutput({stream: 'stderr', text: `\n${logProblem}\n`});
		const {failure, sessionLost = false, ...report} = await reading.finish(exit);
		await Promise.all(recorded);
		const notes = [
			...(left.length > 0 ? [`Could not be ended: pid ${left.join(', ')}.`] : []),
			...(logProblem === undefined ? [] : [logProblem]),
		];
		const result: BackendResult = {
			spawned: true,
			...(exitCode === undefined ? {} : {exitCode}),
			...(endedBy === undefined ? {} : {endedBy}),
			...{durationMs, aborted},
			...(failure ? {failure: {...failure, message: [failure.message, ...notes].join(' ')}} : {}),
			...report,
		};
		return {result, sessionLost: !aborted && sessionLost};
	}

	return {
		...(cli.sessions ? {keepsSessions: true} : {}),
		...(cli.readsPromptFile ? {readsPromptFile: true} : {}),
		async run(request) {
			const {session, timeoutMs} = request;
			if (!cli.sessions || request.mode !== 'completion' || !session) return inNewSession(request, timeoutMs);
			const {prompt, ...known} = session;
			const resumed = await once(request, {prompt, session: {...known, resume: true}}, timeoutMs);
			if (!resumed.sessionLost) return resumed.result;
			// The old session stays the batch’s own, with what it has cost.
			if (request.signal.aborted) return resumed.result;
			const text = '\n… the session cannot go on: the whole prompt goes to a new one\n\n';
			request.onOutput({stream: 'stdout', text});
			request.keepPrompt(request.prompt);
			const left = Math.max(timeoutMs - resumed.result.durationMs, 1);
			return together(resumed.result, await inNewSession(request, left));
		},
	};
}

const notStarted: BackendResult = {
	spawned: false,
	durationMs: 0,
	aborted: true,
	failure: {kind: 'interrupted', message: 'Stopped before it had begun.'},
};

const notSpawned = (failure: Failure): BackendResult => ({spawned: false, durationMs: 0, aborted: false, failure});

function unstartable({message, raw, temporary}: Unstartable, program: string, cli: Cli): BackendResult {
	const start = `The program ${program} `;
	const missing = ['was not found', 'is not in PATH'].some(words => message.startsWith(start + words));
	const sentence = missing && cli.missing !== undefined ? cli.missing : message;
	return notSpawned({kind: temporary ? 'transient' : 'config', message: sentence, raw});
}

/** What Linux takes as one argument, its closing NUL included, in bytes. */
const longestWord = 128 * 1024;

/** A word that no program can be given, found before the system would refuse it in words of its own. */
function unfitWord(
	argv: readonly string[],
	names: readonly string[],
	{field, advice}: Cli['words'],
): Failure | undefined {
	for (const [index, word] of argv.entries()) {
		const name = `Word ${index + 1} of ${field} (${JSON.stringify(shortened(names[index] ?? ''))})`;
		if (word.includes('\0')) {
			return {kind: 'config', message: `${name} holds a NUL character, which no program can be given. ${advice}`};
		}
		const bytes = Buffer.byteLength(word) + 1;
		if (bytes > longestWord) {
			const size = `${Math.ceil(bytes / 1024)} KB long; the system takes 128 KB a word`;
			return {kind: 'config', message: `${name} is ${size}. ${advice}`};
		}
	}
	return undefined;
}

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

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
