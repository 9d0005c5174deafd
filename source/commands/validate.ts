import {checkFile} from '../check/check-file.js';
import {batchCount} from '../core/batches.js';
import {counted} from '../headless/words.js';
import {type Context, type Ending, findingCount, sayFindings} from './context.js';

/** `mozart validate FILE`: everything that can be known before running, all in one go. */
export async function validate(file: string, sets: readonly string[], context: Context): Promise<Ending> {
	const checked = await checkFile(file, sets, context.env);
	if ('kind' in checked) {
		if (context.json) context.out(JSON.stringify({valid: false, findings: checked.findings}));
		else sayFindings(checked.findings, checked.source, context);
		return 'usage';
	}
	const {job, loaded, warnings} = checked;
	if (context.json) {
		context.out(JSON.stringify({valid: true, findings: warnings}));
		return 'done';
	}
	sayFindings(warnings, loaded.source, context);
	const {size, total_items: totalItems, start_item: startItem} = job.batch;
	const batches =
		totalItems === undefined
			? `${size} items a batch (the items are looked up when it runs)`
			: counted(batchCount({size, totalItems, startItem}), 'batch', 'batches');
	const marked = warnings.length > 0 ? ` (${findingCount(warnings)})` : '';
	context.out(`${file}: valid${marked}: ${job.name}, ${batches}, ${counted(job.validations.length, 'rule')}`);
	return 'done';
}
