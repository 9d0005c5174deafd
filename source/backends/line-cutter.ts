/** Cuts text that comes in pieces into its lines. */
export type LineCutter = {push(text: string): void /** Hands over what is left as the last line. */; end(): void};

type Listener = {
	onLine(line: string): void /** Instead of a line that is too long, with its length. */;
	onTooLong(length: number): void;
};

/** A line of more than `most` characters is dropped while it comes, so that it never has to be held. */
export function createLineCutter(most: number, {onLine, onTooLong}: Listener): LineCutter {
	let pieces: string[] = [];
	let length = 0;

	const add = (piece: string) => {
		length += piece.length;
		if (length > most) pieces = [];
		else if (piece !== '') pieces.push(piece);
	};
	const finish = () => {
		const line = pieces.join('');
		const whole = length;
		pieces = [];
		length = 0;
		if (whole > most) onTooLong(whole);
		else onLine(line);
	};

	return {
		push(text) {
			let start = 0;
			for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
				add(text.slice(start, end));
				start = end + 1;
				finish();
			}
			add(text.slice(start));
		},
		end() {
			if (length > 0) finish();
		},
	};
}
