import type * as z from 'zod';
import type {Row} from './journal-rows.js';
import {keptAs} from './kept-as.js';
import {type Repair, repairJournal} from './repair-journal.js';
import type {StatePaths} from './state-folder.js';
import type {StoreFailure} from './store-failure.js';

/** Makes damaged state usable, however it is kept; needs the job's lock. */
export async function repairSaved<E extends Row>(
	{journal, checkpoint, stateDb}: StatePaths,
	schema: z.ZodType<E>,
): Promise<Repair | {failure: StoreFailure}> {
	const found = await keptAs({journal, stateDb});
	if (!found.includes('sqlite') || found.includes('json')) return repairJournal(journal, {schema, checkpoint});
	return (await import('./sqlite/repair-state-db.js')).repairStateDb(stateDb, schema);
}
