import {basename, dirname} from 'node:path';
import type {DiskFailure} from './disk-failure.js';

/** Why saved state cannot be read or written. `message` says what was found and which command mends it. */
export type StoreFailure =
	| DiskFailure
	/** A line in the middle of the journal is not what was once written there; in a database `line` is the number of the fact. */
	| {kind: 'journal-damaged'; file: string; line: number; problem: string; message: string}
	/** Written by a later version of the program. */
	| {kind: 'journal-newer'; file: string; format: number; message: string}
	/** The checkpoint covers facts that the journal no longer holds. */
	| {kind: 'journal-behind'; file: string; seq: number; checkpointSeq: number; message: string}
	/** There is no journal where one must be. */
	| {kind: 'journal-missing'; file: string; message: string}
	/** Deleted, moved or replaced while it was being written. */
	| {kind: 'journal-vanished'; file: string; message: string}
	/** Something else wrote into it or cut it while it was being written. */
	| {kind: 'journal-altered'; file: string; message: string}
	/** A journal and a database are there, of which only one can be the truth. */
	| {kind: 'state-twice'; file: string; message: string}
	| {kind: 'lock-unreadable'; file: string; message: string};

/** What a failing append rejects with: the run has to stop, since what happens next could not be remembered. */
export class StoreError extends Error {
	constructor(
		readonly failure: StoreFailure,
		options?: ErrorOptions,
	) {
		super(failure.message, options);
		this.name = 'StoreError';
	}
}

/** The id of the job whose state `file` is: state lies in a folder of that name. */
const jobOf = (file: string) => basename(dirname(file));

export const journalDamaged = (file: string, line: number, problem: string): StoreFailure => ({
	kind: 'journal-damaged',
	file,
	line,
	problem,
	message: `The journal is damaged at ${file}:${line}: ${problem}. Nothing was changed. To keep everything before that line and set the damaged file aside: mozart recover ${jobOf(file)} --repair`,
});

export const databaseDamaged = (file: string, seq: number, problem: string): StoreFailure => ({
	kind: 'journal-damaged',
	file,
	line: seq,
	problem,
	message: `The state is damaged at fact ${seq} of ${file}: ${problem}. Nothing was changed. To keep everything before that fact and set the damaged file aside: mozart recover ${jobOf(file)} --repair`,
});

export const journalNewer = (file: string, format: number, known = 1): StoreFailure => ({
	kind: 'journal-newer',
	file,
	format,
	message: `${file} was written by a newer Mozart (journal format ${format}, this one knows ${known}): update Mozart.`,
});

/** Both ways of keeping the state are there, and do not tell the same. */
export const stateTwice = (journal: string, database: string): StoreFailure => ({
	kind: 'state-twice',
	file: journal,
	message: `There are two states of this job, which do not tell the same: ${journal} and ${database}. Nothing was changed. Move the one away that is not to count, then run the same command again.`,
});

export const journalBehind = (file: string, seq: number, checkpointSeq: number): StoreFailure => ({
	kind: 'journal-behind',
	file,
	seq,
	checkpointSeq,
	message: `${file} ends at fact ${seq}, but the checkpoint beside it was made at fact ${checkpointSeq}: something cut or replaced the journal. Nothing was changed. Put the journal back if you have a copy, or go back to fact ${seq}: mozart recover ${jobOf(file)} --repair`,
});

export const journalMissing = (file: string): StoreFailure => ({
	kind: 'journal-missing',
	file,
	message: `${file} is gone, while other state of this job is still there. Put it back if you have a copy, or begin anew with \`mozart run\` and --fresh, which keeps the old state aside.`,
});

export const journalVanished = (file: string): StoreFailure => ({
	kind: 'journal-vanished',
	file,
	message: `${file} was deleted or moved while the run was writing it (did a batch run \`git clean\`, or delete .mozart?). The run stops here, since it could no longer remember what it does. What the batches wrote elsewhere is untouched.`,
});

export const databaseAltered = (file: string): StoreFailure => ({
	kind: 'journal-altered',
	file,
	message: `Something else changed ${file} while the run was writing it. The run stops here. See what is wrong with it: mozart recover ${jobOf(file)}`,
});

export const journalAltered = (file: string, expected: number, found: number): StoreFailure => ({
	kind: 'journal-altered',
	file,
	message: `Something else changed ${file} while the run was writing it: it is ${found} bytes long, not ${expected}. The run stops here. See what is wrong with it: mozart recover ${jobOf(file)}`,
});
