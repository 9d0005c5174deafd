import type {Batch, Run} from '../core/run.js';

/** The batches that are others than before. Folding leaves what it does not touch as it is, so that rows are compared whole. */
export function changedBatches(before: Run, after: Run): Batch[] {
	const changed: Batch[] = [];
	for (const [index, row] of after.batches.entries()) {
		const old = before.batches[index];
		if (old === row) continue;
		for (const [place, batch] of row.entries()) if (old?.[place] !== batch) changed.push(batch);
	}
	return changed;
}
