import type {Job} from '../config/schema.js';
import {passedCount, type Verdict} from './verdict.js';

/** Whether what is missing is little enough, and the budget there, to ask only for that. `completions`: spent so far. */
export function wantsCompletion(settings: Job['retry'], verdicts: readonly Verdict[], completions: number): boolean {
	if (verdicts.length === 0 || completions >= settings.max_completion_attempts) return false;
	return (passedCount(verdicts) / verdicts.length) * 100 > settings.completion_threshold_percent;
}
