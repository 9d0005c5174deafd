/** Lines of a file, as far as they fit. */
export type Lines = {
	bytes: Buffer;
	/** The last line among them. */
	last: number;
	/** The only line among them is longer than what fits. */
	isCut: boolean;
	/** Lines of all that was pushed. */
	total: number;
};

/** Takes the lines `start` to `end`, both included, out of bytes that come in pieces: whole lines, and at most `limit` bytes. */
export class LineWindow {
	/** The line that the next byte belongs to, and whether it has begun. */
	private line = 1;
	private isOpen = false;
	private readonly kept: Buffer[] = [];
	private size = 0;
	private whole: {bytes: number; line: number};
	private isFull = false;

	constructor(
		private readonly start: number,
		private readonly end: number,
		private readonly limit: number,
	) {
		this.whole = {bytes: 0, line: start - 1};
	}

	push(chunk: Buffer): void {
		for (let at = 0; at < chunk.length; ) {
			const newline = chunk.indexOf(10, at);
			const next = newline < 0 ? chunk.length : newline + 1;
			this.keep(chunk.subarray(at, next), newline >= 0);
			this.isOpen = newline < 0;
			if (newline >= 0) this.line += 1;
			at = next;
		}
	}

	finish(): Lines {
		const bytes = Buffer.concat(this.kept);
		const total = this.isOpen ? this.line : this.line - 1;
		if (!this.isFull) return {bytes, last: Math.min(this.end, total), isCut: false, total};
		if (this.whole.bytes === 0) return {bytes, last: this.start, isCut: true, total};
		return {bytes: bytes.subarray(0, this.whole.bytes), last: this.whole.line, isCut: false, total};
	}

	private keep(piece: Buffer, ends: boolean): void {
		if (this.isFull || this.line < this.start || this.line > this.end) return;
		const room = this.limit - this.size;
		this.isFull = piece.length > room;
		this.kept.push(Buffer.from(piece.subarray(0, room)));
		this.size += Math.min(piece.length, room);
		if (ends && !this.isFull) this.whole = {bytes: this.size, line: this.line};
	}
}
