/** Makes text that a child printed safe to show, chunk by chunk. */
export type Stripper = {
	/** The harmless part of this chunk. A sequence that is not complete yet waits for the next chunk. */
	push(text: string): string;
};

/**
 * Where the reading stands: in plain text, in an escape sequence, in a control sequence (CSI), or in a string that the
 * terminal would take as an order (OSC, DCS, SOS, PM, APC).
 */
type State = 'text' | 'escape' | 'sequence' | 'string';

/** All that plain text may not hold: C0 but tab and newline, DEL, C1, and the marks that reorder a line for the eye. */
const special = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

const stringOpeners = new Set(['P', 'X', ']', '^', '_', '\x90', '\x98', '\x9d', '\x9e', '\x9f']);
const sequenceOpeners = new Set(['[', '\x9b']);

/**
 * A small terminal that only drops: escape sequences, other control characters and bidirectional overrides vanish. A
 * carriage return that no newline follows, and backspaces, let the text after them replace the text before. What was
 * given out already cannot be replaced: the new text then starts a line of its own. A string that is never closed ends
 * at the end of its line, so that one stray byte cannot swallow all that follows. (`util.stripVTControlCharacters`
 * knows complete sequences only, and no control characters.)
 */
export function createStripper(): Stripper {
	let state: State = 'text';
	let returned = false;
	let backspaces = 0;
	let lineGivenOut = false;

	return {
		push(text) {
			let lines = '';
			let line: string[] = [];

			const write = (run: string) => {
				const first = run.startsWith('\n') ? '' : run;
				if (first !== '' && returned) {
					if (lineGivenOut) lines += '\n';
					lineGivenOut = false;
					line = [];
				} else if (first !== '' && backspaces > 0) erase(line, backspaces);
				returned = false;
				backspaces = 0;
				const end = run.lastIndexOf('\n') + 1;
				if (end > 0) {
					lines += line.join('') + run.slice(0, end);
					line = [];
					lineGivenOut = false;
				}
				if (end < run.length) line.push(run.slice(end));
			};

			/** Reads plain text from here on; gives the place of what ends it. */
			const plain = (at: number): number => {
				special.lastIndex = at;
				const found = special.exec(text)?.index ?? text.length;
				if (found > at) write(text.slice(at, found));
				return found;
			};

			for (let at = 0; at < text.length; ) {
				if (state === 'text') {
					at = plain(at);
					if (at >= text.length) break;
				}
				const sign = text[at] ?? '';
				switch (state) {
					case 'text':
						at++;
						if (sign === '\r') returned = true;
						else if (sign === '\b') backspaces++;
						else if (sign === '\x1b') state = 'escape';
						else if (sequenceOpeners.has(sign)) state = 'sequence';
						else if (stringOpeners.has(sign)) state = 'string';
						break;
					case 'escape':
						if (sequenceOpeners.has(sign)) state = 'sequence';
						else if (stringOpeners.has(sign)) state = 'string';
						else if (sign !== '\x1b' && !(sign >= ' ' && sign <= '/')) state = 'text';
						// What cannot belong to a sequence is read again, as text.
						if (state !== 'text' || (sign >= '0' && sign <= '~')) at++;
						break;
					case 'sequence':
						if (sign >= '@' && sign <= '~') state = 'text';
						else if (!(sign >= ' ' && sign <= '?')) {
							state = 'text';
							break;
						}
						at++;
						break;
					case 'string':
						if (sign === '\x1b') state = 'escape';
						else if (sign === '\n' || sign === '\x07' || sign === '\x9c' || sign === '\x18' || sign === '\x1a')
							state = 'text';
						if (sign !== '\n') at++;
						break;
				}
			}
			if (line.length > 0) lineGivenOut = true;
			return lines + line.join('');
		},
	};
}

/** Takes so many characters from the end of a line. */
function erase(line: string[], count: number): void {
	for (let left = count; left > 0; ) {
		const run = line.pop();
		if (run === undefined) return;
		let end = run.length;
		for (; end > 0 && left > 0; left--) end -= /[\udc00-\udfff]/.test(run[end - 1] ?? '') && end > 1 ? 2 : 1;
		if (end > 0) line.push(run.slice(0, end));
	}
}

/** As `createStripper`, for a text that is whole. */
export function stripControls(text: string): string {
	return createStripper().push(text);
}

/** A name, reason or message as one harmless line: such texts may quote what a child or a file has said. */
export const oneLine = (text: string): string =>
	stripControls(text)
		.replace(/\s*\n\s*/g, ' ')
		.trim();
