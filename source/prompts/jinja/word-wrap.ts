/** Where a line may break: at white space, after hyphens between letters, at dashes. As Python's textwrap has it. */
const pieces =
	/(\s+|(?<=[\p{L}\p{N}_!"'&.,?])-{2,}(?=[\p{L}\p{N}_])|\S+?(?:-(?:(?<=[\p{L}_]{2}-)|(?<=[\p{L}_]-[\p{L}\p{N}_!"'&.,?]-))(?=[\p{L}_]-?[\p{L}_])|(?=\s|$)|(?<=[\p{L}\p{N}_!"'&.,?])(?=-{2,}[\p{L}\p{N}_])))/u;
const spaces = /(\s+)/u;

export type WrapOptions = {width: number; breakLongWords: boolean; breakOnHyphens: boolean};

/** One paragraph as lines of at most `width` characters. */
export function wrapParagraph(text: string, options: WrapOptions): string[] {
	const chunks = text.split(options.breakOnHyphens ? pieces : spaces).filter(piece => piece !== '');
	const {width} = options;
	const lines: string[] = [];
	let at = 0;
	while (at < chunks.length) {
		const line: string[] = [];
		let length = 0;
		if (lines.length > 0 && isBlank(chunks[at])) at += 1;
		for (; at < chunks.length && length + (chunks[at] ?? '').length <= width; at += 1) {
			line.push(chunks[at] ?? '');
			length += (chunks[at] ?? '').length;
		}
		const long = chunks[at] ?? '';
		if (long.length > width) {
			if (options.breakLongWords) {
				const cut = cutOf(long, width - length, options.breakOnHyphens);
				line.push(long.slice(0, cut));
				chunks[at] = long.slice(cut);
			} else if (line.length === 0) {
				line.push(long);
				at += 1;
			}
		}
		if (isBlank(line.at(-1))) line.pop();
		if (line.length > 0) lines.push(line.join(''));
	}
	return lines;
}

const isBlank = (chunk: string | undefined) => chunk !== undefined && chunk.trim() === '';

function cutOf(word: string, room: number, hyphens: boolean): number {
	const hyphen = hyphens && word.length > room && room > 0 ? word.lastIndexOf('-', room - 1) : -1;
	return hyphen > 0 && /[^-]/.test(word.slice(0, hyphen)) ? hyphen + 1 : room;
}
