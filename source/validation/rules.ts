import type {Rule} from '../config/schema.js';
import type {Verdict} from '../core/verdict.js';
import {commandSucceeds} from './command-rule.js';
import {contentContains, contentRegex} from './content-rules.js';
import {fileExists, fileModified} from './file-rules.js';
import {Texts} from './files.js';
import {type Check, type Finding, interrupted, type RuleContext} from './finding.js';
import {shown} from './wording.js';

export type {RuleContext} from './finding.js';

const checks: {[Type in Rule['type']]: Check<Type>} = {
	file_exists: fileExists,
	file_modified: fileModified,
	content_contains: contentContains,
	content_regex: contentRegex,
	command_succeeds: commandSucceeds,
};

/**
 * Checks a batch's rules one after another and gives a verdict for each, in the job's order. Never throws for what lies
 * on the disk, for a pattern or for a command; once `signal` is aborted, all further rules are `interrupted`.
 */
export async function checkRules(rules: readonly Rule[], context: RuleContext): Promise<Verdict[]> {
	const texts = new Texts();
	const verdicts: Verdict[] = [];
	for (const [index, rule] of rules.entries()) {
		const finding = context.signal.aborted ? interrupted(rule.type) : await check(rule, context, texts);
		// Before anything is cut: half a secret would not be known any more.
		verdicts.push(verdictOf(index, rule, context.mask?.data(finding) ?? finding));
		if (rule.type === 'command_succeeds') texts.forget();
	}
	return verdicts;
}

async function check<Type extends Rule['type']>(
	rule: Extract<Rule, {type: Type}>,
	context: RuleContext,
	texts: Texts,
): Promise<Finding> {
	return checks[rule.type as Type](rule, context, texts);
}

/** Everything in a verdict is bounded and harmless to show, whatever the file or the job held. */
function verdictOf(index: number, rule: Rule, {passed, expected, actual, message}: Finding): Verdict {
	return {
		rule: index,
		type: rule.type,
		...(rule.description === undefined ? {} : {description: shown(rule.description)}),
		passed,
		expected: shown(expected),
		actual: shown(actual),
		message: shown(message),
	};
}
