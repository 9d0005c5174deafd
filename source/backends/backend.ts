import type {Failure} from '../core/failure.js';
import type {Placeholders} from '../core/placeholders.js';
import type {Mode, Outcome} from '../core/run.js';
import type {Usage} from '../core/usage.js';
import type {Mask} from '../process/mask.js';

/** Live output of a CLI, decoded, control sequences still in it. May be dropped by a slow face, never by the log file. */
export type Output = {stream: 'stdout' | 'stderr'; text: string};

/** How much of a quota is used, 0 to 1, in which window (by the CLI's name for it), and when that ends, ms since the epoch. */
export type Utilization = {utilization: number; window: string; resetsAt?: number};

/** One attempt, as a backend needs it. Plain data but for the signal and the two callbacks. */
export type BackendRequest = {
	mode: Mode;
	prompt: string;
	/** Where the prompt is kept on disk already. */
	promptFile: string;
	/** So many characters of the prompt's beginning are the same for every batch of the job: a cache can keep them. */
	fixedHead?: number;
	/** Absolute folder that the CLI runs in. */
	cwd: string;
	placeholders: Placeholders;
	/** The whole environment of the child. */
	env: Readonly<Record<string, string>>;
	/** Takes secrets out of what the child prints; for `runProcess`. */
	mask?: Mask | undefined;
	/** Put into the environment of the child as `MOZART_ATTEMPT`, so that every process of the attempt can be found. */
	marker: string;
	/** Files that get everything the CLI prints, byte for byte but for secrets. Created when the first byte comes. */
	logs: {stdout: string; stderr: string};
	timeoutMs: number;
	/** Aborted: end the whole process tree, then resolve with `aborted`. */
	signal: AbortSignal;
	/**
	 * The session of the attempt before, which a completion may go on with, what it has cost so far (US dollars) and used,
	 * and what to ask of it: it remembers the task, which `prompt` tells again.
	 */
	session?: {id: string; costUsd: number; usage?: Usage | undefined; prompt: string};
	/** Records the id of a new session, the one that the CLI told or else one that is drawn; resolves when it is on disk. */
	newSession(told?: string): Promise<string>;
	/** Puts another prompt into `promptFile`: what is asked is not what it was begun with. */
	keepPrompt(text: string): void;
	/** The process exists; of an API, which has none: the first request is about to be sent. */
	onSpawn(pid?: number): void;
	/** The service said that much of the account's quota is used, and work went on. Only what is news in this attempt. */
	onUtilization?(warning: Utilization): void;
	onOutput(output: Output): void;
};

export type BackendResult = {
	/** Whether a process was started at all, or a request sent. */
	spawned: boolean;
	exitCode?: number;
	/** Name of the signal that ended it. */
	endedBy?: string;
	durationMs: number;
	/** True when the end came from `signal`. A process that ended by itself before the kill took hold is not aborted. */
	aborted: boolean;
	/** Set unless the CLI ended with exit code 0. Exit code 0 says nothing about the rules. */
	failure?: Failure;
	/**
	 * What the CLI said in its own name, where `failure.raw` holds more than that: the job's patterns for limits look at
	 * nothing else, since tools and replies may print what they like. Of a run that ended well its reply, if that is one
	 * short line.
	 */
	said?: string;
} & Pick<Outcome, 'usage' | 'denied' | 'sessionCostUsd' | 'sessionUsage'>;

/** A kind of CLI. Decides nothing about retries: one request, one result. Never rejects for what a CLI can do wrong. */
export type Backend = {
	/** Whether the CLI reads `promptFile` itself, which then must hold the very prompt. */
	readsPromptFile?: boolean;
	/** Whether it has a use for `fixedHead`. */
	cachesPrompts?: true;
	/** Whether `session` can be of use to it. */
	keepsSessions?: true;
	run(request: BackendRequest): Promise<BackendResult>;
};
