import type {Event} from '../../core/event.js';
import type {Batch, Run} from '../../core/run.js';
import type {Verdict} from '../../core/verdict.js';
import type {KeptAttempt, LogReader} from '../../store/kept-attempt.js';

/** What a person knows a verdict's rule by. */
export type NameOf = (verdict: Verdict) => string;

/** What can be looked up about a batch beyond the run's state. The tabs' only way to the disk. */
export type Evidence = {
	attempts(batch: number): Promise<KeptAttempt[] | {problem: string}>;
	/** The very text that was sent. */
	prompt(batch: number, attempt: number): Promise<string | undefined>;
	/** What a batch's last attempt has printed. */
	output(run: Run, batch: Batch): LogReader;
	/** Facts about a batch, oldest first. */
	events(batch: number): Promise<Event[] | {problem: string}>;
};
