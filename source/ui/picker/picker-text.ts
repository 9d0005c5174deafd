import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import {counted} from '../../headless/words.js';
import {oneLine} from '../../process/sanitize.js';
import {foldColumns} from '../theme.js';
import {type JobRow, type JobState, onEnter} from './job-row.js';

/** Widths of the columns in cells; 0 where there is no room for one. */
export type PickerColumns = {
	name: number;
	id: number;
	state: number;
	progress: number;
	age: number;
	folder: number;
	/** Only what is done is counted. */
	isShort: boolean;
};

const gap = 2;
const stateWidth = 11;
const leastFolder = 12;
/** Cells that the selection's mark takes with the sign of the state. */
export const leadWidth = 4;

const widest = (rows: readonly JobRow[], most: number, textOf: (row: JobRow) => string) =>
	Math.min(most, Math.max(0, ...rows.map(row => stringWidth(textOf(row)))));

/** Names come before folders, and the state is always there. */
export function pickerColumns(rows: readonly JobRow[], columns: number): PickerColumns {
	let room = columns - leadWidth - stateWidth;
	const take = (wanted: number, least = wanted): number => {
		const width = Math.min(wanted, room - gap);
		if (width < least || wanted === 0) return 0;
		room -= width + gap;
		return width;
	};
	const isShort = columns < foldColumns;
	const progress = take(widest(rows, 30, row => progressWords(row, isShort)));
	const id = take(
		widest(rows, 48, ({id}) => id),
		1,
	);
	const age = take(widest(rows, 12, ({age}) => age));
	const isNamed = rows.some(({id, name}) => !isToldById(id, name));
	const folder = take(
		widest(rows, 60, ({folder}) => folder),
		Math.min(
			leastFolder,
			widest(rows, 60, ({folder}) => folder),
		),
	);
	const name = isNamed ? take(widest(rows, 32, ({name}) => oneLine(name))) : 0;
	return {name, id, state: stateWidth, progress, age, folder, isShort};
}

/** The id begins with the file's name, and often that is what the job is called too. */
const isToldById = (id: string, name: string) => id.startsWith(name.toLowerCase().replace(/[^a-z0-9]+/g, '-'));

/** A row right of its signs. A folder shows its end: there it differs from others. */
export function rowWords(row: JobRow, {name, id, state, progress, age, folder, isShort}: PickerColumns): string {
	const cells = [
		cell(row.id, id),
		cell(stateWords(row), state),
		cell(progressWords(row, isShort), progress),
		cell(row.age, age),
	];
	if (name > 0) cells.splice(1, 0, cell(oneLine(row.name), name));
	if (folder > 0) cells.push(cell(row.folder, folder, 'start'));
	return cells.filter(text => text !== '').join(' '.repeat(gap));
}

function cell(text: string, width: number, position: 'end' | 'start' = 'end'): string {
	if (width === 0) return '';
	const shown = cliTruncate(text, width, {position});
	return shown + ' '.repeat(Math.max(0, width - stringWidth(shown)));
}

/** A run that stopped with work left is paused on disk: that no program is there for it is what matters here. */
function stateWords({state, owner}: JobRow): string {
	if (state === 'looking') return '…';
	return state === 'paused' && !owner ? 'stopped' : state;
}

function progressWords({counts}: JobRow, isShort: boolean): string {
	if (!counts) return '';
	const {completed, total, failed} = counts;
	return `${completed}/${total}${failed > 0 && !isShort ? ` ${failed} failed` : ''}`;
}

export const stateSigns: Record<JobState, {glyph: string; color?: string}> = {
	running: {glyph: '▶', color: 'cyan'},
	pausing: {glyph: '‖', color: 'yellow'},
	paused: {glyph: '‖', color: 'yellow'},
	stopping: {glyph: '◼', color: 'yellow'},
	completed: {glyph: '✓', color: 'green'},
	failed: {glyph: '✗', color: 'red'},
	cancelled: {glyph: '↷', color: 'magenta'},
	interrupted: {glyph: '!', color: 'yellow'},
	missing: {glyph: '?'},
	unreadable: {glyph: '?', color: 'red'},
	looking: {glyph: '·'},
};

export function titleWords(rows: readonly JobRow[]): string {
	const live = rows.filter(({owner}) => owner).length;
	return `mozart · ${counted(rows.length, 'job')}${live > 0 ? ` · ${live} live` : ''}`;
}

/** What Enter does to the selected job, and the other keys; whole words, as many as fit. */
export function pickerHint(row: JobRow | undefined, columns: number): string {
	const hints = row ? ['j k move', 'n a new job', 'q quit'] : ['n a new job', 'q quit'];
	const reply = row && onEnter(row);
	if (reply && 'open' in reply) hints.unshift(`↵ ${reply.open.how}`);
	if (reply && 'ask' in reply) hints.unshift('↵ go on or look');
	while (hints.length > 2 && hints.join(' · ').length > columns) hints.splice(-2, 1);
	return hints.join(' · ');
}

/** For who has no jobs yet. */
export const noJobs: readonly string[] = [
	'No jobs yet. A job is a small file: which AI CLI, how many items',
	'a batch, a prompt, and rules that say what a finished batch looks like.',
	'',
	'  mozart init             writes one to begin with: mozart.yaml',
	'  mozart run mozart.yaml  runs it; it is listed here from then on',
];
