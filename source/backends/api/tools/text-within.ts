import type {FileHandle} from 'node:fs/promises';

/** What a file holds: its text with a byte order mark still in it, or why that is not to be had. */
export type Content = {text: string} | {not: 'large' | 'binary'};

/** Reads a file that has at most `limit` bytes, whatever its size was said to be. What is no UTF-8 or holds NULs is binary. */
export async function textWithin(handle: FileHandle, size: number, limit: number): Promise<Content> {
	if (size > limit) return {not: 'large'};
	const chunks: Buffer[] = [];
	let total = 0;
	for (;;) {
		const buffer = Buffer.allocUnsafe(Math.min(Math.max(size - total, 0) + 1, 1024 * 1024));
		const {bytesRead} = await handle.read(buffer, 0, buffer.length);
		if (bytesRead === 0) return decoded(Buffer.concat(chunks));
		total += bytesRead;
		if (total > limit) return {not: 'large'};
		const chunk = buffer.subarray(0, bytesRead);
		if (chunk.includes(0)) return {not: 'binary'};
		chunks.push(chunk);
	}
}

function decoded(bytes: Buffer): Content {
	try {
		return {text: new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes)};
	} catch {
		return {not: 'binary'};
	}
}
