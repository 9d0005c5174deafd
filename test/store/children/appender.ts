import {join} from 'node:path';
import * as z from 'zod';
import {openCheckpoint} from '../../../source/store/checkpoint.js';
import {openJournal} from '../../../source/store/journal.js';
import {fact, factSchema} from '../facts.js';

// Appends and saves until it is killed, and tells each number that is safe on the disk.
const folder = process.argv[2]!;
const checkpoint = await openCheckpoint(join(folder, 'checkpoint.json'), z.object({count: z.number()}));
const opened = await openJournal(join(folder, 'journal.jsonl'), {schema: factSchema, from: checkpoint.saved});
if ('failure' in opened) throw new Error(opened.failure.message);
const {journal} = opened;
for (;;) {
	const next = journal.seq + 1;
	await journal.append([fact(next), fact(next + 1), fact(next + 2, 'ü'.repeat(next % 3000))]);
	await checkpoint.save({seq: journal.seq, offset: journal.offset, state: {count: journal.seq}});
	process.stdout.write(`${journal.seq}\n`);
}
