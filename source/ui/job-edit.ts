import type {Run} from '../core/run.js';
import type {StyledLine} from './styled-line.js';

/** What came of looking at the job file. */
export type Proposal =
	/** It is another job: `lines` say what that means, and by `hash` it can be taken. */
	| {kind: 'change'; hash: string; lines: StyledLine[]}
	/** It has mistakes, each with its place. */
	| {kind: 'mistakes'; lines: StyledLine[]}
	/** There is nothing to be taken, and this is why. */
	| {kind: 'nothing'; message: string};

/** The screen's way to the job file. */
export type JobEditing = {
	/** Gives the terminal, which must be free, to the person's editor; resolves when that is closed, with what went wrong. */
	edit(run: Run): Promise<string | undefined>;
	/** Reads the job file and says what it would mean to go on with it. */
	look(run: Run): Promise<Proposal>;
};
