import type {Mode} from '../core/run.js';
import type {Usage} from '../core/usage.js';
import type {FileState, Verdict} from '../core/verdict.js';

/** One attempt with what is kept of it on disk; texts are as they were, control sequences still in them. */
export type KeptAttempt = {
	attempt: number;
	mode: Mode;
	startedAt: number;
	/** Undefined while it runs. */
	tookMs?: number;
	exitCode?: number;
	failure?: {kind: string; message: string};
	/** By the CLI’s own figures, where it told them. */
	usage?: Usage;
	verdicts?: Verdict[];
	/** The watched files before the batch's first attempt and after this one. */
	files: KeptFile[];
};

export type KeptFile = {
	path: string;
	before: FileState | undefined;
	after: FileState | undefined;
	beforeText?: string;
	afterText?: string;
};

/** Reads what an attempt has printed from its logs on disk, as text that is harmless to show. */
export type LogReader = {
	/**
	 * What has come since the last call; the first call begins near the end of a long log, and tells how many bytes it left
	 * out. `isOver`: nothing more will come.
	 */
	more(isOver: boolean): Promise<{text: string; leftOut: number}>;
};
