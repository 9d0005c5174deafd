import {basename, dirname} from 'node:path';
import type {DiskFailure} from './disk-failure.js';

/** Why saved state cannot be read or written. `message` says what was found and which command mends it. */
export type StoreFailure =
	| DiskFailure
	/** A line in the middle of the journal is not what was once written there. */
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

export const journalNewer = (file: string, format: number): StoreFailure => ({
	kind: 'journal-newer',
	file,
	format,
	message: `${file} was written by a newer Mozart (journal format ${format}, this one knows 1): update Mozart.`,
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

export const journalAltered = (file: string, expected: number, found: number): StoreFailure => ({
	kind: 'journal-altered',
	file,
	message: `Something else changed ${file} while the run was writing it: it is ${found} bytes long, not ${expected}. The run stops here. See what is wrong with it: mozart recover ${jobOf(file)}`,
});
