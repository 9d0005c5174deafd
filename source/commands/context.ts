import type {Finding} from '../config/finding.js';
import {formatFinding} from '../config/finding.js';
import type {Clock} from '../engine/clock.js';
import {counted} from '../headless/words.js';
import type {Problem} from '../open-run.js';
import {hideKeys} from '../process/secrets.js';

/** How a command ended; `cli.tsx` turns it into an exit code. */
export type Ending = 'done' | 'failed' | 'usage' | 'unfinished' | 'locked';

/** What every command gets from the program: where to write, and what it may know of its surroundings. */
export type Context = {
	/** One line of the answer. */
	out(line: string): void;
	/** One line about trouble. */
	err(line: string): void;
	/** The answer as data. */
	json: boolean;
	/** A person sits at a terminal: input and output are both one. */
	terminal: boolean;
	/** Writes bytes to the terminal as they are, for its bell and notices; only where there is a terminal. */
	ring?(bytes: string): void;
	/** Ends the program at once. */
	leave(ending: Ending): never;
	clock: Clock;
	env: Readonly<Record<string, string | undefined>>;
	cwd: string;
};

/** Says why a job could not be opened. */
export function sayProblem(problem: Problem, context: Context): Ending {
	if (context.json) {
		const {source: _, ...data} = {source: '', ...problem};
		context.out(JSON.stringify({type: 'problem', ...data}));
	}
	switch (problem.kind) {
		case 'job-file':
			sayFindings(problem.findings, problem.source, context);
			return 'usage';
		case 'usage':
			context.err(problem.message);
			return 'usage';
		case 'locked':
			context.err(problem.message);
			return 'locked';
		case 'state':
			context.err(problem.message);
			return 'unfinished';
	}
}

export function sayFindings(findings: readonly Finding[], source: string, context: Pick<Context, 'err'>): void {
	for (const finding of findings) context.err(`${hideKeys(formatFinding(finding, source))}\n`);
	if (findings.length > 1) context.err(findingCount(findings));
}

export function findingCount(findings: readonly Finding[]): string {
	const errors = findings.filter(finding => finding.severity === 'error').length;
	const warnings = findings.length - errors;
	const parts = [errors > 0 ? counted(errors, 'error') : '', warnings > 0 ? counted(warnings, 'warning') : ''];
	return parts.filter(part => part !== '').join(', ');
}
