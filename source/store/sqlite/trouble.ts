import {type DiskFailure, diskTrouble, errorCode} from '../disk-failure.js';

/** SQLite's own result codes, as far as something follows from them; the low byte of what it says. */
const codes = {busy: 5, locked: 6, readOnly: 8, io: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26};
/** Its index, which lies in shared memory, could not grow. */
const noRoomForIndex = 10 | (19 << 8);

const resultCode = (error: unknown): number | undefined =>
	error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;

/** What went wrong with a database; undefined for what SQLite or the system has not said: a bug. */
export type Trouble = 'busy' | 'damaged' | 'disk';

export function troubleOf(error: unknown): Trouble | undefined {
	if (errorCode(error) !== undefined) return 'disk';
	switch ((resultCode(error) ?? 0) & 0xff) {
		case codes.busy:
		case codes.locked:
			return 'busy';
		case codes.corrupt:
		case codes.notADatabase:
			return 'damaged';
		case codes.readOnly:
		case codes.io:
		case codes.full:
		case codes.cannotOpen:
			return 'disk';
		default:
			return undefined;
	}
}

/** Words what SQLite says of a file as the system's own error would be. Anything else is a bug and is thrown again. */
export function databaseFailure(error: unknown, file: string): DiskFailure {
	const code = errorCode(error) ?? systemCode(error);
	if (code === undefined) throw error;
	return diskTrouble(code, file, (error as Error).message);
}

function systemCode(error: unknown): string | undefined {
	const code = resultCode(error);
	if (code === undefined) return undefined;
	if (code === noRoomForIndex) return 'ENOSPC';
	switch (code & 0xff) {
		case codes.full:
			return 'ENOSPC';
		case codes.readOnly:
			return 'EROFS';
		case codes.io:
			return 'EIO';
		case codes.cannotOpen:
			return 'EACCES';
		case codes.busy:
		case codes.locked:
			return 'EBUSY';
		default:
			return undefined;
	}
}
