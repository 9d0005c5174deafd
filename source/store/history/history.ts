import type {
	AttemptAnswer,
	BatchAnswer,
	CostAnswer,
	EventAnswer,
	Filter,
	RetryAnswer,
	RuleAnswer,
	RunAnswer,
	RunName,
	SlowAnswer,
} from './answers.js';

/** What can be asked of the history; every answer is read anew. Throws a `HistoryError` where the file cannot be read. */
export type Questions = {
	/** Runs, the one that something happened to last first. */
	runs(filter?: Filter): RunAnswer[];
	/** How often each rule passes, the one that fails most often first. */
	rules(filter?: Filter): RuleAnswer[];
	/** What each local day has cost, the last one first. */
	costs(filter?: Filter): CostAnswer[];
	/** The batches that took longest; 20 where no limit is given. */
	slowest(filter?: Filter): SlowAnswer[];
	/** Why batches were run again, the most frequent kind of failure first. */
	retries(filter?: Filter): RetryAnswer[];
	batches(run: RunName): BatchAnswer[];
	attempts(run: RunName): AttemptAnswer[];
	events(run: RunName, range?: {after?: number; limit?: number}): EventAnswer[];
};

/** The history, open for questions. */
export type History = Questions & {
	/** Takes up what journals tell and the history does not yet know; resolves with what could not be, one sentence each. */
	catchUp(): Promise<string[]>;
	close(): void;
};

/** Why there is no history to ask. */
export type HistoryProblem = {kind: 'history'; message: string};
