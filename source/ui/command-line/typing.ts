import type {Run} from '../../core/run.js';
import {editLine, emptyLine, type InputLine} from '../input-line.js';
import {specOf, specsFor} from './commands.js';

/** A command that is being typed. */
export type Typing = {
	line: InputLine;
	/** How far back in the history the line comes from; 0: it is new. */
	back: number;
	/** The new line, while an old one is shown. */
	draft: InputLine;
	/** Words that Tab goes through in turn, and which of them stands in the line; until another key. */
	offered?: {words: readonly string[]; at: number};
};

export const nothingTyped: Typing = {line: emptyLine, back: 0, draft: emptyLine};

const lineOf = (text: string): InputLine => editLine({text, cursor: 0}, 'end');

/** What the last word of the line can be. Only a line that is edited at its end is completed. */
export function offersFor({line}: Pick<Typing, 'line'>, run: Run, isWatching = false): readonly string[] {
	if (lineOf(line.text).cursor !== line.cursor) return [];
	const [, name = '', space = '', word = ''] = /^\s*(\S*)(\s*)(.*)$/.exec(line.text) ?? [];
	const specs = specsFor(isWatching);
	const given = specOf(name);
	const words = isWatching && given?.steers ? undefined : given?.offers?.(run);
	const all = space === '' ? specs.map(spec => spec.name) : (words ?? []);
	const begun = space === '' ? name : word;
	return all.filter(offer => offer.startsWith(begun));
}

/** The line after a key other than Enter and Escape; undefined when it is closed. `history`: the newest last. */
export function typeKey(
	typing: Typing,
	key: string,
	{run, history, isWatching}: {run: Run; history: readonly string[]; isWatching?: boolean},
): Typing | undefined {
	const {offered: _offered, ...rest} = typing;
	switch (key) {
		case 'up':
		case '^p':
			return remember(rest, typing.back + 1, history);
		case 'down':
		case '^n':
			return remember(rest, typing.back - 1, history);
		case 'tab':
			return complete(typing, run, isWatching);
		case 'backspace':
			return typing.line.text === '' ? undefined : {...rest, line: editLine(typing.line, key)};
		default:
			return {...rest, line: editLine(typing.line, key)};
	}
}

function remember(typing: Typing, back: number, history: readonly string[]): Typing {
	if (back < 0 || back > history.length) return typing;
	const draft = typing.back === 0 ? typing.line : typing.draft;
	const line = back === 0 ? draft : lineOf(history.at(-back) ?? '');
	return {line, back, draft};
}

/** The next word that is offered; a command that takes a word, and is the only one, is followed by a space. */
function complete(typing: Typing, run: Run, isWatching = false): Typing {
	const words = typing.offered?.words ?? offersFor(typing, run, isWatching);
	if (words.length === 0) return typing;
	const at = typing.offered ? (typing.offered.at + 1) % words.length : 0;
	const word = words[at] ?? '';
	const {text} = typing.line;
	const head = text.slice(0, text.length - (/\S*$/.exec(text)?.[0].length ?? 0));
	const {offered: _, ...rest} = typing;
	if (words.length > 1) return {...rest, line: lineOf(head + word), offered: {words, at}};
	const takesMore = head.trim() === '' && specOf(word)?.words !== '';
	return {...rest, line: lineOf(`${head}${word}${takesMore ? ' ' : ''}`)};
}
