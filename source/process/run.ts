import {setImmediate as turn} from 'node:timers/promises';
import type {Mask} from './mask.js';
import {type Capture, captureOutput} from './output.js';
import {readProcess} from './process-table.js';
import {markerVariable} from './strays.js';
import {endTree, killTree, type Root} from './tree.js';
import {explain, refusal, type Unstartable} from './unstartable.js';

export type ProcessOptions = {
	/** The program and its arguments; no shell reads them. */
	argv: readonly string[];
	/** Absolute. */
	cwd: string;
	/** The whole environment: nothing is inherited. */
	env: Readonly<Record<string, string>>;
	/** Added to the environment as `MOZART_ATTEMPT`, so that every process of the attempt can be found. No blanks. */
	marker?: string;
	/** What the child reads on standard input; without it, nothing. */
	input?: string;
	/** Takes secrets out of the output before anybody gets it. */
	mask?: Mask | undefined;
	/** Files that get the output, each made at its first byte; byte for byte but for secrets. */
	logs?: {stdout: string; stderr: string};
	timeoutMs?: number;
	/** Between TERM and KILL, in milliseconds. Default 5,000. */
	graceMs?: number;
	/** Aborted: the whole tree is ended. */
	signal?: AbortSignal;
	onSpawn?(pid: number): void;
	/** Live text, control sequences still in it. */
	onOutput?(output: {stream: 'stdout' | 'stderr'; text: string}): void;
};

export type Exited = {
	type: 'exited';
	exitCode?: number;
	/** Name of the signal that ended it. */
	endedBy?: string;
	/** True when it was ended because its time was over. */
	timedOut: boolean;
	/** True when it was ended because of `signal`; one that had ended by itself before is neither. */
	aborted: boolean;
	/** From the start of the child to its end. */
	durationMs: number;
	/** The last 8 KB of each stream, decoded, control sequences still in it. */
	tails: {stdout: string; stderr: string};
	/** Pids of its tree that not even KILL could end. */
	left: number[];
	/** A sentence, if the log files did not get everything (full disk). The child was not held up by that. */
	logProblem?: string;
};

/** `not-started`: the signal was aborted before anything was done. */
export type ProcessResult = Exited | Unstartable | {type: 'not-started'};

const tailBytes = 8 * 1024;
const defaultGraceMs = 5_000;
/** Processes that keep the output open after the child has ended get less time: the result waits for them. */
const strayGraceMs = 1_000;
/** When the child has ended and its output is still open: this much silence, or this much time, and its strays are ended. */
const quietMs = 250;
const drainMs = 2_000;
const longestTimerMs = 2 ** 31 - 1;

const underWay = new Set<Root>();

/** KILLs every tree that is under way, at once and for good; the promises of `runProcess` settle later, if there is a later. */
export function killAllNow(): void {
	for (const root of underWay) killTree(root);
}

/**
 * Runs one program to its end, in a session of its own, so that the terminal's Ctrl-C and hang-up never reach it.
 * When this resolves, nothing of it runs that could still write to its output, and the logs are complete. Rejects
 * only for a bug; what a program can do wrong is in the result.
 */
export async function runProcess(options: ProcessOptions): Promise<ProcessResult> {
	const {argv, cwd, input, marker, logs, timeoutMs, graceMs = defaultGraceMs, signal, onOutput} = options;
	const env = marker === undefined ? options.env : {...options.env, [markerVariable]: marker};
	// Only here, since it loads slowly: the first frame of a screen need not wait for it.
	const {execa} = await import('execa');
	if (signal?.aborted) return {type: 'not-started'};
	const refused = refusal({argv, cwd, env});
	if (refused) return refused;

	const startedAt = performance.now();
	const [program = '', ...words] = argv;
	const run = execa(program, words, {
		cwd,
		env,
		extendEnv: false,
		stdin: input === undefined ? 'ignore' : 'pipe',
		buffer: false,
		reject: false,
		detached: true,
		cleanup: false,
	});
	if (run.pid === undefined) return explain((await run).cause, {argv, cwd, env});

	const child = run.nodeChildProcess;
	const root: Root = {pid: run.pid, marker};
	underWay.add(root);
	const capture = (name: 'stdout' | 'stderr') =>
		captureOutput(run[name], {
			logFile: logs?.[name],
			mask: options.mask,
			tailBytes,
			onText: onOutput && (text => onOutput({stream: name, text})),
		});
	const captures = {stdout: capture('stdout'), stderr: capture('stderr')};
	const exit = Promise.withResolvers<{code: number | null; by: string | null}>();
	child.once('exit', (code, by) => {
		root.startTime ??= '';
		exit.resolve({code, by});
	});
	let open = true;
	const close = new Promise<void>(resolve => {
		child.once('close', () => {
			open = false;
			resolve();
		});
	});
	// A child need not read what it is given: EPIPE says no more than that.
	run.stdin?.on('error', () => {});
	run.stdin?.end(input);

	let cause: 'timeout' | 'abort' | undefined;
	let ending: ReturnType<typeof endTree> | undefined;
	const end = (why: 'timeout' | 'abort') => {
		if (ending) return;
		const row = readProcess(root.pid);
		// Ended by itself, and its exit is about to be told.
		if (root.startTime === '' || !row?.alive) return;
		root.startTime = row.startTime;
		cause = why;
		ending = endTree(root, {graceMs});
		ending.then(({left}) => {
			// Stuck in the kernel: nobody will ever tell its exit, and the run must go on.
			if (left.includes(root.pid)) exit.resolve({code: null, by: null});
		}, exit.reject);
	};
	const onAbort = () => end('abort');
	signal?.addEventListener('abort', onAbort, {once: true});
	const timer = timeoutMs === undefined ? undefined : setTimeout(end, Math.min(timeoutMs, longestTimerMs), 'timeout');

	options.onSpawn?.(root.pid);
	const {code, by} = await exit.promise;
	const durationMs = performance.now() - startedAt;
	clearTimeout(timer);
	signal?.removeEventListener('abort', onAbort);

	let left = (await ending)?.left ?? [];
	if (open) await drained(close, Object.values(captures));
	if (open) {
		left = (await endTree(root, {graceMs: Math.min(graceMs, strayGraceMs)})).left;
		await drained(close, Object.values(captures));
		run.stdout.destroy();
		run.stderr.destroy();
		child.unref();
	}
	underWay.delete(root);
	const [stdout, stderr] = [await captures.stdout.finish(), await captures.stderr.finish()];
	const logProblem = stdout.logProblem ?? stderr.logProblem;
	return {
		type: 'exited',
		...(code === null ? {} : {exitCode: code}),
		...(by === null ? {} : {endedBy: by}),
		timedOut: cause === 'timeout',
		aborted: cause === 'abort',
		durationMs,
		tails: {stdout: stdout.tail, stderr: stderr.tail},
		left,
		...(logProblem === undefined ? {} : {logProblem}),
	};
}

/** Resolves when the output is closed, has been silent for a moment, or has gone on for too long after the child's end. */
async function drained(close: Promise<void>, captures: readonly Capture[]): Promise<void> {
	const bytes = () => captures.reduce((sum, capture) => sum + capture.bytes(), 0);
	const heldBack = () => captures.some(capture => capture.heldBack());
	let closed = false;
	const closing = close.then(() => {
		closed = true;
	});
	const deadline = performance.now() + drainMs;
	for (let before = -1; before !== bytes() || heldBack(); ) {
		if (performance.now() > deadline && !heldBack()) return;
		before = bytes();
		await settledWithin(quietMs, closing);
		if (closed) return;
		// On a busy machine the timer comes before output that lies ready: let that be read first.
		await turn();
		await turn();
	}
}

/** Resolves with the promise, or after so many ms. No AbortSignal calls the timer off: that makes an error with a stack, for every attempt. */
function settledWithin(ms: number, promise: Promise<void>): Promise<void> {
	return new Promise(resolve => {
		const timer = setTimeout(resolve, ms);
		void promise.then(() => {
			clearTimeout(timer);
			resolve();
		});
	});
}
