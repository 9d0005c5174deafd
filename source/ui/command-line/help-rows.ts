import wrapAnsi from 'wrap-ansi';
import {helpRows as keyRows} from '../help-text.js';
import {specsFor} from './commands.js';

const indent = ' '.repeat(6);

/** The whole help: keys, and below them the commands of the `:` line, a command's meaning beside it where there is room. */
export function helpRows(columns: number, isWatching = false): {keys: string; help: string}[] {
	const specs = specsFor(isWatching);
	const names = specs.map(({name, words}) => `:${[name, words].filter(Boolean).join(' ')}`);
	const width = Math.max(...names.map(name => name.length));
	const isWide = columns >= indent.length + width + 2 + 30;
	const room = Math.max(1, columns - indent.length - (isWide ? width + 2 : 2));
	const rows = specs.flatMap(({help}, index) => {
		const [first = '', ...more] = wrapAnsi(help, room, {hard: true}).split('\n');
		const name = indent + (names[index] ?? '');
		if (!isWide)
			return [{keys: name, help: ''}, ...[first, ...more].map(row => ({keys: '', help: `${indent}  ${row}`}))];
		const beside = ' '.repeat(indent.length + width);
		return [
			{keys: name.padEnd(indent.length + width), help: `  ${first}`},
			...more.map(row => ({keys: beside, help: `  ${row}`})),
		];
	});
	return [...keyRows(columns, isWatching), {keys: '', help: ''}, ...rows];
}
