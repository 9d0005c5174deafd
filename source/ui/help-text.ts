import wrapAnsi from 'wrap-ansi';
import {keysFor} from './keymap.js';

const shownKeys: Record<string, string> = {
	down: '↓',
	up: '↑',
	return: '↵',
	escape: 'esc',
	pagedown: 'pgdn',
	pageup: 'pgup',
};

const keysWidth = 8;
const gap = 2;

/** The help as rows of this width, made from the keymap: the keys, and what they do in as many rows as it needs. */
export function helpRows(columns: number, isWatching = false): {keys: string; help: string}[] {
	const width = Math.max(1, columns - keysWidth - gap);
	return keysFor(isWatching).flatMap(({keys, help}) => {
		const names = keys.map(key => shownKeys[key] ?? key).join(' ');
		return wrapAnsi(help, width, {hard: true})
			.split('\n')
			.map((row, index) => ({keys: (index === 0 ? names : '').padStart(keysWidth), help: `${' '.repeat(gap)}${row}`}));
	});
}
