import type {Event} from '../../core/event.js';
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

/** What can be looked up about a batch beyond the run's state. The tabs' only way to the disk. */
export type Evidence = {
	attempts(batch: number): Promise<ShownAttempt[] | {problem: string}>;
	/** The very text that was sent. */
	prompt(batch: number, attempt: number): Promise<string | undefined>;
	/** Facts about a batch, oldest first. */
	events(batch: number): Promise<Event[] | {problem: string}>;
};
