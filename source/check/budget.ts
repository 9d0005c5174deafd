import {figuresOf} from '../backends/figures.js';
import type {Finding} from '../config/finding.js';
import {backendsOf} from './backends.js';
import {type Subject, warning} from './subject.js';

/** A budget that cannot do what it says: of figures that the CLI does not tell, or for attempts that there are not. */
export function checkBudget(subject: Subject): Finding[] {
	const {document, job, sound} = subject;
	const {budget, retry} = job;
	if (!budget || !sound.has('budget')) return [];
	const findings: Finding[] = [];
	for (const {path, settings} of backendsOf(subject)) {
		const {tokens, cost, advice} = figuresOf(settings);
		const blind = [
			...(budget.max_cost_usd !== undefined && !cost ? [{key: 'max_cost_usd', figure: 'costs'}] : []),
			...(budget.max_tokens !== undefined && !tokens ? [{key: 'max_tokens', figure: 'tokens'}] : []),
		];
		const which = path.length === 1 ? 'this backend' : 'the fallback';
		for (const {key, figure} of blind) {
			const instead = advice ?? 'what bounds this job is its batches, retry.max_retries and backend.timeout_seconds';
			const message = `${which} (${settings.type}) tells no ${figure}: ${key} has no effect; ${instead}`;
			findings.push(warning(document.placeOf(['budget', key]), message));
		}
	}
	const tries = retry.max_retries + retry.max_completion_attempts;
	if (budget.per === 'batch' && sound.has('retry') && tries === 0) {
		const message =
			'a budget for each batch is looked at before its further attempts, and there are none: max_retries and max_completion_attempts are both 0';
		findings.push(warning(document.placeOf(['budget', 'per']), message));
	}
	return findings;
}
