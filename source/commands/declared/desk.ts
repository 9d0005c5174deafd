import type {Context, Ending} from '../context.js';

/** What every command needs of the process that it runs in. */
export type Desk = {
	/** Runs a command in its context; how it ended becomes the exit code. */
	perform(flags: {json?: boolean}, action: (context: Context) => Promise<Ending>): Promise<void>;
	/** Waits while the reader is slow, so that a long log does not pile up in memory. */
	writeOut(text: string | Uint8Array): Promise<void>;
	/** For commands that only show something: without a reader they are done. */
	endUnread(): void;
	/** What the exit codes mean, below the help of every command. */
	exitHelp: string;
};
