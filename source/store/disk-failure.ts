import {lstatSync} from 'node:fs';

/** The system refused to read or write something below the state: no space, no permission, not a folder. */
export type DiskFailure = {
	kind: 'disk';
	/** The system's name for it, as `ENOSPC`. */
	code: string;
	path: string;
	/** One sentence with the path and what to do. */
	message: string;
};

const sentence = (code: string, path: string, raw: string): string => {
	switch (code) {
		case 'ENOSPC':
			return `No space is left on the disk that holds ${path}: free some, then run the same command again.`;
		case 'EDQUOT':
			return `Your disk quota is used up at ${path}: free some space, then run the same command again.`;
		case 'EROFS':
			return `${path} is on a read-only disk: give another workspace with --workspace.`;
		case 'EACCES':
		case 'EPERM':
			return `You may not write or read ${path}: change its owner or permissions, or give another workspace with --workspace.`;
		case 'ENOTDIR':
		case 'EEXIST':
			return `A folder is needed at ${path}, but a file is there or above it: move it away, or give another workspace with --workspace.`;
		case 'EISDIR':
			return `A file is needed at ${path}, but a folder is there: move it away, then run the same command again.`;
		case 'EIO':
			return `The disk that holds ${path} reports a hardware error (EIO): check the disk before you run again.`;
		case 'EMFILE':
		case 'ENFILE':
			return `Too many files are open to open ${path}: close some programs, or raise the limit with \`ulimit -n\`.`;
		case 'EFBIG':
			return `${path} would grow over the largest file size allowed here: raise the limit with \`ulimit -f\`.`;
		case 'EBUSY':
			return `${path} is held by another program for too long: close what has it open (a database browser?), then run the same command again.`;
		case 'ENOENT':
			return `${path} is gone: something deleted it or a folder above it.`;
		default:
			return `${path} cannot be used: ${raw}.`;
	}
};

/** The code of a system error, or undefined for any other thing thrown. */
export const errorCode = (error: unknown): string | undefined =>
	error instanceof Error && 'code' in error && 'syscall' in error && typeof error.code === 'string'
		? error.code
		: undefined;

/** The folder that stands where a file was to get a second name: the system says of it no more than that it is not permitted. */
const linkedFolder = ({syscall, path}: NodeJS.ErrnoException): string | undefined => {
	if (syscall !== 'link' || path === undefined) return undefined;
	return lstatSync(path, {throwIfNoEntry: false})?.isDirectory() ? path : undefined;
};

/** Words what the system calls `code`, where something else than the system has told of it. */
export const diskTrouble = (code: string, path: string, raw: string): DiskFailure => ({
	kind: 'disk',
	code,
	path,
	message: sentence(code, path, raw),
});

/** Words a system error about `path`. Anything that is not a system error is a bug and is thrown again. */
export const diskFailure = (error: unknown, path: string): DiskFailure => {
	const code = errorCode(error);
	if (code === undefined) throw error;
	const folder = code === 'EPERM' ? linkedFolder(error as NodeJS.ErrnoException) : undefined;
	if (folder !== undefined) return {...diskTrouble('EISDIR', folder, ''), code};
	return diskTrouble(code, path, (error as Error).message);
};
