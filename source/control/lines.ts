const newline = 0x0a;

/** A line went on for longer than any message may be. */
export class EndlessLine extends Error {}

/** The lines of a stream, without their ends; what follows the last one is dropped. Throws `EndlessLine` above so many bytes. */
export async function* linesOf(source: AsyncIterable<Buffer>, mostBytes: number): AsyncGenerator<string> {
	let open: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of source) {
		let from = 0;
		for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
			open.push(chunk.subarray(from, end));
			if (bytes + end - from > mostBytes) throw new EndlessLine();
			yield Buffer.concat(open).toString('utf8');
			open = [];
			bytes = 0;
			from = end + 1;
		}
		open.push(chunk.subarray(from));
		bytes += chunk.length - from;
		if (bytes > mostBytes) throw new EndlessLine();
	}
}
