import {isApi} from '../backends/keys.js';
import type {Path} from '../config/document.js';
import type {Finding} from '../config/finding.js';
import type {Rule} from '../config/schema.js';
import {placeholdersIn} from '../core/placeholders.js';
import {knownBatchCount} from './sample-values.js';
import {type Subject, warning} from './subject.js';

/** Placeholders that differ from batch to batch. */
export const perBatch: ReadonlySet<string> = new Set(['batch_num', 'start_item', 'end_item', 'items']);

/** The rules seen together: none at all, the same one twice, one watched file for several live batches. */
export async function checkRules(subject: Subject): Promise<Finding[]> {
	const {document, job, rules, allRules, sound} = subject;
	const findings: Finding[] = [];
	if (rules.length === 0 && allRules) {
		const place = document.placeOf(document.find(['validations']) ? ['validations'] : ['name'], 'key');
		const end = isApi(job.backend) && sound.has('backend') ? 'the model ends its reply' : 'its program exits with 0';
		const message = `there are no validations, so a batch is done when ${end}, whatever it has written: add a rule, such as {type: file_exists, path: report-{batch_num}.md}`;
		findings.push(warning(place, message));
	}
	const total = await knownBatchCount(subject);
	const first = new Map<string, number>();
	for (const {index, rule} of rules) {
		const path: Path = ['validations', index];
		const same = first.get(meaningOf(rule));
		if (same === undefined) first.set(meaningOf(rule), index);
		else {
			const {line} = document.placeOf(['validations', same, 'type']);
			findings.push(
				warning(document.placeOf([...path, 'type']), `this rule says the same as validations.${same} on line ${line}`),
			);
		}
		if (rule.type !== 'file_modified' || !sound.has('parallel')) continue;
		const live = Math.min(job.parallel.max_concurrent, total ?? Number.POSITIVE_INFINITY);
		if (live <= 1) continue;
		if (placeholdersIn(rule.path).some(({name}) => perBatch.has(name))) continue;
		const message = `${live} batches can be live at once and all are watched in this one file: a change by any of them passes the rule for all. Give each batch its own file, for example with {batch_num}`;
		findings.push(warning(document.placeOf([...path, 'path']), message));
	}
	return findings;
}

function meaningOf({description: _, ...rule}: Rule): string {
	return JSON.stringify(Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A first wait that is longer than the longest. */
export function checkRetry({document, job, sound}: Subject): Finding[] {
	const {base_delay_seconds: base, max_delay_seconds: longest} = job.retry;
	if (!sound.has('retry') || base <= longest) return [];
	const path: Path = [
		'retry',
		document.find(['retry', 'base_delay_seconds']) ? 'base_delay_seconds' : 'max_delay_seconds',
	];
	const message = `base_delay_seconds is ${base} and max_delay_seconds ${longest}: no wait is longer than the second, so every wait lasts ${longest} s`;
	return [warning(document.placeOf(path), message)];
}
