import type {Rule} from '../config/schema.js';
import type {Placeholders} from '../core/placeholders.js';
import type {FileState} from '../core/verdict.js';
import type {Mask} from '../process/mask.js';
import type {Texts} from './files.js';

export type RuleContext = {
	/** Absolute. */
	workspace: string;
	placeholders: Placeholders;
	/** From `takeBaseline`, before the batch's first attempt. */
	baseline: readonly FileState[];
	/** The whole environment of a rule's command. */
	env: Readonly<Record<string, string>>;
	/** Takes secrets out of verdicts and kept copies. */
	mask?: Mask | undefined;
	/** Marks a rule's command, so that all of its processes can be found. */
	marker: string;
	signal: AbortSignal;
	/** How long one regular expression may take. Milliseconds; default 1,000. */
	regexLimitMs?: number;
};

/** What a rule's function gives; `checkRules` makes it a verdict and bounds its texts. */
export type Finding = {passed: boolean; expected: string; actual: string; message: string};

export type RuleOf<Type extends Rule['type']> = Extract<Rule, {type: Type}>;

/** Checks one rule of one type. Whatever a user's disk or program does is a finding. */
export type Check<Type extends Rule['type']> = (
	rule: RuleOf<Type>,
	context: RuleContext,
	texts: Texts,
) => Promise<Finding>;

/** A finding for a rule that could not be checked. */
export function unchecked(expected: string, problem: string): Finding {
	return {passed: false, expected, actual: 'could not be checked', message: problem};
}

/** A finding for a rule that was cut short by a stop; it says nothing about the work. */
export function interrupted(expected: string): Finding {
	const message = 'the check was interrupted before this rule was done; nothing is known about it';
	return {passed: false, expected, actual: 'interrupted', message};
}
