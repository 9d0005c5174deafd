import type {KeptAs} from '../../../source/store/kept-as.js';
import {openSaved} from '../../../source/store/open-saved.js';
import {statePathsIn} from '../../../source/store/state-folder.js';
import {fact, schemas} from '../facts.js';

// Appends and saves until it is killed, and tells each number that is safe on the disk.
const [folder = '', kept] = process.argv.slice(2);
const opened = await openSaved(statePathsIn(folder), schemas, kept as KeptAs);
if ('failure' in opened) throw new Error(opened.failure.message);
const {journal, checkpoint} = opened;
for (;;) {
	const next = journal.seq + 1;
	await journal.append([fact(next), fact(next + 1), fact(next + 2, 'ü'.repeat(next % 3000))]);
	await checkpoint.save({seq: journal.seq, offset: journal.offset, state: {count: journal.seq}});
	process.stdout.write(`${journal.seq}\n`);
}
