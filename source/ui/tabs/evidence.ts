import type {Event} from '../../core/event.js';
import type {Batch, Run} from '../../core/run.js';
import type {Usage} from '../../core/usage.js';
import type {FileState} from '../../core/verdict.js';

/** One attempt as the tabs show it; texts are as they were printed, control sequences still in them. */
export type ShownAttempt = {
	attempt: number;
	mode: 'normal' | 'retry' | 'completion';
	startedAt: number;
	/** Undefined while it runs. */
	tookMs?: number;
	exitCode?: number;
	failure?: {kind: string; message: string};
	/** By the CLI’s own figures, where it told them. */
	usage?: Usage;
	verdicts?: {
		rule: number;
		type: string;
		description?: string | undefined;
		passed: boolean;
		expected: string;
		actual: string;
		message: string;
	}[];
	files: {
		path: string;
		before: FileState | undefined;
		after: FileState | undefined;
		beforeText?: string;
		afterText?: string;
	}[];
};

/** What a person knows a verdict's rule by. */
export type NameOf = (verdict: NonNullable<ShownAttempt['verdicts']>[number]) => string;

/** Reads what an attempt has printed from its logs on disk, as text that is harmless to show. */
export type LogReader = {
	/**
	 * What has come since the last call; the first call begins near the end of a long log, and tells how many bytes it left
	 * out. `isOver`: nothing more will come.
	 */
	more(isOver: boolean): Promise<{text: string; leftOut: number}>;
};

/** What can be looked up about a batch beyond the run's state. The tabs' only way to the disk. */
export type Evidence = {
	attempts(batch: number): Promise<ShownAttempt[] | {problem: string}>;
	/** The very text that was sent. */
	prompt(batch: number, attempt: number): Promise<string | undefined>;
	/** What a batch's last attempt has printed. */
	output(run: Run, batch: Batch): LogReader;
	/** Facts about a batch, oldest first. */
	events(batch: number): Promise<Event[] | {problem: string}>;
};
