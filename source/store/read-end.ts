import {open} from 'node:fs/promises';

/** Bytes read at a time, so that a long file holds up nothing for long. */
const pieceBytes = 32 * 1024;

/** Reads a file that grows, from near its end on: each call gives what has come since the last one. */
export type EndReader = {
	/** `leftOut`: bytes at the beginning of the file that were not read; other than 0 in the first call only. */
	read(onPiece: (bytes: Buffer) => void): Promise<{leftOut: number}>;
};

/**
 * Begins at most `mostBytes` before the end of the file, with a whole line. A file that is not there has nothing in it, nor
 * has one that cannot be read: who looks at a log can do nothing about it.
 */
export function createEndReader(path: string, mostBytes: number): EndReader {
	let offset: number | undefined;
	return {
		async read(onPiece) {
			const file = await open(path, 'r').catch(() => undefined);
			if (!file) return {leftOut: 0};
			try {
				const {size} = await file.stat();
				const isFirst = offset === undefined;
				let at = offset ?? Math.max(0, size - mostBytes);
				let leftOut = isFirst ? at : 0;
				let isCut = leftOut > 0;
				while (at < size) {
					const {bytesRead, buffer} = await file.read(Buffer.alloc(Math.min(pieceBytes, size - at)), {position: at});
					if (bytesRead === 0) break;
					at += bytesRead;
					const bytes = buffer.subarray(0, bytesRead);
					const end = isCut ? bytes.indexOf(0x0a) : -1;
					if (isCut) leftOut += end < 0 ? bytesRead : end + 1;
					if (isCut && end < 0) continue;
					isCut = false;
					onPiece(bytes.subarray(end + 1));
				}
				offset = at;
				return {leftOut};
			} catch {
				return {leftOut: 0};
			} finally {
				await file.close();
			}
		},
	};
}
