import type {Batch, Run} from './run.js';

/**
 * All batches in order, in rows of 128, so that changing one copies two short arrays: a fact costs the same whether
 * there are 10 batches or 10,000.
 */
const rowLength = 128;

export function tableOf(batches: readonly Batch[]): Batch[][] {
	const table: Batch[][] = [];
	for (let start = 0; start < batches.length; start += rowLength) table.push(batches.slice(start, start + rowLength));
	return table;
}

/** Batch `number`, counted from 1. A number that does not exist is a bug: the caller checks `run.total`. */
export function batchAt(run: Pick<Run, 'batches'>, number: number): Batch {
	const index = number - 1;
	const batch = run.batches[Math.floor(index / rowLength)]?.[index % rowLength];
	if (!batch) throw new Error(`no such batch: ${number}`);
	return batch;
}

export function withBatch(table: Batch[][], batch: Batch): Batch[][] {
	const index = batch.number - 1;
	const row = Math.floor(index / rowLength);
	return table.with(row, table[row]!.with(index % rowLength, batch));
}

export function* allBatches(run: Pick<Run, 'batches'>): Generator<Batch> {
	for (const row of run.batches) yield* row;
}
